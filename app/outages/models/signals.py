"""What meters say by themselves or when asked: last gasps, power restored, answers to a ping."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class MeterSignal(Base):
    """One signal. `kind` is last_gasp, restored, ping_alive or ping_dead; `key` names it for its sender.

    `at` is the corrected instant, `device_at` what the meter's clock said.
    """

    __tablename__ = "meter_signal"
    __table_args__ = (
        sa.Index("ix_meter_signal_customer", "customer_id", "at"),
        sa.Index("ix_meter_signal_feeder", "feeder_code", "at"),
        sa.Index("ix_meter_signal_received", "received_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(120), unique=True)
    meter_no: Mapped[str] = mapped_column(sa.String(40), default="")
    customer_id: Mapped[int] = mapped_column(sa.ForeignKey("customer.id"))
    transformer_code: Mapped[str] = mapped_column(sa.String(64), default="")
    feeder_code: Mapped[str] = mapped_column(sa.String(64), default="")
    kind: Mapped[str] = mapped_column(sa.String(12))
    at: Mapped[datetime]
    device_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
