"""督办: an order that a department supervises, and each round of answer and evaluation."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class SupervisionOrder(Base):
    """`unit_*` is the unit that handled the order when it was issued, `post` the department's group (`post@unit`).

    `state` is answering, evaluating, closed or withdrawn; `escalated` how often nobody answered in time.
    """

    __tablename__ = "supervision_order"
    __table_args__ = (
        sa.Index("ix_supervision_order_order", "order_id", "id"),
        sa.Index("ix_supervision_order_state", "state", "due_at"),
        sa.Index("ix_supervision_order_issued", "issued_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(32), unique=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("work_order.id"))
    order_number: Mapped[str] = mapped_column(sa.String(32))
    category: Mapped[str] = mapped_column(sa.String(40))
    sub_type: Mapped[str] = mapped_column(sa.String(40), default="")
    unit_code: Mapped[str] = mapped_column(sa.String(40))
    unit_path: Mapped[str] = mapped_column(sa.String(200))
    line: Mapped[str] = mapped_column(sa.String(40), default="")
    group: Mapped[str] = mapped_column("department_group", sa.String(100))
    reason: Mapped[str] = mapped_column(sa.String(40))
    grade: Mapped[str] = mapped_column(sa.String(20))
    request: Mapped[str] = mapped_column(sa.Text)
    state: Mapped[str] = mapped_column(sa.String(20), default="answering")
    round: Mapped[int] = mapped_column(default=1)
    due_at: Mapped[datetime | None]
    escalated: Mapped[int] = mapped_column(default=0)
    issued_by: Mapped[str] = mapped_column(sa.String(80))
    issued_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    instance_id: Mapped[str | None] = mapped_column(sa.String(36))


class SupervisionRound(Base):
    """One answer with measures of a unit's head, and the department's verdict (`accept`, `again`)."""

    __tablename__ = "supervision_round"
    __table_args__ = (sa.UniqueConstraint("supervision_id", "round"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    supervision_id: Mapped[int] = mapped_column(sa.ForeignKey("supervision_order.id"))
    round: Mapped[int]
    head_unit: Mapped[str] = mapped_column(sa.String(40))
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    cause: Mapped[str] = mapped_column(sa.Text, default="")
    measures: Mapped[str] = mapped_column(sa.Text, default="")
    answered_by: Mapped[str] = mapped_column(sa.String(80), default="")
    answered_at: Mapped[datetime | None]
    verdict: Mapped[str] = mapped_column(sa.String(20), default="")
    note: Mapped[str] = mapped_column(sa.Text, default="")
    evaluated_by: Mapped[str] = mapped_column(sa.String(80), default="")
    evaluated_at: Mapped[datetime | None]
