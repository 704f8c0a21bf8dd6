"""Processes that die and databases that go away: nothing is lost, nothing happens twice."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.kernel import clock, db, jobs
from app.kernel.clock import FrozenClock
from app.kernel.jobs import claims, runner
from app.kernel.jobs.models import Job
from app.kernel.registry import JobKind, Sweep, registry
from app.kernel.worker import Worker
from tests.kernel.test_jobs import enqueue, leave_mark, marks, state

pytestmark = pytest.mark.databases


def die(*_: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.fixture
def mark(monkeypatch: pytest.MonkeyPatch) -> str:
    """A kind of job that leaves a mark."""
    monkeypatch.setitem(registry.jobs, "mark", JobKind("mark", leave_mark))
    return "mark"


def handle_and_die(payload: Any, now: datetime) -> None:
    leave_mark(payload, now)
    db.session.flush()
    die()


def at_the_claim(monkeypatch: pytest.MonkeyPatch) -> None:
    """Claimed, not begun."""
    monkeypatch.setattr(runner, "execute", die)


def in_the_handler(monkeypatch: pytest.MonkeyPatch) -> None:
    """The effect is written, not committed."""
    monkeypatch.setitem(registry.jobs, "mark", JobKind("mark", handle_and_die))


def before_the_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything is written, the commit begins."""
    finish = runner._finish

    def finish_and_die(*args: Any) -> None:
        finish(*args)
        db.session.flush()
        die()

    monkeypatch.setattr(runner, "_finish", finish_and_die)


def after_the_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Done, and nobody was told."""
    run = db.run

    def run_and_die(work: Callable[[], Any], **options: Any) -> None:
        done = run(work, **options)
        if done is True:  # the handler's transaction, not the claim's
            die()
        return done

    monkeypatch.setattr(db, "run", run_and_die)


@pytest.mark.parametrize("moment", [at_the_claim, in_the_handler, before_the_commit, after_the_commit])
def test_a_runner_killed_at_any_moment_loses_and_repeats_nothing(
    app: Flask, clock: FrozenClock, mark: str, moment: Callable[[pytest.MonkeyPatch], None]
) -> None:
    job = enqueue(mark)
    run_in_a_child_that_dies(moment)
    jobs.run_due(clock.now())
    clock.advance(claims.LEASE)
    jobs.run_due(clock.now())
    assert (marks(), state(job)) == (["1"], "done")


def run_in_a_child_that_dies(moment: Callable[[pytest.MonkeyPatch], None]) -> None:
    """Run due jobs in a forked process that kills itself at the moment."""
    db.session.remove()
    db.db.engine.dispose()  # no connection may be shared with the child
    child = os.fork()
    if child == 0:
        try:
            moment(pytest.MonkeyPatch())
            jobs.run_due(clock.now())
        finally:
            os._exit(1)
    _pid, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "the child should have died at the moment"


def cut_connections() -> None:
    """End every connection to the database but this one, as a restart of the server does."""
    engine = sa.create_engine(db.db.engine.url)
    with engine.connect() as connection:
        others = (
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> {}"
        )
        connection.exec_driver_sql(others.format("pg_backend_pid()"))
    engine.dispose()


@pytest.fixture
def idle_worker(app: Flask, mark: str, monkeypatch: pytest.MonkeyPatch) -> Worker:
    """The clock with the sweep of jobs only."""
    quick = Sweep("jobs", registry.sweeps["jobs"].every / 10, registry.sweeps["jobs"].run)
    monkeypatch.setattr(registry, "sweeps", {"jobs": quick})
    return Worker(app)


@pytest.fixture
def worker(idle_worker: Worker) -> Iterator[Worker]:
    """The clock, running."""
    idle_worker.start()
    yield idle_worker
    idle_worker.stop()


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 15
    while not condition():
        assert time.monotonic() < until, "waited too long"
        time.sleep(0.05)


def test_the_clock_works_off_jobs_on_its_threads(app: Flask, worker: Worker) -> None:
    for n in range(30):
        enqueue("mark", n)
    wait_for(lambda: len(marks()) == 30)
    assert sorted(marks(), key=int) == [str(n) for n in range(30)]


def test_a_stopping_clock_ends_what_it_began(app: Flask, idle_worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow_effect(*_: Any) -> None:
        begun.set()
        go_on.wait(10)

    monkeypatch.setitem(registry.jobs, "slow", JobKind("slow", leave_mark, effect=slow_effect))
    job = enqueue("slow")
    idle_worker.start()
    assert begun.wait(10)
    threading.Timer(0.2, go_on.set).start()
    idle_worker.stop()
    assert (marks(), state(job)) == (["1"], "done")


def test_a_clock_without_its_database_still_stops(app: Flask, idle_worker: Worker, database: str) -> None:
    if database.startswith("postgresql"):
        pytest.skip("shown by a file")
    idle_worker.start()
    db.run(lambda: db.session.execute(sa.text("ALTER TABLE job RENAME TO gone")))
    idle_worker.stop()


def test_the_clock_survives_a_database_that_goes_away(app: Flask, database: str, worker: Worker) -> None:
    if not database.startswith("postgresql"):
        pytest.skip("a file does not go away")
    first = enqueue("mark", 1)
    wait_for(lambda: state(first) == "done")
    db.session.remove()
    cut_connections()
    second = enqueue("mark", 2)
    wait_for(lambda: state(second) == "done")
    assert marks() == ["1", "2"]


def test_requests_go_on_after_the_database_was_away(app: Flask, database: str) -> None:
    if not database.startswith("postgresql"):
        pytest.skip("a file does not go away")
    client = app.test_client()
    assert client.get("/readyz").json["checks"]["database"] == "ok"  # type: ignore[index]
    db.session.remove()
    cut_connections()
    assert client.get("/readyz").json["checks"]["database"] == "ok"  # type: ignore[index]


def test_a_transaction_cut_in_the_middle_leaves_nothing_and_the_next_one_works(
    app: Flask, database: str, mark: str
) -> None:
    if not database.startswith("postgresql"):
        pytest.skip("a file does not go away")

    def interrupted() -> None:
        jobs.enqueue(mark, {"n": 1}, now=clock.now())
        db.session.flush()
        cut_connections()
        db.session.execute(sa.select(Job.id))

    with pytest.raises(sa.exc.DBAPIError):
        db.run(interrupted)
    enqueue(mark, 2)
    jobs.run_due(clock.now())
    assert marks() == ["2"]
