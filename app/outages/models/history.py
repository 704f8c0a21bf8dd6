"""What happened to an outage: steps of interruption and restoration, ETRs, sentences. All only grow."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class OutageStep(Base):
    """One step (时间、设备、户数): `kind` is out or restored, `customers` how many it concerned.

    `customer_minutes` is the sum, over the customers of a step `restored`, of the minutes from `out_at` to
    `at` (停电时户数 × 60); 0 for a step `out`. The outage's customer-minutes are the sum over its steps, and
    equal the sum over `outage_customer`.
    """

    __tablename__ = "outage_step"
    __table_args__ = (sa.UniqueConstraint("outage_id", "n"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    outage_id: Mapped[int] = mapped_column(sa.ForeignKey("outage.id"))
    n: Mapped[int]
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(sa.String(10))
    device_code: Mapped[str] = mapped_column(sa.String(64), default="")
    customers: Mapped[int]
    customer_minutes: Mapped[float] = mapped_column(default=0.0)
    by: Mapped[str] = mapped_column(sa.String(80))
    note: Mapped[str] = mapped_column(sa.Text, default="")


class OutageEtr(Base):
    """An expected time of restoration (预计送电时间) and who said so: rule, crew, dispatcher, mass or plan."""

    __tablename__ = "outage_etr"
    __table_args__ = (sa.Index("ix_outage_etr_outage", "outage_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    outage_id: Mapped[int] = mapped_column(sa.ForeignKey("outage.id"))
    at: Mapped[datetime]
    etr_at: Mapped[datetime | None]
    source: Mapped[str] = mapped_column(sa.String(20))
    by: Mapped[str] = mapped_column(sa.String(80))
    note: Mapped[str] = mapped_column(sa.Text, default="")


class OutageEvent(Base):
    """One sentence of the time-line: `kind` chooses the words (`outages.sentences`), `params` fill them."""

    __tablename__ = "outage_event"
    __table_args__ = (sa.Index("ix_outage_event_outage", "outage_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    outage_id: Mapped[int] = mapped_column(sa.ForeignKey("outage.id"))
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(sa.String(40))
    params: Mapped[dict[str, Any]] = mapped_column(default=dict)
    actor: Mapped[str] = mapped_column(sa.String(80))
    actor_name: Mapped[str] = mapped_column(sa.String(80), default="")
