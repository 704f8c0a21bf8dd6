"""Promises to pay as the customer's page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa

from app.billing.models import CutOffNotice, PaymentPromise
from app.kernel.db import session

MOST = 5


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """A promise; `call_ref` is the call in which it was given, `notice` the cut it held up."""

    promised_on: date
    amount: Decimal
    state: str
    at: datetime
    noted_by: str
    call_ref: str
    notice: str


def promises_of(customer_id: int) -> list[PromiseRow]:
    """The last ones, newest first."""
    rows = session.execute(
        sa.select(
            PaymentPromise.promised_on,
            PaymentPromise.amount,
            PaymentPromise.state,
            PaymentPromise.at,
            PaymentPromise.noted_by,
            PaymentPromise.call_ref,
            CutOffNotice.number,
        )
        .join(CutOffNotice, CutOffNotice.id == PaymentPromise.notice_id)
        .where(PaymentPromise.customer_id == customer_id)
        .order_by(PaymentPromise.id.desc())
        .limit(MOST)
    )
    return [PromiseRow(*row) for row in rows]
