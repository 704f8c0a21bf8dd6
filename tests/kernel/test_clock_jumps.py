"""The machine's clock put forward and back by hours: sweeps, leases and jobs go on."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from types import SimpleNamespace

import pytest
from flask import Flask

from app.kernel import jobs
from app.kernel import worker as clock_process
from app.kernel.clock import FrozenClock
from app.kernel.jobs import claims
from app.kernel.jobs.claims import LEASE
from app.kernel.jobs.pool import JobPool
from app.kernel.registry import JobKind, Sweep, registry
from app.kernel.worker import Worker
from tests.kernel.test_faults import wait_for
from tests.kernel.test_jobs import enqueue, leave_mark, marks, row, state

HOURS = timedelta(hours=3)


@pytest.fixture
def mark(monkeypatch: pytest.MonkeyPatch) -> str:
    """A kind of job that leaves a mark."""
    monkeypatch.setitem(registry.jobs, "mark", JobKind("mark", leave_mark))
    return "mark"


@pytest.fixture
def put(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Puts the machine's clock on or back, as the scheduler and the clock process see it."""
    moved = [timedelta()]

    class Moved(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime.now(tz) + moved[0]

    seen = SimpleNamespace(time=lambda: time.time() + moved[0].total_seconds(), monotonic=time.monotonic)
    monkeypatch.setattr("apscheduler.schedulers.base.datetime", Moved)
    monkeypatch.setattr(clock_process, "datetime", Moved)
    monkeypatch.setattr(clock_process, "time", seen)

    def put(by: timedelta) -> None:
        moved[0] += by

    return put


@pytest.mark.parametrize("by", [HOURS, -HOURS])
def test_sweeps_keep_their_rhythm(
    app: Flask, put: Callable[[timedelta], None], monkeypatch: pytest.MonkeyPatch, by: timedelta
) -> None:
    seen: list[datetime] = []
    every = timedelta(seconds=0.1)
    monkeypatch.setattr(registry, "sweeps", {"look": Sweep("look", every, lambda now: seen.append(now) or 0)})  # type: ignore[func-returns-value]
    monkeypatch.setattr(clock_process, "ELECTION", 0.2)
    worker = Worker(app)
    worker.start()
    try:
        wait_for(lambda: len(seen) > 2)
        put(by)
        before = len(seen)
        wait_for(lambda: len(seen) > before + 5)
    finally:
        worker.stop()


@pytest.mark.databases
def test_the_job_of_a_dead_runner_does_not_wait_for_the_old_time(app: Flask, clock: FrozenClock, mark: str) -> None:
    job = enqueue(mark)
    claims.claim(clock.now(), limit=1, owner="dies")
    clock.advance(-HOURS)
    job_after = enqueue(mark, 2)
    assert jobs.run_due(clock.now()) == 2
    assert (state(job), state(job_after), sorted(marks())) == ("done", "done", ["1", "2"])


@pytest.mark.databases
def test_a_lease_is_not_taken_for_an_old_one_while_clocks_differ_a_little(
    app: Flask, clock: FrozenClock, mark: str
) -> None:
    enqueue(mark)
    claims.claim(clock.now(), limit=1, owner="ahead")
    assert jobs.run_due(clock.now() - LEASE / 2) == 0


@pytest.mark.parametrize("by", [HOURS, -HOURS])
def test_a_runner_at_work_keeps_its_job(app: Flask, clock: FrozenClock, mark: str, by: timedelta) -> None:
    job = enqueue(mark)
    pool = JobPool(app, 1)
    [held] = claims.claim(clock.now(), limit=1, owner=pool._owner)
    pool._running.add(None)  # type: ignore[arg-type]  # a thread is at work
    pool.keep(clock.now())
    clock.advance(by)
    pool.keep(clock.now())
    assert row(job).lease_until == clock.now() + LEASE
    assert jobs.run_due(clock.now()) == 0
    assert row(job).lease_owner == held.owner
    pool._running.clear()
    pool.close()
