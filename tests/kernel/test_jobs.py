"""The outbox: what runs, how often, in which transaction, and what happens when it fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.kernel import audit, clock, correlation, db, jobs, live
from app.kernel.actor import Actor
from app.kernel.clock import FrozenClock
from app.kernel.jobs import claims, runner
from app.kernel.jobs.models import Job
from app.kernel.registry import JobKind, UnknownName, registry
from app.kernel.retention import sweeping
from tests.kernel.queue import WAYS, go

pytestmark = pytest.mark.databases

Payload = Mapping[str, Any]


@pytest.fixture(autouse=True, params=WAYS)
def _way(request: pytest.FixtureRequest, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every case here holds whether jobs run in this thread or travel through the broker."""
    go(request.param, app, monkeypatch)


@pytest.fixture
def kinds() -> Iterator[Callable[..., JobKind]]:
    """Registers kinds of jobs for one test."""
    before = dict(registry.jobs)

    def add(name: str, handler: Callable[[Payload, datetime], None], **options: Any) -> JobKind:
        registry.jobs[name] = JobKind(name, handler, **options)
        return registry.jobs[name]

    yield add
    registry.jobs.clear()
    registry.jobs.update(before)


def leave_mark(payload: Payload, now: datetime) -> None:
    """An effect in the database that shows."""
    actor = Actor("system", None, "system", "系统")
    audit.record("mark", actor=actor, now=now, subject_type="job", subject_id=payload["n"])


def marks() -> list[str]:
    db.session.rollback()
    query = sa.select(audit.AuditEntry.subject_id).where(audit.AuditEntry.action == "mark")
    return list(db.session.scalars(query.order_by(audit.AuditEntry.id)))


def enqueue(kind: str, n: int = 1, **options: Any) -> str:
    return db.run(lambda: jobs.enqueue(kind, {"n": n}, now=clock.now(), **options))


def state(job_id: str) -> str:
    return row(job_id).state


def row(job_id: str) -> Job:
    db.session.rollback()
    return db.session.get_one(Job, job_id, populate_existing=True)


def test_a_job_runs_once_after_the_commit(app: Flask, kinds: Callable[..., JobKind]) -> None:
    kinds("mark", leave_mark)
    job = enqueue("mark", 7)
    assert jobs.run_due(clock.now()) == 1
    assert (marks(), state(job)) == (["7"], "done")
    assert jobs.run_due(clock.now()) == 0


def test_nothing_runs_of_a_transaction_that_failed(app: Flask, kinds: Callable[..., JobKind]) -> None:
    kinds("mark", leave_mark)

    def work() -> None:
        jobs.enqueue("mark", {"n": 1}, now=clock.now())
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        db.run(work)
    assert jobs.run_due(clock.now()) == 0


def test_a_job_waits_for_its_time(app: Flask, clock: FrozenClock, kinds: Callable[..., JobKind]) -> None:
    kinds("mark", leave_mark)
    enqueue("mark", run_at=clock.now() + timedelta(minutes=5))
    assert jobs.run_due(clock.now()) == 0
    assert jobs.run_due(clock.advance(timedelta(minutes=5))) == 1


def test_a_key_used_before_changes_nothing(app: Flask, kinds: Callable[..., JobKind]) -> None:
    kinds("mark", leave_mark)
    first = enqueue("mark", 1, key="sms:5")
    assert enqueue("mark", 2, key="sms:5") == first
    jobs.run_due(clock.now())
    assert enqueue("mark", 3, key="sms:5") == first
    jobs.run_due(clock.now())
    assert marks() == ["1"]


def test_an_unknown_kind_cannot_be_enqueued(app: Flask) -> None:
    with pytest.raises(UnknownName):
        enqueue("nobody.knows")


def test_a_job_of_a_kind_this_process_does_not_know_waits_and_is_shown(
    app: Flask, kinds: Callable[..., JobKind]
) -> None:
    kinds("new.kind", leave_mark)
    job = enqueue("new.kind")
    del registry.jobs["new.kind"]
    assert jobs.run_due(clock.now()) == 0
    [view] = jobs.list_jobs()
    assert (view.id, view.state, view.known) == (job, "pending", False)


