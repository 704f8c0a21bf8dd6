"""Reading the audit trail: newest first, by pages of a key, only of the reader's part of the organisation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.identity.queries.validity import within
from app.kernel.audit import AuditEntry
from app.kernel.db import session


@dataclass(frozen=True, slots=True)
class TrailEntry:
    """One act as the page shows it."""

    id: int
    at: datetime
    actor_kind: str
    actor: str
    actor_name: str
    action: str
    subject_type: str
    subject_id: str
    correlation_id: str | None
    details: dict[str, Any]


def read_trail(
    *,
    paths: Sequence[str],
    actor: str = "",
    subject: str = "",
    action: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    before: int | None = None,
    limit: int = 50,
) -> tuple[list[TrailEntry], int | None]:
    """A page of entries and the key of the next; entries of no unit are shown to those who see everything."""
    query = sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(limit + 1)
    if "/" not in paths:
        query = query.where(within(AuditEntry.unit_path, paths))
    if actor:
        query = query.where(sa.or_(AuditEntry.actor == actor.lower(), AuditEntry.actor_name == actor))
    if subject:
        query = query.where(AuditEntry.subject_id == subject)
    if action:
        query = query.where(AuditEntry.action.startswith(action, autoescape=True))
    if since is not None:
        query = query.where(AuditEntry.at >= since)
    if until is not None:
        query = query.where(AuditEntry.at < until)
    if before is not None:
        query = query.where(AuditEntry.id < before)
    rows = list(session.scalars(query))
    entries = [
        TrailEntry(
            id=row.id,
            at=row.at,
            actor_kind=row.actor_kind,
            actor=row.actor,
            actor_name=row.actor_name,
            action=row.action,
            subject_type=row.subject_type,
            subject_id=row.subject_id,
            correlation_id=row.correlation_id,
            details=row.details,
        )
        for row in rows[:limit]
    ]
    return entries, entries[-1].id if len(rows) > limit else None
