"""What a person's notices are; reads only. Pages go by key (newest first), never by offset."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.kernel.db import session
from app.kernel.i18n import localized
from app.notify.models import Delivery, Notice

COUNT_BOUND = 100
"""Unread notices are counted up to here: the bell shows "99+" beyond, and stays cheap."""


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice in the reader's language."""

    id: int
    at: datetime
    kind: str
    text: str
    link: str
    priority: int
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class NoticePage:
    """Notices newest first; `before` continues after the last one, None at the end."""

    notices: list[NoticeView]
    before: int | None


def unread_count(user_id: int) -> int:
    """How many unread notices this person has, counted up to `COUNT_BOUND`."""
    unread = sa.select(Notice.id).where(Notice.user_id == user_id, Notice.read_at.is_(None)).limit(COUNT_BOUND)
    return session.scalar(sa.select(sa.func.count()).select_from(unread.subquery())) or 0


def notices_of(user_id: int, *, before: int | None = None, unread_only: bool = False, limit: int = 50) -> NoticePage:
    """One page of a person's notices; `before` is the id the last page ended with."""
    query = sa.select(Notice).where(Notice.user_id == user_id)
    if before is not None:
        query = query.where(Notice.id < before)
    if unread_only:
        query = query.where(Notice.read_at.is_(None))
    rows = list(session.scalars(query.order_by(Notice.id.desc()).limit(limit + 1)))
    more = len(rows) > limit
    rows = rows[:limit]
    return NoticePage([_view(row) for row in rows], rows[-1].id if more else None)


def _view(row: Notice) -> NoticeView:
    return NoticeView(
        id=row.id,
        at=row.at,
        kind=row.kind,
        text=localized(row.text, row.text_en),
        link=row.link,
        priority=row.priority,
        read_at=row.read_at,
    )


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """A message that left the house; `recipient` is unmasked: whoever shows it masks it."""

    id: int
    channel: str
    recipient: str
    text: str
    state: str
    attempts: int
    error: str
    created_at: datetime
    finished_at: datetime | None


def deliveries_of(subject_type: str, subject_id: str | int, *, limit: int = 50) -> list[DeliveryView]:
    """What was sent about something (an order, a customer), newest first."""
    query = (
        sa.select(Delivery)
        .where(Delivery.subject_type == subject_type, Delivery.subject_id == str(subject_id))
        .order_by(Delivery.id.desc())
        .limit(limit)
    )
    return [
        DeliveryView(
            id=row.id,
            channel=row.channel,
            recipient=row.recipient,
            text=row.text,
            state=row.state,
            attempts=row.attempts,
            error=row.error,
            created_at=row.created_at,
            finished_at=row.finished_at,
        )
        for row in session.scalars(query)
    ]
