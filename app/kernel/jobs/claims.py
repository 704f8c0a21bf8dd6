"""Who may work on which job, and for how long. A claim is plain words: it can travel to another machine.

Two runners never hold one job: the rows are picked and marked in one write transaction,
on PostgreSQL passing over rows another runner holds (SKIP LOCKED), on SQLite under the
one write lock. A handler at work holds its row's lock, so that a lease that runs out
meanwhile is not taken over from it.
"""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from app.kernel import db
from app.kernel.db import session
from app.kernel.jobs.models import Job
from app.kernel.registry import registry

LEASE = timedelta(seconds=60)
"""How long a claim holds without a sign of life; a runner at work renews it (`renew`)."""

LONGEST = LEASE * 2
"""A lease that ends later than this from now was made before the clock was put back: it has run out, lest the
job of a dead runner wait for hours. Generous, so that machines may be off each other by less than a lease."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right of `owner` to work on a job."""

    job_id: str
    owner: str


def new_owner() -> str:
    """A name for one runner: host, process and a random word, never used twice."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(6)}"


def claim(now: datetime, *, limit: int, owner: str) -> list[Claim]:
    """Lease up to `limit` due jobs to `owner`, the longest waiting first; owns its transaction."""
    return db.run(lambda: _claim(now, limit, owner)) if any_due(now) else []


def renew(owner: str, now: datetime) -> int:
    """A sign of life: push the end of all leases of `owner` away. Rows a handler holds need none."""
    held = sa.select(Job.id).where(Job.state == "leased", Job.lease_owner == owner)
    return len(db.run(lambda: update_all(held, {"lease_until": now + LEASE})))


def release(owner: str) -> int:
    """Give jobs back that `owner` claimed but did not start, as though never claimed (a runner that stops)."""
    held = sa.select(Job.id).where(Job.state == "leased", Job.lease_owner == owner)
    values = {"state": "pending", "attempts": Job.attempts - 1, "lease_until": None, "lease_owner": None}
    return len(db.run(lambda: update_all(held, values)))


def due(now: datetime) -> ColumnElement[bool]:
    """Jobs of known kinds whose time has come, or whose lease ran out."""
    waiting = sa.and_(Job.state == "pending", Job.run_at <= now)
    run_out = sa.or_(Job.lease_until <= now, Job.lease_until > now + LONGEST)
    abandoned = sa.and_(Job.state == "leased", run_out)
    return sa.and_(Job.kind.in_(list(registry.jobs)), sa.or_(waiting, abandoned))


def any_due(now: datetime) -> bool:
    """Asked first, without the write lock: an idle clock must not stand in the way of writers."""
    session.rollback()
    found = session.scalars(sa.select(Job.id).where(due(now)).limit(1)).first()
    session.rollback()
    return found is not None


def update_all(query: sa.Select[str], values: Mapping[str, object]) -> list[str]:
    """Set `values` on the jobs of `query`, passing over those another holds; their ids, in the query's order."""
    ids = list(session.scalars(query.with_for_update(skip_locked=True)))
    session.execute(sa.update(Job).where(Job.id.in_(ids)).values(values), execution_options=_NO_SYNC)
    return ids


def _claim(now: datetime, limit: int, owner: str) -> list[Claim]:
    query = sa.select(Job.id).where(due(now)).order_by(Job.run_at, Job.id).limit(limit)
    values = {"state": "leased", "attempts": Job.attempts + 1, "lease_until": now + LEASE, "lease_owner": owner}
    return [Claim(job_id, owner) for job_id in update_all(query, values)]


_NO_SYNC = {"synchronize_session": False}
