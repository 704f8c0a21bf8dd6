"""Alerts (预警) that the table `supervision_alerts` raised, each once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class SupervisionAlert(Base):
    """`subject` is what it is about (an order's id, or unit and month); with `rule` it is unique: raised once."""

    __tablename__ = "supervision_alert"
    __table_args__ = (
        sa.UniqueConstraint("rule", "subject"),
        sa.Index("ix_supervision_alert_open", "acknowledged_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    rule: Mapped[str] = mapped_column(sa.String(40))
    subject: Mapped[str] = mapped_column(sa.String(80))
    level: Mapped[str] = mapped_column(sa.String(10))
    order_id: Mapped[int | None] = mapped_column(sa.ForeignKey("work_order.id"), index=True)
    unit_code: Mapped[str] = mapped_column(sa.String(40))
    unit_path: Mapped[str] = mapped_column(sa.String(200))
    category: Mapped[str] = mapped_column(sa.String(40), default="")
    sub_type: Mapped[str] = mapped_column(sa.String(40), default="")
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    raised_at: Mapped[datetime]
    acknowledged_by: Mapped[str] = mapped_column(sa.String(80), default="")
    acknowledged_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(sa.Text, default="")
