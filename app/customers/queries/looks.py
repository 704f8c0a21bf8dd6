"""Who looked at a customer, and what they revealed: read from the audit trail, for data protection."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.kernel.actor import Actor
from app.kernel.audit import AuditEntry
from app.kernel.db import session

LOOKED = "customer.looked"
REVEALED = "customer.revealed"
SUBJECT = "customer"
PAGE = 50


@dataclass(frozen=True, slots=True)
class Look:
    """One act upon a customer's data; `details` holds the reason or the field."""

    id: int
    at: datetime
    actor: str
    actor_name: str
    actor_kind: str
    action: str
    details: dict[str, Any]


def looked_lately(number: str, *, actor: Actor, now: datetime, within: timedelta) -> bool:
    """Whether a look of this person at this customer has been noted in that time."""
    query = sa.select(AuditEntry.id).where(
        AuditEntry.subject_type == SUBJECT,
        AuditEntry.subject_id == number,
        AuditEntry.action == LOOKED,
        AuditEntry.actor == actor.ref,
        AuditEntry.at > now - within,
    )
    return session.scalar(query.limit(1)) is not None


def looks_at(
    number: str, *, who: str = "", before: int | None = None, limit: int = PAGE
) -> tuple[list[Look], int | None]:
    """Everything the audit trail knows about a customer, newest first, and the key of the next page."""
    query = sa.select(AuditEntry).where(AuditEntry.subject_type == SUBJECT, AuditEntry.subject_id == number)
    if who:
        query = query.where(sa.or_(AuditEntry.actor == who.lower(), AuditEntry.actor_name == who))
    if before is not None:
        query = query.where(AuditEntry.id < before)
    rows = list(session.scalars(query.order_by(AuditEntry.id.desc()).limit(limit + 1)))
    shown = [
        Look(row.id, row.at, row.actor, row.actor_name, row.actor_kind, row.action, row.details) for row in rows[:limit]
    ]
    return shown, shown[-1].id if len(rows) > limit else None
