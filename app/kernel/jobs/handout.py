"""Claims that travel: a job is leased to the queue, and adopted by the worker that takes its message.

A message may come late, twice or never. The worker that adopts a claim puts its own name
into the row, so that of two deliveries one finds the job no longer the queue's; a job
whose message is lost is claimed again when the lease runs out. Waiting in the queue is
no attempt: only a start is.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from app.kernel import db
from app.kernel.jobs.claims import LEASE, Claim, any_due, due, new_owner, update_all
from app.kernel.jobs.models import Job

PREFIX = "queue:"
"""Begins the name of an owner that is the queue, not yet a worker."""


def queue_owner() -> str:
    """A name for one lot of messages, used once."""
    return PREFIX + new_owner()


def hand_out(now: datetime, *, limit: int, owner: str) -> list[Claim]:
    """Lease up to `limit` due jobs to the queue under the name `owner`, used once; owns its transaction."""
    return db.run(lambda: _hand_out(now, limit, owner)) if any_due(now) else []


def adopt(held: Claim, *, owner: str, now: datetime) -> Claim | None:
    """Make the claim of the queue the worker's own and count the attempt; None where it is no longer the queue's."""
    return db.run(lambda: _adopt(held, owner, now))


def take_back(owner: str) -> int:
    """Let jobs whose messages could not be sent be claimed again at once."""
    held = sa.select(Job.id).where(Job.state == "leased", Job.lease_owner == owner)
    return len(db.run(lambda: update_all(held, {"state": "pending", "lease_until": None, "lease_owner": None})))


def _hand_out(now: datetime, limit: int, owner: str) -> list[Claim]:
    query = sa.select(Job.id).where(due(now)).order_by(Job.run_at, Job.id).limit(limit)
    values = {"state": "leased", "lease_until": now + LEASE, "lease_owner": owner}
    return [Claim(job_id, owner) for job_id in update_all(query, values)]


def _adopt(held: Claim, owner: str, now: datetime) -> Claim | None:
    found = sa.select(Job.id).where(Job.id == held.job_id, Job.state == "leased", Job.lease_owner == held.owner)
    values = {"attempts": Job.attempts + 1, "lease_until": now + LEASE, "lease_owner": owner}
    return Claim(held.job_id, owner) if update_all(found, values) else None
