"""Limits of an order as plain values, for pages that count down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.kernel.db import session
from app.workorders.models import OrderLimit


@dataclass(frozen=True, slots=True)
class LimitView:
    """One limit; `due_at` has been moved by pauses. `source` says where the amount comes from."""

    id: int
    stage: str
    state: str
    amount: float
    unit: str
    clock: str
    source: str
    started_at: datetime
    due_at: datetime
    paused_at: datetime | None
    paused_seconds: int
    met_at: datetime | None
    breached: bool
    escalated: int

    def overdue(self, now: datetime) -> bool:
        """Whether it was, or now is, kept too late; a paused limit stands still."""
        return self.breached or (self.state == "running" and now > self.due_at)


def limits_of(order_id: int) -> list[LimitView]:
    """All limits of an order in the order they began."""
    rows = session.scalars(sa.select(OrderLimit).where(OrderLimit.order_id == order_id).order_by(OrderLimit.id))
    return [_view(row) for row in rows]


def _view(row: OrderLimit) -> LimitView:
    return LimitView(
        id=row.id,
        stage=row.stage,
        state=row.state,
        amount=row.amount,
        unit=row.unit,
        clock=row.clock,
        source=row.source,
        started_at=row.started_at,
        due_at=row.due_at,
        paused_at=row.paused_at,
        paused_seconds=row.paused_seconds,
        met_at=row.met_at,
        breached=row.breached,
        escalated=row.escalated,
    )
