"""Payments (收费) and what each was used for."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.customers.models.columns import BigId
from app.kernel.db import Base


class Payment(Base):
    """Money received, once for each (source, reference). `paid_on` is the day that counts for late fees.

    `source` names the channel (`counter`, `bank`, `online` …); `balance` is money held in advance that was
    used for a bill, and is no new money. `state` is `posted` or `reversed`.
    """

    __tablename__ = "payment"
    __table_args__ = (
        sa.UniqueConstraint("source", "reference"),
        sa.Index("ix_payment_customer", "customer_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(40), unique=True)
    revision: Mapped[int] = mapped_column(default=1)
    customer_id: Mapped[int] = mapped_column(sa.ForeignKey("customer.id"))
    unit_path: Mapped[str] = mapped_column(sa.String(200))
    amount: Mapped[Decimal] = mapped_column(sa.Numeric(14, 2))
    paid_on: Mapped[date]
    source: Mapped[str] = mapped_column(sa.String(40))
    reference: Mapped[str] = mapped_column(sa.String(80))
    state: Mapped[str] = mapped_column(sa.String(20), default="posted")
    note: Mapped[str] = mapped_column(sa.String(300), default="")
    recorded_by: Mapped[str] = mapped_column(sa.String(80))
    recorded_at: Mapped[datetime]
    reversed_by: Mapped[str] = mapped_column(sa.String(80), default="")
    reversed_at: Mapped[datetime | None]
    reversal_reason: Mapped[str] = mapped_column(sa.String(300), default="")

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 (declared so by SQLAlchemy)


class PaymentShare(Base):
    """What part of a payment went where. Rows are only added: taking back is a row below zero.

    `kind` is `principal` or `late_fee` of a bill, or `balance` (held in advance, no bill).
    """

    __tablename__ = "payment_share"
    __table_args__ = (sa.Index("ix_payment_share_bill", "bill_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    payment_id: Mapped[int] = mapped_column(BigId, sa.ForeignKey("payment.id"), index=True)
    bill_id: Mapped[int | None] = mapped_column(BigId, sa.ForeignKey("bill.id"))
    kind: Mapped[str] = mapped_column(sa.String(20))
    amount: Mapped[Decimal] = mapped_column(sa.Numeric(14, 2))
    counts_on: Mapped[date]
    at: Mapped[datetime]
