"""What operations and operators do with jobs: enqueue, list, count, retry. Running them is `runner`'s."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.dialects import postgresql, sqlite

from app.kernel import audit, correlation
from app.kernel.actor import Actor
from app.kernel.db import is_sqlite, new_id, session
from app.kernel.errors import Conflict, NotFound
from app.kernel.jobs.models import Job
from app.kernel.registry import registry


class JobNotFound(NotFound):
    code = "job_not_found"


class JobNotRetryable(Conflict):
    """Only a dead job, or one waiting for its next attempt, can be started by hand."""

    code = "job_not_retryable"


@dataclass(frozen=True, slots=True)
class JobView:
    """A job as operators see it; `known` is False where no handler of its kind is registered."""

    id: str
    kind: str
    key: str | None
    payload: Mapping[str, Any]
    state: str
    attempts: int
    max_attempts: int | None
    run_at: datetime
    lease_until: datetime | None
    lease_owner: str | None
    error: str | None
    correlation_id: str | None
    created_at: datetime
    finished_at: datetime | None
    known: bool


def enqueue(
    kind: str, payload: Mapping[str, Any], *, now: datetime, key: str | None = None, run_at: datetime | None = None
) -> str:
    """Write a job into the caller's transaction and return its id.

    It runs after the commit, not before `run_at` (at once by default). A `key` used
    before changes nothing and returns the id of the job that has it. Raises
    `UnknownName` for a kind nobody registered.
    """
    registry.get_job(kind)
    values = {
        "id": new_id(),
        "kind": kind,
        "key": key,
        "payload": dict(payload),
        "state": "pending",
        "attempts": 0,
        "run_at": run_at or now,
        "correlation_id": correlation.current(),
        "created_at": now,
    }
    if key is None:
        session.add(Job(**values))
        return str(values["id"])
    insert = (sqlite if is_sqlite() else postgresql).insert(Job)
    statement = insert.values(**values).on_conflict_do_nothing(index_elements=["key"])
    session.execute(statement)
    return session.scalars(sa.select(Job.id).where(Job.key == key)).one()


def enqueue_many(kind: str, work: Mapping[str, Mapping[str, Any]], *, now: datetime) -> None:
    """Write a job for each key with its payload, in one statement; keys used before change nothing. See `enqueue`."""
    registry.get_job(kind)
    common = {"kind": kind, "state": "pending", "attempts": 0, "run_at": now, "created_at": now}
    common["correlation_id"] = correlation.current()
    rows = [{**common, "id": new_id(), "key": key, "payload": dict(payload)} for key, payload in work.items()]
    if rows:
        insert = (sqlite if is_sqlite() else postgresql).insert(Job)
        session.execute(insert.on_conflict_do_nothing(index_elements=["key"]), rows)


def list_jobs(*, state: str | None = None, kind: str | None = None, limit: int = 50, offset: int = 0) -> list[JobView]:
    """Jobs, the latest first; those that wait in the order of their turn."""
    query = sa.select(Job).limit(limit).offset(offset)
    if state is not None:
        query = query.where(Job.state == state)
    if kind is not None:
        query = query.where(Job.kind == kind)
    order = (Job.run_at, Job.id) if state in {"pending", "leased"} else (Job.created_at.desc(), Job.id.desc())
    return [_view(job) for job in session.scalars(query.order_by(*order))]


def get_job(job_id: str) -> JobView:
    """One job; raises `JobNotFound`."""
    job = session.get(Job, job_id)
    if job is None:
        raise JobNotFound(_l("There is no such job."), job=job_id)
    return _view(job)


def count_by_state() -> dict[str, int]:
    """How many jobs are in each state; states without a job are 0."""
    counts = dict.fromkeys(("pending", "leased", "done", "dead"), 0)
    rows = session.execute(sa.select(Job.state, sa.func.count()).group_by(Job.state))
    return counts | {state: number for state, number in rows}


def retry(job_id: str, *, actor: Actor, now: datetime) -> None:
    """Let a dead or waiting job run now, with all its attempts before it again."""
    job = session.get(Job, job_id, with_for_update=True)
    if job is None:
        raise JobNotFound(_l("There is no such job."), job=job_id)
    if job.state not in {"dead", "pending"}:
        raise JobNotRetryable(_l("Only a job that has failed or still waits can be retried."), state=job.state)
    details = {"kind": job.kind, "attempts": job.attempts, "error": job.error}
    audit.record("job.retry", actor=actor, now=now, subject_type="job", subject_id=job.id, details=details)
    job.state, job.attempts, job.run_at, job.finished_at = "pending", 0, now, None


def _view(job: Job) -> JobView:
    kind = registry.jobs.get(job.kind)
    return JobView(
        id=job.id,
        kind=job.kind,
        key=job.key,
        payload=job.payload,
        state=job.state,
        attempts=job.attempts,
        max_attempts=kind.max_attempts if kind else None,
        run_at=job.run_at,
        lease_until=job.lease_until,
        lease_owner=job.lease_owner,
        error=job.error,
        correlation_id=job.correlation_id,
        created_at=job.created_at,
        finished_at=job.finished_at,
        known=kind is not None,
    )
