"""Limits (时限) running on an order: one row a stage and run, decided by the table `order_limits`."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class OrderLimit(Base):
    """`amount`, `unit` (min, h, wd, day) and `clock` (24x7, working) came from rule `rule` of the decision.

    `paused_seconds` is how long it stood still on its own clock; `due_at` has been moved by it.
    `state` is running, paused (the clock stands still), held (it runs but warns nobody), met
    or closed (the order ended before the stage did). `since` is reported or now.
    `escalated` is the highest threshold told so far, in per cent.
    """

    __tablename__ = "order_limit"
    __table_args__ = (
        sa.Index("ix_order_limit_order", "order_id", "stage", "id"),
        sa.Index("ix_order_limit_due", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("work_order.id"))
    stage: Mapped[str] = mapped_column(sa.String(20))
    state: Mapped[str] = mapped_column(sa.String(10), default="running")
    amount: Mapped[float]
    unit: Mapped[str] = mapped_column(sa.String(10))
    clock: Mapped[str] = mapped_column(sa.String(10))
    source: Mapped[str] = mapped_column(sa.String(200), default="")
    rule: Mapped[str] = mapped_column(sa.String(120), default="")
    since: Mapped[str] = mapped_column(sa.String(10), default="now")
    started_at: Mapped[datetime]
    due_at: Mapped[datetime]
    paused_at: Mapped[datetime | None]
    paused_seconds: Mapped[int] = mapped_column(default=0)
    met_at: Mapped[datetime | None]
    breached: Mapped[bool] = mapped_column(default=False)
    escalated: Mapped[int] = mapped_column(default=0)
