"""A process that dies, or loses its database, before any one SQL statement of its work: nothing lost, nothing twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.engine import api
from app.engine.runtime.models import ActivityHistory
from app.kernel import audit, db, jobs
from app.kernel.actor import SYSTEM
from app.kernel.clock import FrozenClock
from app.kernel.db import session
from app.kernel.jobs.claims import LEASE
from app.kernel.jobs.models import Job
from app.kernel.registry import JobKind, Service, ServiceContext, registry
from tests.engine.diagrams import catch, chain, diagram, end, service, start, timer, user
from tests.engine.runtime.driving import Driver
from tests.faults.dying import Died, failing_before, lost, reached

pytestmark = pytest.mark.databases

MOST = 80
"""More statements than one job has."""

FAILURES = [pytest.param(Died, id="process"), pytest.param(lost, id="database")]

WORK = diagram(
    start(),
    service("step", "t.step", external=True),
    catch("wait", timer("PT1H")),
    user("after"),
    end(),
    chain("s", "step", "wait", "after", "e"),
)


def note(context: ServiceContext) -> dict[str, int]:
    """Effects of three kinds: a row, a job of its own, a variable."""
    audit.record("t.step", actor=SYSTEM, now=context.now, subject_type="t", subject_id=context.instance_id)
    jobs.enqueue("t.told", {"instance": context.instance_id}, now=context.now)
    return {"noted": context.data.get("noted", 0) + 1}


def told(payload: Mapping[str, Any], now: datetime) -> None:
    audit.record("t.told", actor=SYSTEM, now=now, subject_type="t", subject_id=payload["instance"])


@pytest.fixture
def drive(app: Flask, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch) -> Driver:
    """Deploys and drives; with the service and the job that leave their rows."""
    monkeypatch.setitem(registry.services, "t.step", Service("t.step", "", "", note))
    monkeypatch.setitem(registry.jobs, "t.told", JobKind("t.told", told))
    driver = Driver(clock)
    driver.deploy(p=WORK)
    return driver


def rows(action: str) -> list[str]:
    session.rollback()
    query = sa.select(audit.AuditEntry.subject_id).where(audit.AuditEntry.action == action)
    return list(session.scalars(query.order_by(audit.AuditEntry.id)))


def through_all_statements(
    failure: Callable[[], BaseException], begin: Callable[[], str], work: Callable[[], object]
) -> list[str]:
    """The cases begun: each failed before statement 0, 1, 2 … of `work`, and the last had no such statement."""
    begun: list[str] = []
    for number in range(MOST):
        begun.append(begin())
        with failing_before(number, failure) as said:
            try:
                work()
            except (Died, sa.exc.OperationalError):
                session.rollback()
        if not reached(said):
            return begun
    raise AssertionError(f"more than {MOST} statements")


@pytest.mark.parametrize("failure", FAILURES)
def test_a_job_that_dies_at_any_statement(drive: Driver, failure: Callable[[], BaseException]) -> None:
    """The claim, the service, its effects, the step's end, the job's end and the commit."""
    begun = through_all_statements(failure, lambda: drive.start().id, lambda: jobs.run_due(drive.now, limit=1))
    assert len(begun) > 15, "the failure should have come at many places"
    for _ in range(3):  # leases run out, attempts wait longer
        drive.clock.advance(LEASE * 2)
        jobs.run_due(drive.now, limit=1000)
    assert sorted(rows("t.step")) == sorted(rows("t.told")) == sorted(begun)
    assert [api.variables(one)["noted"] for one in begun] == [1] * len(begun)
    assert {job.state for job in session.scalars(sa.select(Job))} == {"done"}
    assert api.list_incidents() == []


@pytest.mark.parametrize("failure", FAILURES)
def test_a_timer_that_dies_at_any_statement(drive: Driver, failure: Callable[[], BaseException]) -> None:
    def waiting() -> str:
        one = drive.start().id
        jobs.run_due(drive.now, limit=100)
        drive.clock.advance(timedelta(hours=1))
        return one

    begun = through_all_statements(failure, waiting, lambda: api.fire_timers(drive.now, limit=1))
    assert len(begun) > 8
    api.fire_timers(drive.clock.advance(timedelta(hours=1)), limit=1000)
    assert [drive.tasks(one) for one in begun] == [["after"]] * len(begun)
    passed = sa.select(sa.func.count()).select_from(ActivityHistory).where(ActivityHistory.element_id == "wait")
    assert session.scalar(passed) == len(begun)


@pytest.mark.parametrize("failure", FAILURES)
def test_a_completion_that_dies_at_any_statement(drive: Driver, failure: Callable[[], BaseException]) -> None:
    """Whoever asked gets no answer, asks again, and the task is completed once."""

    def at_task() -> str:
        one = drive.start().id
        jobs.run_due(drive.now, limit=100)
        api.fire_timers(drive.clock.advance(timedelta(hours=1)))
        task: str = drive.task(one, "after").id
        session.rollback()
        return task

    asked: list[str] = []

    def begin() -> str:
        asked.append(at_task())
        return asked[-1]

    def complete() -> None:
        task = asked[-1]
        db.run(lambda: api.complete(task, {"answer": 42}, actor=SYSTEM, now=drive.now))

    begun = through_all_statements(failure, begin, complete)
    assert len(begun) > 5
    assert [api.get_task(task).state for task in begun[:-1]] == ["open"] * (len(begun) - 1)
    for task in begun[:-1]:
        db.run(lambda task=task: api.complete(task, {"answer": 42}, actor=SYSTEM, now=drive.now))  # type: ignore[misc]
    assert {view.status for view in api.list_instances(limit=1000)} == {"completed"}
    passed = sa.select(sa.func.count()).select_from(ActivityHistory).where(ActivityHistory.element_id == "after")
    assert session.scalar(passed) == len(begun)
