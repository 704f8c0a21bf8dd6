"""Verification of restoration (送电核实): which customers are asked, and what they said."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class OutageVerification(Base):
    """One customer to ask. `why` is caller, important or sample; `state` pending, restored, still_out, unreached.

    A customer who is still out begins a nested outage, `nested_id`.
    """

    __tablename__ = "outage_verification"
    __table_args__ = (
        sa.UniqueConstraint("outage_id", "customer_id"),
        sa.Index("ix_outage_verification_customer", "customer_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    outage_id: Mapped[int] = mapped_column(sa.ForeignKey("outage.id"))
    customer_id: Mapped[int] = mapped_column(sa.ForeignKey("customer.id"))
    why: Mapped[str] = mapped_column(sa.String(12))
    state: Mapped[str] = mapped_column(sa.String(12), default="pending")
    tries: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    channel: Mapped[str] = mapped_column(sa.String(12), default="")
    by: Mapped[str] = mapped_column(sa.String(80), default="")
    note: Mapped[str] = mapped_column(sa.String(300), default="")
    nested_id: Mapped[int | None] = mapped_column(sa.ForeignKey("outage.id"))
