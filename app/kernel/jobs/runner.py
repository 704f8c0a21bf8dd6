"""Running claimed jobs: the handler and the end of its job in one transaction, failures in another.

`execute` needs only a claim, so the same function serves this thread, the clock's
thread pool and a worker on another machine.
"""

from __future__ import annotations

import traceback
from datetime import datetime
from typing import Any

import sqlalchemy as sa
import structlog

from app.kernel import correlation, db
from app.kernel.db import session
from app.kernel.jobs.claims import Claim, claim, new_owner
from app.kernel.jobs.models import Job
from app.kernel.registry import JobKind, registry

log = structlog.get_logger(__name__)

ERROR_LENGTH = 4000


def run_due(now: datetime, limit: int = 100) -> int:
    """Run due jobs in this thread, one after the other, until none is due or `limit` ran; owns its transactions.

    Returns how many were started. A job that fails waits for its next attempt and stops no other.
    """
    owner, started = new_owner(), 0
    while started < limit and (claimed := claim(now, limit=1, owner=owner)):  # one: its lease begins with its work
        execute(claimed[0], now)
        started += 1
    return started


def execute(held: Claim, now: datetime) -> bool:
    """Run one claimed job; True where it is done now, False where it failed or was no longer the claimant's."""
    job = _read(held)
    if job is None:
        return False
    with correlation.bound(job.correlation_id), structlog.contextvars.bound_contextvars(job=job.id, kind=job.kind):
        kind = registry.get_job(job.kind)
        if job.attempts > kind.max_attempts:  # whoever had it last died of it, each time
            _fail(held, kind, "the process that ran this job ended before it was done", now)
            return False
        try:
            payload = dict(job.payload)
            if kind.effect is not None:
                payload["effect"] = kind.effect(job.payload, now)
            return db.run(lambda: _perform(held, kind, payload, now))
        except Exception as exc:
            log.warning("job failed", attempt=job.attempts, error=repr(exc), exc_info=True)
            _fail(held, kind, describe(exc), now)
            return False


def describe(exc: BaseException) -> str:
    """The error kept with the job: the message first, then the innermost frames; bounded."""
    frames = "".join(traceback.format_tb(exc.__traceback__)[-6:])
    return f"{type(exc).__name__}: {exc}"[:1000] + "\n" + frames[-(ERROR_LENGTH - 1001) :]


def _read(held: Claim) -> Job | None:
    session.rollback()
    job = session.scalars(_mine(held)).one_or_none()
    if job is not None:
        session.expunge(job)
    session.rollback()
    return job


def _mine(held: Claim) -> sa.Select[Job]:
    return sa.select(Job).where(Job.id == held.job_id, Job.state == "leased", Job.lease_owner == held.owner)


def _perform(held: Claim, kind: JobKind, payload: dict[str, Any], now: datetime) -> bool:
    """The handler and the end of its job in one; nothing where the job is somebody else's by now."""
    job = session.scalars(_mine(held).with_for_update()).one_or_none()
    if job is None:
        return False
    kind.handler(payload, now)
    _finish(job, "done", now)
    return True


def _fail(held: Claim, kind: JobKind, error: str, now: datetime) -> None:
    """Plan the next attempt or give up; where even that fails the lease runs out and the job is taken over."""
    try:
        db.run(lambda: _give_up_or_wait(held, kind, error, now, tell=True))
    except Exception as exc:
        log.error("could not note a job's failure", error=repr(exc), exc_info=True)
        if not isinstance(exc, sa.exc.DBAPIError):  # `on_dead` itself fails: the job must still end
            text = f"{error}\n(on_dead failed too) {describe(exc)}"
            db.run(lambda: _give_up_or_wait(held, kind, text, now, tell=False))


def _give_up_or_wait(held: Claim, kind: JobKind, error: str, now: datetime, *, tell: bool) -> None:
    job = session.scalars(_mine(held).with_for_update()).one_or_none()
    if job is None:
        return
    job.error = error[:ERROR_LENGTH]
    if job.attempts < kind.max_attempts:
        job.state, job.lease_until, job.lease_owner = "pending", None, None
        job.run_at = now + kind.backoff(job.attempts)
        return
    _finish(job, "dead", now)
    log.error("job is dead", attempts=job.attempts, error=error[:1000])
    if tell and kind.on_dead is not None:
        kind.on_dead(job.payload, error, now)


def _finish(job: Job, state: str, now: datetime) -> None:
    job.state, job.finished_at, job.lease_until, job.lease_owner = state, now, None, None
    if state == "done":
        job.error = None
