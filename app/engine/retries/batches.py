"""The job that tries incidents again, some at a time; it asks for the next batch as it ends one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
import structlog

from app.engine.retries.models import Retry, RetryItem
from app.engine.retries.operations import JOB
from app.engine.runtime import incidents
from app.engine.runtime.run.services import unpack_actor
from app.kernel import db, jobs, live
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict
from app.kernel.registry import registry

log = structlog.get_logger(__name__)

BATCH = 20
"""Incidents in one transaction: few enough that nobody waits long for the writer."""


@registry.job(JOB)
def retry(payload: Mapping[str, Any], now: datetime) -> None:
    """Try a batch, and enqueue the next where some are left."""
    if retry_batch(payload["retry"], actor=unpack_actor(payload["actor"]), now=now):
        jobs.enqueue(JOB, payload, now=now)


def retry_batch(retry_id: str, *, actor: Actor, now: datetime) -> bool:
    """Try up to `BATCH` incidents; returns whether some are left."""
    record = session.get_one(Retry, retry_id)
    reason = record.reason
    pending = (
        sa.select(RetryItem.incident_id)
        .where(RetryItem.retry_id == retry_id, RetryItem.state == "pending")
        .order_by(RetryItem.incident_id)
    )
    for incident_id in session.scalars(pending.limit(BATCH)).all():
        state, note = _try(incident_id, reason, actor=actor, now=now)
        item = session.get_one(RetryItem, (retry_id, incident_id))
        item.state, item.note, item.done_at = state, note[:500], now
    session.flush()
    live.touch(f"retry:{retry_id}")
    left = session.scalar(pending.limit(1)) is not None
    if not left:
        row = session.get_one(Retry, retry_id)
        row.state, row.finished_at = "done", row.finished_at or now
    return left


def _try(incident_id: str, reason: str, *, actor: Actor, now: datetime) -> tuple[str, str]:
    """The state of the item, and what stood against it."""
    try:
        with session.begin_nested():
            after = incidents.retry(incident_id, reason=reason, actor=actor, now=now)
    except Conflict as refused:  # resolved meanwhile, the case suspended or ended
        return "skipped", str(refused)
    except Exception as exc:
        if db.is_conflict(exc):
            raise
        log.error("an incident could not be retried", incident=incident_id, error=repr(exc), exc_info=True)
        return "failed", str(exc)
    return ("resolved", "") if after.state == "resolved" else ("failed", after.message)
