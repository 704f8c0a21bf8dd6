"""What supervision counts of each order, and the marks of orders whose fact is out of date."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base

MEASURES = (
    "orders",
    "closed",
    "dispatched",
    "returned",
    "due",
    "late",
    "callback_due",
    "called_back",
    "valid",
    "satisfied",
    "repeated",
    "reopened",
    "supervised",
)
"""What is counted, each 0 or 1 an order; `operations.computing` says when."""


class OrderMark(Base):
    """An order changed: one row a change, written in the order's own transaction, deleted by the fold that saw it."""

    __tablename__ = "supervision_mark"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int]


class OrderFact(Base):
    """The contribution of one order to the roll-ups, as of its last fold.

    `day` is the local day it was accepted. `limit_state` is over, near, running, paused or none, the worst of
    its running limits; `age` the index of its class of age. `turns_at` is when limit state or age change
    without the order moving. `repeats` are earlier orders of the same customer and kind; `judged` says whether
    the alert rules have seen the fact as it stands.
    """

    __tablename__ = "supervision_fact"
    __table_args__ = (
        sa.Index("ix_supervision_fact_turns", "turns_at"),
        sa.Index("ix_supervision_fact_day", "day", "unit_code"),
        sa.Index(
            "ix_supervision_fact_open",
            "limit_state",
            "order_id",
            sqlite_where=sa.text("closed = 0"),
            postgresql_where=sa.text("closed = 0"),
        ),
        sa.Index(
            "ix_supervision_fact_unjudged",
            "order_id",
            sqlite_where=sa.text("judged = 0"),
            postgresql_where=sa.text("judged = 0"),
        ),
    )

    order_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date]
    unit_code: Mapped[str] = mapped_column(sa.String(40))
    category: Mapped[str] = mapped_column(sa.String(40))
    sub_type: Mapped[str] = mapped_column(sa.String(40))
    status: Mapped[str] = mapped_column(sa.String(20))
    limit_state: Mapped[str] = mapped_column(sa.String(10))
    age: Mapped[int]
    due_at: Mapped[datetime | None]
    turns_at: Mapped[datetime | None]
    grade: Mapped[str] = mapped_column(sa.String(20))
    importance: Mapped[str] = mapped_column(sa.String(20))
    repeats: Mapped[int]
    media: Mapped[int]
    judged: Mapped[int] = mapped_column(default=0)
    orders: Mapped[int]
    closed: Mapped[int]
    dispatched: Mapped[int]
    returned: Mapped[int]
    due: Mapped[int]
    late: Mapped[int]
    callback_due: Mapped[int]
    called_back: Mapped[int]
    valid: Mapped[int]
    satisfied: Mapped[int]
    repeated: Mapped[int]
    reopened: Mapped[int]
    supervised: Mapped[int]