def test_a_failed_handler_leaves_nothing_and_waits_longer_each_time(
    app: Flask, clock: FrozenClock, kinds: Callable[..., JobKind]
) -> None:
    def fail(payload: Payload, now: datetime) -> None:
        leave_mark(payload, now)
        db.session.flush()
        raise ConnectionError("gateway down")

    kinds("fails", fail, max_attempts=3, backoff=lambda attempt: timedelta(minutes=attempt))
    job = enqueue("fails")
    assert jobs.run_due(clock.now()) == 1
    assert (state(job), row(job).run_at, marks()) == ("pending", clock.now() + timedelta(minutes=1), [])
    assert "ConnectionError: gateway down" in (row(job).error or "")
    clock.advance(timedelta(minutes=1))
    jobs.run_due(clock.now())
    assert row(job).run_at == clock.now() + timedelta(minutes=2)
    clock.advance(timedelta(minutes=2))
    jobs.run_due(clock.now())
    assert (state(job), row(job).attempts, marks()) == ("dead", 3, [])


def test_a_dead_job_tells_and_blocks_no_other(app: Flask, kinds: Callable[..., JobKind]) -> None:
    told: list[str] = []

    def fail(payload: Payload, now: datetime) -> None:
        raise ValueError("poison " + "x" * 100_000)

    kinds("poison", fail, max_attempts=1, on_dead=lambda payload, error, now: told.append(error))
    kinds("mark", leave_mark)
    poison, good = enqueue("poison"), enqueue("mark")
    assert jobs.run_due(clock.now()) == 2
    assert (state(poison), state(good)) == ("dead", "done")
    assert told[0].startswith("ValueError: poison")
    assert len(row(poison).error or "") <= runner.ERROR_LENGTH


def test_a_job_ends_even_where_telling_fails(app: Flask, kinds: Callable[..., JobKind]) -> None:
    def fail(*_: Any) -> None:
        raise ValueError("no")

    kinds("poison", fail, max_attempts=1, on_dead=fail)
    job = enqueue("poison")
    jobs.run_due(clock.now())
    assert state(job) == "dead"
    assert "on_dead failed too" in (row(job).error or "")


def test_a_dead_job_can_be_retried(app: Flask, actor: Actor, kinds: Callable[..., JobKind]) -> None:
    broken = [True]

    def handler(payload: Payload, now: datetime) -> None:
        if broken:
            raise ValueError("no")
        leave_mark(payload, now)

    kinds("sometimes", handler, max_attempts=1)
    job = enqueue("sometimes")
    jobs.run_due(clock.now())
    broken.clear()
    db.run(lambda: jobs.retry(job, actor=actor, now=clock.now()))
    assert jobs.run_due(clock.now()) == 1
    assert (state(job), marks()) == ("done", ["1"])
    with pytest.raises(jobs.JobNotRetryable):
        jobs.retry(job, actor=actor, now=clock.now())
    with pytest.raises(jobs.JobNotFound):
        jobs.retry("no-such-job", actor=actor, now=clock.now())


def test_an_abandoned_lease_is_taken_over_and_the_old_owner_does_nothing(
    app: Flask, clock: FrozenClock, kinds: Callable[..., JobKind]
) -> None:
    kinds("mark", leave_mark)
    job = enqueue("mark")
    [old] = claims.claim(clock.now(), limit=5, owner="first")
    assert claims.claim(clock.now(), limit=5, owner="second") == []
    clock.advance(claims.LEASE)
    [new] = claims.claim(clock.now(), limit=5, owner="second")
    assert not runner.execute(old, clock.now())
    assert (marks(), state(job)) == ([], "leased")
    assert runner.execute(new, clock.now())
    assert not runner.execute(new, clock.now())
    assert marks() == ["1"]


def test_a_sign_of_life_keeps_the_lease(app: Flask, clock: FrozenClock, kinds: Callable[..., JobKind]) -> None:
    kinds("mark", leave_mark)
    enqueue("mark")
    claims.claim(clock.now(), limit=1, owner="first")
    clock.advance(claims.LEASE / 2)
    assert claims.renew("first", clock.now()) == 1
    clock.advance(claims.LEASE / 2)
    assert claims.claim(clock.now(), limit=1, owner="second") == []


