"""Two webs, two clocks and two workers on one PostgreSQL and one Redis; one clock and one worker are killed."""

from __future__ import annotations

import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import pytest
import sqlalchemy as sa
from flask import Flask

from app.engine import api as engine
from app.engine.definitions.deploy import deploy
from app.engine.runtime.models import Incident, Instance, Timer
from app.kernel import audit, db
from app.kernel.actor import SYSTEM
from app.kernel.clock import FrozenClock
from app.kernel.db import session
from app.kernel.jobs.models import Job
from app.kernel.registry import registry
from tests.faults import counted
from tests.faults.account import problems
from tests.faults.caller import Caller
from tests.faults.people import answers, report, tokens, work_off
from tests.faults.system import System
from tests.kernel.queue import REDIS, fresh_redis
from tests.workorders.house import build

pytestmark = [
    pytest.mark.databases,
    pytest.mark.slow,
    pytest.mark.skipif(not REDIS, reason="LIGHTLINE_TEST_REDIS names no server"),
]

T = TypeVar("T")

ALL = ("web", "web2", "clock", "clock2", "worker", "worker2")
INSTANCES = 60
ORDERS = 4


@pytest.fixture
def system(app: Flask, database: str, tmp_path: Path) -> Iterator[System]:
    """Two of each, about to start."""
    if not database.startswith("postgresql"):
        pytest.skip("several machines share a server")
    found = System(database, tmp_path / "instance", broker_url=fresh_redis(), application="tests.faults.counting:app")
    yield found
    found.stop()


def test_two_of_each_do_everything_once_though_one_of_each_dies(app: Flask, clock: FrozenClock, system: System) -> None:
    house = build(clock)
    with registry.temporarily(counted.SERVICE):
        db.run(lambda: deploy({"counted.bpmn": counted.DIAGRAM}, actor=SYSTEM, now=clock.now()))
        start_instances(clock, range(INSTANCES // 2))
    given = tokens(house)
    session.remove()
    for name in ALL:
        system.start(name)
    for name in ("web", "web2"):
        system.wait_ready(name=name)
    leader = wait_for(lambda: leading(system, "web"))
    assert leading(system, "web2") == leader
    webs = [{post: Caller(system.url_of(name), token) for post, token in given.items()} for name in ("web", "web2")]
    with ThreadPoolExecutor(ORDERS) as pool:
        numbers = list(pool.map(lambda n: report(webs[n % 2]["agent"], n), range(ORDERS)))
        done = [pool.submit(work_off, number, webs[n % 2], answers(house)) for n, number in enumerate(numbers)]
        start_instances(clock, range(INSTANCES // 2, INSTANCES))
        wait_for(lambda: counts()["before"] > INSTANCES // 4)
        dead = next(name for name in ("clock", "clock2") if leader.endswith(f":{system.pid(name)}"))
        system.kill(dead)
        system.kill("worker")
        began = time.monotonic()
        follower = wait_for(lambda: other(leading(system, "web"), leader))
        assert time.monotonic() - began < 10, "another clock takes over within seconds"
        assert follower.endswith(f":{system.pid('clock2' if dead == 'clock' else 'clock')}")
        for finished in done:
            finished.result()
    wait_for(lambda: unfinished() == 0, seconds=150)  # a job that died with its worker waits for its lease
    assert not open_ends()
    assert counts() == {"before": INSTANCES, "after": INSTANCES}
    assert problems(numbers) == []
    assert used() == 2


def test_a_change_by_one_web_reaches_a_listener_at_the_other(app: Flask, clock: FrozenClock, system: System) -> None:
    given = tokens(build(clock))
    session.remove()
    for name in ("web", "web2"):
        system.start(name)
    for name in ("web", "web2"):
        system.wait_ready(name=name)
    number = report(Caller(system.url_of("web"), given["agent"]), 1)
    [task] = wait_for(lambda: tasks(system, given["dispatcher"], number))
    topic = f"task:{task}"
    since = int(time.time() * 1000)
    call = urllib.request.Request(
        f"{system.url_of('web2')}/live?topics={topic}&since={since}",
        headers={"Authorization": f"Bearer {given['dispatcher']}"},
    )
    with urllib.request.urlopen(call, timeout=20) as stream:
        time.sleep(0.5)
        Caller(system.url_of("web"), given["dispatcher"]).post(f"/api/v1/tasks/{task}/claim")
        began = time.monotonic()
        heard = next(line for line in stream if topic.encode() in line)
        assert time.monotonic() - began < 3
    assert heard


def start_instances(clock: FrozenClock, numbers: range) -> None:
    for n in numbers:
        db.run(lambda n=n: engine.start(counted.KEY, data={"n": n}, actor=SYSTEM, now=clock.now()))  # type: ignore[misc]
    session.remove()


def tasks(system: System, token: str, number: str) -> list[str]:
    found = Caller(system.url_of("web2"), token).get("/api/v1/tasks", scope="groups", key=number)["tasks"]
    return [task["id"] for task in found]


def leading(system: System, web: str) -> str | None:
    """Who leads, as a web tells."""
    try:
        with urllib.request.urlopen(f"{system.url_of(web)}/metrics", timeout=5) as answer:
            lines = answer.read().decode().splitlines()
    except OSError:
        return None
    found = [line.split('"')[1] for line in lines if line.startswith("lightline_clock_leader{")]
    return found[0] if found else None


def other(found: str | None, before: str) -> str | None:
    return found if found != before else None


def counts() -> Counter[str]:
    """How many numbers were counted by each step; a number counted twice counts as an error of its own."""
    session.rollback()
    query = sa.select(audit.AuditEntry.subject_type, audit.AuditEntry.subject_id)
    rows = Counter((step, n) for step, n in session.execute(query.where(audit.AuditEntry.action == counted.NAME)))
    assert [row for row, times in rows.items() if times > 1] == []
    return Counter(step for step, _ in rows)


def unfinished() -> int:
    session.rollback()
    running = sa.select(sa.func.count()).select_from(Instance).where(Instance.status != "completed")
    undone = sa.select(sa.func.count()).select_from(Job).where(Job.state != "done")
    return (session.scalar(running) or 0) + (session.scalar(undone) or 0)


def open_ends() -> list[object]:
    session.rollback()
    return [*session.scalars(sa.select(Timer.id)), *session.scalars(sa.select(Incident.id))]


def used() -> int:
    """How many processes did the counting."""
    session.rollback()
    query = sa.select(audit.AuditEntry.details).where(audit.AuditEntry.action == counted.NAME)
    return len({details["pid"] for details in session.scalars(query)})


def wait_for(condition: Callable[[], T | None], *, seconds: float = 60) -> T:
    """What the condition gives once it is true."""
    until = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < until, "waited too long"
        time.sleep(0.1)
    return found
