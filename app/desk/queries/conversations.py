"""Conversations: the one going on, today's, and how many needed no second call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.customers.models import Customer
from app.desk.models import Conversation
from app.kernel.db import session

AGAIN_WITHIN = timedelta(days=7)
"""A customer who calls again about the same within this time was not served at first contact."""


@dataclass(frozen=True, slots=True)
class ConversationView:
    """A conversation as plain values; `seconds` it lasted, None while it goes on."""

    id: int
    channel: str
    direction: str
    call_ref: str | None
    number: str
    customer_number: str
    category: str
    orders: Sequence[str]
    answers: Sequence[str]
    result: str
    note: str
    started_at: datetime
    ended_at: datetime | None

    @property
    def seconds(self) -> int | None:
        return int((self.ended_at - self.started_at).total_seconds()) if self.ended_at else None


def open_conversation(agent_id: int) -> ConversationView | None:
    """The conversation the agent is in now."""
    query = _query().where(Conversation.agent_id == agent_id, Conversation.ended_at.is_(None))
    return next(iter(_views(query)), None)


def conversations_of(agent_id: int, *, since: datetime, limit: int = 100) -> list[ConversationView]:
    """The agent's conversations that began since then, the last first."""
    query = _query().where(Conversation.agent_id == agent_id, Conversation.started_at >= since)
    return _views(query.order_by(Conversation.started_at.desc()).limit(limit))


def resolved_at_first(*, since: datetime, until: datetime, path: str = "/") -> tuple[int, int]:
    """(conversations after which the customer did not come again about the same, all of them): 一次解决率.

    Only conversations with a known customer and category whose seven days are over before `until` count.
    """
    rows = session.execute(
        sa.select(Conversation.customer_id, Conversation.category, Conversation.started_at)
        .where(
            Conversation.customer_id.is_not(None),
            Conversation.category != "",
            Conversation.started_at >= since,
            Conversation.started_at < until,
            Conversation.unit_path.startswith(path, autoescape=True),
        )
        .order_by(Conversation.customer_id, Conversation.category, Conversation.started_at)
    ).all()
    first = total = 0
    for row, following in zip(rows, [*rows[1:], None], strict=True):
        if row.started_at >= until - AGAIN_WITHIN:
            continue
        same = following is not None and following[:2] == row[:2]
        again = following is not None and same and following.started_at - row.started_at <= AGAIN_WITHIN
        total += 1
        first += not again
    return first, total


def _query() -> sa.Select[Any]:
    joined = sa.outerjoin(Conversation, Customer, Customer.id == Conversation.customer_id)
    columns: tuple[Any, ...] = (Conversation, Customer.number)
    return sa.select(*columns).select_from(joined)


def _views(query: sa.Select[Any]) -> list[ConversationView]:
    return [
        ConversationView(
            id=row.id,
            channel=row.channel,
            direction=row.direction,
            call_ref=row.call_ref,
            number=row.number,
            customer_number=customer or "",
            category=row.category,
            orders=list(row.orders),
            answers=list(row.answers),
            result=row.result,
            note=row.note,
            started_at=row.started_at,
            ended_at=row.ended_at,
        )
        for row, customer in session.execute(query)
    ]
