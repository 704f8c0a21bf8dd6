"""What retention removes of ended cases, what it leaves, and that the figures stay."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.engine import api
from app.engine.decisions.models import DecisionHistory
from app.engine.runtime.models import ActivityHistory, Incident, Instance, Message, OperationLog, Task, TaskCandidate
from app.engine.statistics import rebuilding
from app.kernel import db
from app.kernel.actor import SYSTEM
from app.kernel.clock import FrozenClock
from app.kernel.db import session
from app.kernel.retention import rules, sweeping
from tests.engine.diagrams import chain, diagram, end, script, start, user
from tests.engine.runtime.driving import NOBODY, Driver

pytestmark = pytest.mark.databases

DIAGRAM = diagram(
    start(), user("a", camunda_candidateGroups="crew"), script("sum", "total = n + 1"), user("b"), end(),
    chain("s", "a", "sum", "b", "e"),
)  # fmt: skip
DAY = timedelta(days=1)


@pytest.fixture
def drive(app: Flask, clock: FrozenClock) -> Driver:
    drive = Driver(clock)
    drive.deploy(p=DIAGRAM)
    return drive


def keep(drive: Driver, process: str = "", **days: int | None) -> None:
    for kind, number in days.items():
        drive.do(
            lambda kind=kind, number=number: rules.set_rule(  # type: ignore[misc]
                kind, process_key=process, days=number, reason="x", actor=NOBODY, now=drive.now
            )
        )


def end_one(drive: Driver) -> str:
    """A case with an incident that was terminated."""
    case = drive.start(data={}).id
    drive.complete(case, "a")
    drive.do(lambda: api.terminate(case, reason="x", actor=NOBODY, now=drive.now))
    return case


def count(model: Any) -> int:
    db.session.remove()
    return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def figures() -> list[tuple[str, int, int, int]]:
    db.session.remove()
    return [(one.element_id, one.started, one.completed, one.cancelled) for one in api.element_statistics("p")]


def test_an_ended_case_goes_part_by_part_and_its_figures_stay(drive: Driver) -> None:
    ended, running = end_one(drive), drive.start(data={"n": 1}).id
    drive.complete(running, "a")
    shown, before = figures(), api.history(running)
    keep(drive, activity=10, operation=20, state=30, case=40)
    sweeping.sweep(drive.clock.advance(11 * DAY))
    assert api.history(ended) == []
    assert api.variables(ended) == {}  # terminated: nothing stands any more
    assert len(api.operations(ended)) > 0
    sweeping.sweep(drive.clock.advance(10 * DAY))
    assert api.operations(ended) == []
    sweeping.sweep(drive.clock.advance(10 * DAY))
    assert not session.scalar(sa.select(Instance.state).where(Instance.id == ended))
    assert (api.variables(ended), api.waiting(ended), api.tokens(ended)) == ({}, [], [])
    sweeping.sweep(drive.clock.advance(10 * DAY))
    with pytest.raises(api.InstanceNotFound):
        api.get_instance(ended)
    assert [count(model) for model in (Instance, Incident)] == [1, 0]
    assert figures() == shown
    db.run(rebuilding.rebuild)
    assert figures() == shown
    assert [one.element_id for one in api.history(running)] == [one.element_id for one in before]
    drive.complete(running, "b")
    assert drive.status(running) == "completed"


def test_nothing_of_a_running_case_is_over_whatever_its_age(drive: Driver) -> None:
    case = drive.start(data={}).id
    drive.complete(case, "a")
    models = (ActivityHistory, OperationLog, Instance, Task, TaskCandidate, Incident)
    before = [count(model) for model in models]
    keep(drive, activity=1, operation=1, decision=1, state=1, case=1, message=1)
    drive.do(lambda: api.suspend(case, reason="x", actor=NOBODY, now=drive.now))
    before[1] += 1
    assert sweeping.sweep(drive.clock.advance(5000 * DAY)) == 0
    assert [count(model) for model in models] == before


def test_a_case_stays_as_long_as_one_it_started_runs(drive: Driver) -> None:
    parent, child = end_one(drive), drive.start(data={}).id
    drive.do(lambda: session.execute(sa.update(Instance).where(Instance.id == child).values(parent_id=parent)))
    keep(drive, case=1)
    assert sweeping.sweep(drive.clock.advance(5 * DAY)) == 0
    drive.do(lambda: api.terminate(child, reason="x", actor=NOBODY, now=drive.now))
    assert sweeping.sweep(drive.clock.advance(5 * DAY)) == 2
    assert count(Instance) == 0


def test_days_may_differ_by_process(drive: Driver) -> None:
    drive.deploy(q=DIAGRAM.replace(b'id="p"', b'id="q"'))
    end_one(drive)
    other = drive.start("q").id
    drive.do(lambda: api.terminate(other, reason="x", actor=NOBODY, now=drive.now))
    keep(drive, case=None)
    keep(drive, "q", case=5)
    sweeping.sweep(drive.clock.advance(10 * DAY))
    assert [one.process_key for one in api.list_instances()] == ["p"]


def test_delivered_messages_and_lone_decisions_go_waiting_ones_stay(drive: Driver) -> None:
    drive.do(lambda: api.publish("nobody", correlation={"business_key": "1"}, key="k1", actor=SYSTEM, now=drive.now))
    drive.do(
        lambda: api.publish(
            "nobody", correlation={"business_key": "1"}, key="k2", ttl=9000 * DAY, actor=SYSTEM, now=drive.now
        )
    )
    lone = {"decision_key": "d", "version": 1, "definition_id": "x", "inputs": {}, "result": 1, "rules": []}
    drive.do(lambda: session.add(DecisionHistory(**lone, at=drive.now)))
    sweeping.sweep(drive.clock.advance(5000 * DAY))
    assert session.scalars(sa.select(Message.key)).all() == ["k2"]
    assert count(DecisionHistory) == 0
