"""Late fees owed today, for many bills with one statement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from app.billing.computing import late_fee
from app.billing.models import OWED, Bill, PaymentShare
from app.billing.queries.rules import house_on
from app.kernel.db import session


def late_fees(bills: Sequence[Bill], today: date) -> dict[int, Decimal]:
    """The late fee owed on each bill that is past its due day, beyond what was paid of it, yuan."""
    overdue = [bill for bill in bills if bill.state in OWED and bill.due_on is not None and bill.due_on < today]
    if not overdue:
        return {}
    rules = house_on(today).late_fee
    paid = _paid([bill.id for bill in overdue if bill.paid])
    found = {}
    for bill in overdue:
        if bill.due_on is None:
            continue
        fee = late_fee(
            bill.amount, bill.due_on, today, late_class=bill.late_class, rules=rules, paid=paid.get(bill.id, ())
        )
        found[bill.id] = max(Decimal(0), fee - bill.late_paid)
    return found


def _paid(bill_ids: Sequence[int]) -> dict[int, list[tuple[date, Decimal]]]:
    if not bill_ids:
        return {}
    query = (
        sa.select(PaymentShare.bill_id, PaymentShare.counts_on, sa.func.sum(PaymentShare.amount))
        .where(PaymentShare.bill_id.in_(bill_ids), PaymentShare.kind == "principal")
        .group_by(PaymentShare.bill_id, PaymentShare.counts_on)
        .order_by(PaymentShare.counts_on)
    )
    found: dict[int, list[tuple[date, Decimal]]] = {}
    for bill_id, on, amount in session.execute(query):
        found.setdefault(bill_id or 0, []).append((on, Decimal(amount)))
    return found
