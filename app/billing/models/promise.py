"""Promises to pay (承诺缴费)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class PaymentPromise(Base):
    """A customer said until which day they will pay. `amount` is what was owed then (yuan, late fee included);
    `call_ref` the call in which it was said, `phone` the number that was called, `noted_by` who or what noted it.

    `state`: `open`, `kept` (nothing was overdue any more), `broken`.
    """

    __tablename__ = "payment_promise"
    __table_args__ = (
        sa.Index("ix_payment_promise_customer", "customer_id", "id"),
        sa.UniqueConstraint("notice_id", "call_ref", name="uq_payment_promise_notice_id_call_ref"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(sa.ForeignKey("customer.id"))
    notice_id: Mapped[int] = mapped_column(sa.ForeignKey("cut_off_notice.id"))
    promised_on: Mapped[date]
    amount: Mapped[Decimal] = mapped_column(sa.Numeric(14, 2))
    call_ref: Mapped[str] = mapped_column(sa.String(80), default="")
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    noted_by: Mapped[str] = mapped_column(sa.String(80))
    at: Mapped[datetime]
    state: Mapped[str] = mapped_column(sa.String(10), default="open")
    settled_at: Mapped[datetime | None]