def test_a_job_not_started_is_given_back_as_if_never_taken(app: Flask, kinds: Callable[..., JobKind]) -> None:
    kinds("mark", leave_mark)
    job = enqueue("mark")
    claims.claim(clock.now(), limit=1, owner="first")
    assert claims.release("first") == 1
    assert (state(job), row(job).attempts, row(job).lease_owner) == ("pending", 0, None)


def test_a_job_that_kills_its_process_each_time_is_dead_in_the_end(
    app: Flask, clock: FrozenClock, kinds: Callable[..., JobKind]
) -> None:
    kinds("killer", leave_mark, max_attempts=2)
    job = enqueue("killer")
    for _ in range(2):
        claims.claim(clock.now(), limit=1, owner="dies")
        clock.advance(claims.LEASE)
    jobs.run_due(clock.now())
    assert (state(job), marks()) == ("dead", [])
    assert "ended before it was done" in (row(job).error or "")


def test_an_effect_runs_outside_the_transaction_and_hands_its_result_over(
    app: Flask, kinds: Callable[..., JobKind]
) -> None:
    writing: list[bool] = []

    def send(payload: Payload, now: datetime) -> dict[str, Any]:
        writing.append(db._writing.get())
        return {"receipt": 41 + payload["n"]}

    def keep(payload: Payload, now: datetime) -> None:
        leave_mark({"n": payload["effect"]["receipt"]}, now)

    kinds("send", keep, effect=send)
    enqueue("send")
    jobs.run_due(clock.now())
    assert (marks(), writing) == (["42"], [False])


def test_jobs_enqueued_by_jobs_run_too(app: Flask, kinds: Callable[..., JobKind]) -> None:
    def chain(payload: Payload, now: datetime) -> None:
        leave_mark(payload, now)
        if payload["n"] < 3:
            jobs.enqueue("chain", {"n": payload["n"] + 1}, now=now)

    kinds("chain", chain)
    enqueue("chain")
    assert jobs.run_due(clock.now()) == 3
    assert marks() == ["1", "2", "3"]


def test_the_limit_bounds_a_run(app: Flask, kinds: Callable[..., JobKind]) -> None:
    kinds("mark", leave_mark)
    for n in range(5):
        enqueue("mark", n)
    assert jobs.run_due(clock.now(), limit=3) == 3
    assert jobs.count_by_state() == {"pending": 2, "leased": 0, "done": 3, "dead": 0}


def test_the_correlation_id_travels_into_the_job(app: Flask, kinds: Callable[..., JobKind]) -> None:
    seen: list[str | None] = []
    kinds("look", lambda payload, now: seen.append(correlation.current()))
    with correlation.bound("request-12345"):
        enqueue("look")
    jobs.run_due(clock.now())
    assert seen == ["request-12345"]


def test_done_jobs_are_forgotten_after_the_retention(
    app: Flask, clock: FrozenClock, kinds: Callable[..., JobKind]
) -> None:
    kinds("mark", leave_mark)
    kinds("fails", lambda payload, now: 1 / 0, max_attempts=1)
    enqueue("mark")
    dead = enqueue("fails")
    jobs.run_due(clock.now())
    assert sweeping.sweep(clock.now()) == 0
    assert sweeping.sweep(clock.advance(timedelta(days=91))) == 1
    assert state(dead) == "dead"


def test_the_sweep_runs_due_jobs(app: Flask, kinds: Callable[..., JobKind]) -> None:
    kinds("mark", leave_mark)
    enqueue("mark")
    assert registry.sweeps["jobs"].run(clock.now()) == 1
    assert marks() == ["1"]


def test_a_handler_may_touch_live_topics(app: Flask, kinds: Callable[..., JobKind]) -> None:
    kinds("touch", lambda payload, now: live.touch("order:1"))
    enqueue("touch")
    jobs.run_due(clock.now())
    assert live.versions(["order:1"])["order:1"] > 0
