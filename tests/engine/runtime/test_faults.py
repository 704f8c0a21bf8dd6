"""Lost races, nested commands, and processes killed between any two steps."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from app.engine import api
from app.engine.runtime.models import ActivityHistory
from app.engine.runtime.run.active import RunawayCommands
from app.kernel import jobs
from app.kernel.db import session
from app.kernel.registry import Service, ServiceContext, registry
from tests.engine.diagrams import (
    catch,
    chain,
    diagram,
    end,
    extensions,
    gateway,
    message,
    on_message,
    service,
    start,
    throw,
    timer,
    user,
)
from tests.engine.runtime.driving import NOBODY, Driver

pytestmark = pytest.mark.databases

LINE = diagram(start(), user("one"), user("two"), end(), chain("s", "one", "two", "e"))


def test_a_lost_race_is_run_again_without_anybody_noticing(drive: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another writer raises the revision while a command is at work."""
    drive.deploy(p=LINE)
    instance = drive.start()
    task = drive.task(instance.id, "one")
    attempts: list[int] = []

    def complete() -> api.Completed:
        attempts.append(1)
        done_before = len(attempts) == 1
        row = session.get(api.Instance, task.instance_id)
        assert row is not None
        if done_before:  # what another transaction would have committed since the row was read
            mine = api.Instance.id == instance.id
            statement = sa.update(api.Instance).where(mine).values(revision=api.Instance.revision + 1)
            session.execute(statement, execution_options={"synchronize_session": False})
        return api.complete(task.id, {}, actor=NOBODY, now=drive.now)

    assert drive.do(complete).next_tasks[0].element_id == "two"
    assert len(attempts) == 2


def test_a_service_may_complete_a_task_of_its_own_instance(drive: Driver) -> None:
    def handler(context: ServiceContext) -> None:
        (task,) = api.open_tasks(context.instance_id)
        assert api.complete(task.id, {"by": "service"}, actor=context.actor, now=context.now).queued

    xml = diagram(
        start(),
        gateway("split", "parallel"),
        user("side"),
        user("go"),
        service("finish", "t.finish"),
        user("last"),
        end(),
        chain("s", "split", "side", "e"),
        chain("split", "go", "finish", "last", "e"),
    )
    with registry.temporarily(Service("t.finish", "", "", handler, inline=True)):
        drive.deploy(p=xml)
        instance = drive.start()
        side = drive.task(instance.id, "side")
        drive.complete(instance.id, "go")
    assert drive.tasks(instance.id) == ["last"]
    assert api.get_task(side.id).state == "done"
    assert api.variables(instance.id)["by"] == "service"


def test_instances_that_chase_each_other_for_ever_are_stopped(drive: Driver) -> None:
    to_other = extensions(properties={"correlation": "n=${other}"})
    to_me = extensions(properties={"correlation": "n=${me}"})
    xml = diagram(
        start(),
        user("go"),
        gateway("again"),
        throw("ping", to_other, on_message("m")),
        catch("pong", to_me, on_message("m")),
        end(),
        chain("s", "go", "again", "ping", "pong", "again"),
        before=message("m", "ball"),
    )
    waits = diagram(
        start(),
        gateway("again"),
        catch("pong", to_me, on_message("m")),
        throw("ping", to_other, on_message("m")),
        end(),
        chain("s", "again", "pong", "ping", "again"),
        before=message("m", "ball"),
        key="q",
    )
    drive.deploy(p=xml, q=waits)
    drive.start("q", data={"me": 2, "other": 1})
    first = drive.start(data={"me": 1, "other": 2})
    with pytest.raises(RunawayCommands):
        drive.complete(first.id, "go")
    assert drive.tasks(first.id) == ["go"]


PROGRAM = """
import sys
from datetime import datetime
from pathlib import Path
from app import create_app
from app.kernel import db, jobs
from app.kernel.registry import registry
from app.engine import api

url, folder, now = sys.argv[1], Path(sys.argv[2]), datetime.fromisoformat(sys.argv[3])

@registry.service("t.note", title="", title_en="", inline=True)
def note(context):
    return {"noted": context.data.get("noted", 0) + 1}

with create_app(settings_for(url, folder)).app_context():
    print("ready", flush=True)
    while True:
        api.fire_timers(now, limit=1)
        jobs.run_due(now, limit=1)
"""


def test_a_killed_clock_loses_nothing_and_does_nothing_twice(app: Flask, drive: Driver, tmp_path: Path) -> None:
    """Timers, then jobs, of many instances; the process is killed again and again in the middle of them."""
    xml = diagram(
        start(),
        catch("wait", timer("PT1M")),
        service("note", "t.note", external=True),
        user("after"),
        end(),
        chain("s", "wait", "note", "after", "e"),
    )
    with registry.temporarily(Service("t.note", "", "", lambda context: {"noted": 1}, inline=True)):
        drive.deploy(p=xml)
        instances = [drive.start().id for _ in range(25)]
    session.remove()
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    for lived in (0.05, 0.15, 0.1, 0.2, 0.1):
        later = drive.clock.advance(timedelta(minutes=5))  # past the leases of who was killed
        process = _clock(url, tmp_path, later.isoformat())
        time.sleep(lived)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    with registry.temporarily(Service("t.note", "", "", _note, inline=True)):
        later = drive.clock.advance(timedelta(minutes=5))
        api.fire_timers(later)
        jobs.run_due(later)
    assert [drive.tasks(instance_id) for instance_id in instances] == [["after"]] * len(instances)
    assert [api.variables(instance_id)["noted"] for instance_id in instances] == [1] * len(instances)
    passed = sa.select(sa.func.count()).select_from(ActivityHistory).where(ActivityHistory.element_id == "note")
    assert session.scalar(passed) == len(instances)


def _note(context: ServiceContext) -> dict[str, int]:
    return {"noted": context.data.get("noted", 0) + 1}


def _clock(url: str, folder: Path, now: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", PROGRAM, url, str(folder), now]
    root = Path(__file__).parents[3]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root)
    assert process.stdout is not None
    for line in process.stdout:
        if line.strip() == "ready":
            break
    process.stdout.close()
    return process
