"""What was done with an order on its way: hand-overs, returns, pauses, merges, reports."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class OrderReturn(Base):
    """A crew gave the order back (退单) with a coded reason."""

    __tablename__ = "order_return"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("work_order.id"), index=True)
    reason: Mapped[str] = mapped_column(sa.String(40))
    note: Mapped[str] = mapped_column(sa.Text, default="")
    crew_id: Mapped[int | None] = mapped_column(sa.ForeignKey("crew.id"))
    by: Mapped[str] = mapped_column(sa.String(80))
    at: Mapped[datetime]


class OrderTransfer(Base):
    """The order went to another unit (转派); its clocks went on."""

    __tablename__ = "order_transfer"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("work_order.id"), index=True)
    from_unit: Mapped[str] = mapped_column(sa.String(40))
    to_unit: Mapped[str] = mapped_column(sa.String(40))
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    by: Mapped[str] = mapped_column(sa.String(80))
    at: Mapped[datetime]


class OrderAssistant(Base):
    """Another unit helps (协办); the lead's reply waits until every assistant has replied."""

    __tablename__ = "order_assistant"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("work_order.id"), index=True)
    unit_code: Mapped[str] = mapped_column(sa.String(40))
    request: Mapped[str] = mapped_column(sa.Text, default="")
    state: Mapped[str] = mapped_column(sa.String(10), default="open")
    result: Mapped[str] = mapped_column(sa.Text, default="")
    asked_by: Mapped[str] = mapped_column(sa.String(80))
    asked_at: Mapped[datetime]
    replied_by: Mapped[str] = mapped_column(sa.String(80), default="")
    replied_at: Mapped[datetime | None]


class OrderSuspension(Base):
    """The order rested (挂起) for a coded reason until a time or until somebody took it up again."""

    __tablename__ = "order_suspension"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("work_order.id"), index=True)
    reason: Mapped[str] = mapped_column(sa.String(40))
    note: Mapped[str] = mapped_column(sa.Text, default="")
    status_before: Mapped[str] = mapped_column(sa.String(20))
    by: Mapped[str] = mapped_column(sa.String(80))
    at: Mapped[datetime]
    until: Mapped[datetime]
    resumed_at: Mapped[datetime | None]
    resumed_by: Mapped[str] = mapped_column(sa.String(80), default="")


class OrderMerge(Base):
    """An order was attached to a main order (合并), and perhaps taken off again (拆分)."""

    __tablename__ = "order_merge"

    id: Mapped[int] = mapped_column(primary_key=True)
    main_id: Mapped[int] = mapped_column(sa.ForeignKey("work_order.id"), index=True)
    child_id: Mapped[int] = mapped_column(sa.ForeignKey("work_order.id"), index=True)
    cause: Mapped[str] = mapped_column(sa.Text, default="")
    status_before: Mapped[str] = mapped_column(sa.String(20))
    by: Mapped[str] = mapped_column(sa.String(80))
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str] = mapped_column(sa.String(80), default="")
    undone_reason: Mapped[str] = mapped_column(sa.Text, default="")


class OrderReminder(Base):
    """The customer asked again (催办)."""

    __tablename__ = "order_reminder"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("work_order.id"), index=True)
    note: Mapped[str] = mapped_column(sa.Text, default="")
    by: Mapped[str] = mapped_column(sa.String(80))
    at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(sa.Text, default="")
    answered_by: Mapped[str] = mapped_column(sa.String(80), default="")
    answered_at: Mapped[datetime | None]


class OrderProgress(Base):
    """The crew said how far it is (进度汇报)."""

    __tablename__ = "order_progress"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("work_order.id"), index=True)
    note: Mapped[str] = mapped_column(sa.Text)
    photos: Mapped[list[Any]] = mapped_column(default=list)
    by: Mapped[str] = mapped_column(sa.String(80))
    at: Mapped[datetime]


class OrderEtr(Base):
    """An estimate of restoration (预计恢复时间) with its source: rule, crew or dispatcher."""

    __tablename__ = "order_etr"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("work_order.id"), index=True)
    etr_at: Mapped[datetime]
    source: Mapped[str] = mapped_column(sa.String(20))
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    by: Mapped[str] = mapped_column(sa.String(80))
    at: Mapped[datetime]
