"""Definitions that vanish from the disk, and two deployments at once."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from app.engine import api
from app.engine.definitions import specs
from app.engine.definitions.deploy import deploy
from app.engine.definitions.models import Definition
from app.kernel import clock as clocks
from app.kernel import db
from app.kernel.actor import SYSTEM
from app.kernel.clock import FrozenClock
from app.kernel.db import session
from tests.engine.diagrams import call, chain, diagram, end, start, user

pytestmark = pytest.mark.databases

DEPLOYERS = 3
TURNS = 4


def content(word: str) -> dict[str, bytes]:
    """A process and one it calls, both different for each word."""
    called = diagram(start(), user("inner", name=word), end(), chain("s", "inner", "e"), key="q")
    calls = diagram(start(), user("first", name=word), call("c", "q"), end(), chain("s", "first", "c", "e"))
    return {"p.bpmn": calls, "q.bpmn": called}


def test_a_case_goes_on_though_its_files_are_deleted(app: Flask, clock: FrozenClock, tmp_path: Path) -> None:
    folder = tmp_path / "bpmn"
    folder.mkdir()
    for name, xml in content("甲").items():
        (folder / name).write_bytes(xml)
    session.remove()
    done = app.test_cli_runner().invoke(args=["definitions", "deploy", str(folder)])
    assert done.exit_code == 0, done.output
    instance = db.run(lambda: api.start("p", data={}, actor=SYSTEM, now=clock.now()))
    shutil.rmtree(folder)
    specs.forget()  # as a process that was started after
    for element in ("first", "inner"):
        [task] = [task for view in api.list_instances() for task in api.open_tasks(view.id)]
        assert task.element_id == element
        db.run(lambda task=task: api.complete(task.id, {}, actor=SYSTEM, now=clock.now()))  # type: ignore[misc]
    assert api.get_instance(instance.id).status == "completed"
    assert api.definition_content(instance.definition_id) == content("甲")["p.bpmn"]


def test_deployments_at_once_are_each_whole_and_versions_never_twice(app: Flask) -> None:
    session.remove()
    db.db.engine.dispose()  # no connection may be shared with a child
    children = [os.fork() or in_child(n) for n in range(DEPLOYERS)]
    ended = [os.waitpid(child, 0)[1] for child in children]
    assert ended == [0] * DEPLOYERS
    rows = session.execute(sa.select(Definition.key, Definition.version, Definition.deployment_id)).all()
    wanted = list(range(1, DEPLOYERS * TURNS + 1))
    for key in ("p", "q"):
        assert sorted(row.version for row in rows if row.key == key) == wanted
    assert set(Counter(row.deployment_id for row in rows).values()) == {2}


def in_child(number: int) -> int:
    """Deploy some turns in a process of its own, which ends here."""
    try:
        for turn in range(TURNS):
            files = content(f"{number}-{turn}")
            db.run(lambda files=files: deploy(files, actor=SYSTEM, now=clocks.now()))  # type: ignore[misc]
        os._exit(0)
    finally:
        os._exit(1)
