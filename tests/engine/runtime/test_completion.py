"""Completing tasks: who was first, what is refused, what it costs."""

from __future__ import annotations

import threading
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event

from app.engine import api
from app.engine.runtime.variables import InvalidData
from app.kernel import db
from app.kernel.db import session
from tests.engine.diagrams import chain, diagram, end, gateway, script, start, user
from tests.engine.runtime.driving import NOBODY, Driver

pytestmark = pytest.mark.databases

LINE = diagram(start(), user("one", camunda_candidateGroups="a,b"), user("two"), end(), chain("s", "one", "two", "e"))
BOTH = diagram(
    start(),
    gateway("split", "parallel"),
    user("left"),
    user("right"),
    gateway("join", "parallel"),
    script("sum", "total = l + r"),
    user("last"),
    end(),
    chain("s", "split", "left", "join", "sum", "last", "e"),
    chain("split", "right", "join"),
)


def test_a_task_completed_twice_tells_who_and_when(drive: Driver) -> None:
    drive.deploy(p=LINE)
    instance = drive.start()
    task = drive.task(instance.id, "one")
    drive.complete(instance.id, "one")
    with pytest.raises(api.TaskAlreadyCompleted) as refused:
        drive.do(lambda: api.complete(task.id, {}, actor=NOBODY, now=drive.now))
    assert refused.value.details["by"] == "tester"
    assert refused.value.details["at"] == drive.now.isoformat()


def test_an_unknown_task_is_refused(drive: Driver) -> None:
    with pytest.raises(api.TaskNotFound):
        drive.do(lambda: api.complete("nowhere", {}, actor=NOBODY, now=drive.now))


def test_data_that_json_cannot_carry_is_refused_and_changes_nothing(drive: Driver) -> None:
    drive.deploy(p=LINE)
    instance = drive.start()
    with pytest.raises(InvalidData):
        drive.complete(instance.id, "one", x=float("nan"))
    assert drive.tasks(instance.id) == ["one"]


def test_branches_run_beside_each_other_and_meet(drive: Driver) -> None:
    drive.deploy(p=BOTH)
    instance = drive.start(data={"l": 0, "r": 0})
    assert drive.tasks(instance.id) == ["left", "right"]
    drive.complete(instance.id, "left", l=1)
    assert drive.tasks(instance.id) == ["right"]
    drive.complete(instance.id, "right", r=2)
    assert api.variables(instance.id)["total"] == 3


def test_two_threads_complete_one_task_and_one_wins(app: Flask, drive: Driver) -> None:
    drive.deploy(p=LINE)
    instance = drive.start()
    task = drive.task(instance.id, "one")
    session.remove()
    outcomes = _in_threads(app, 4, lambda: api.complete(task.id, {}, actor=NOBODY, now=drive.now))
    assert sorted(outcomes) == ["TaskAlreadyCompleted"] * 3 + ["done"]
    assert drive.tasks(instance.id) == ["two"]


def test_two_threads_complete_two_tasks_of_one_instance(app: Flask, drive: Driver) -> None:
    drive.deploy(p=BOTH)
    instance = drive.start(data={"l": 0, "r": 0})
    works = [
        lambda name=name, value=value: api.complete(
            drive.task(instance.id, name).id, {value: 5}, actor=NOBODY, now=drive.now
        )
        for name, value in (("left", "l"), ("right", "r"))
    ]
    session.remove()
    assert _in_threads(app, 2, *works) == ["done", "done"]
    assert api.variables(instance.id)["total"] == 10


def test_completing_costs_at_most_twelve_statements_and_one_commit(drive: Driver) -> None:
    drive.deploy(p=LINE)
    instance = drive.start()
    task = drive.task(instance.id, "one")
    with _Counter() as counter:
        drive.do(lambda: api.complete(task.id, {"a": 1}, actor=NOBODY, now=drive.now))
    assert counter.commits == 1
    assert len(counter.statements) <= 12, "\n".join(counter.statements)


class _Counter:
    """Counts what reaches the database."""

    def __enter__(self) -> _Counter:
        self.statements: list[str] = []
        self.commits = 0
        event.listen(db.db.engine, "before_cursor_execute", self._statement)
        event.listen(db.db.engine, "commit", self._commit)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(db.db.engine, "before_cursor_execute", self._statement)
        event.remove(db.db.engine, "commit", self._commit)

    def _statement(self, _conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            self.statements.append(" ".join(statement.split())[:120])

    def _commit(self, _conn: Any) -> None:
        self.commits += 1


def _in_threads(app: Flask, count: int, *works: Any) -> list[str]:
    outcomes: list[str] = []
    ready = threading.Barrier(count)

    def one(work: Any) -> None:
        with app.app_context():
            ready.wait()
            try:
                db.run(work)
                outcomes.append("done")
            except Exception as exc:
                outcomes.append(type(exc).__name__)
            finally:
                session.remove()

    threads = [threading.Thread(target=one, args=(works[index % len(works)],)) for index in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return outcomes


def test_the_revision_rises_with_each_command(drive: Driver) -> None:
    drive.deploy(p=LINE)
    instance = drive.start()
    before = session.scalar(sa.select(api.Instance.revision).where(api.Instance.id == instance.id))
    drive.complete(instance.id, "one")
    session.rollback()
    assert session.scalar(sa.select(api.Instance.revision).where(api.Instance.id == instance.id)) == before + 1
