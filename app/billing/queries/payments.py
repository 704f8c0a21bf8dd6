"""A customer's payments as lists show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from app.billing.models import Payment
from app.kernel.db import session


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """One payment."""

    number: str
    paid_on: date
    amount: Decimal
    source: str
    reference: str
    state: str
    note: str
    reversal_reason: str


def payments_of(customer_id: int, *, limit: int = 12) -> list[PaymentRow]:
    """The customer's payments, newest first; uses of money held in advance are none."""
    columns = [getattr(Payment, name) for name in PaymentRow.__dataclass_fields__]
    query = (
        sa.select(*columns)
        .where(Payment.customer_id == customer_id, Payment.source != "balance")
        .order_by(Payment.id.desc())
        .limit(limit)
    )
    return [PaymentRow(*row) for row in session.execute(query)]
