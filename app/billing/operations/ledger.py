"""Move money: shares of payments onto bills and balances, and what bills say after it.

Every yuan of a payment stands in shares, which are only added; a bill's `paid` and `late_paid` are the
sums of its shares, a customer's `balance` that of the shares held in advance.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa

from app.billing.computing import late_fee
from app.billing.models import OWED, Bill, Payment, PaymentShare
from app.billing.rules import House
from app.customers.models import Customer
from app.kernel.clock import LOCAL
from app.kernel.db import session

ZERO = Decimal(0)


def local_day(now: datetime) -> date:
    """The local day of an instant."""
    return now.astimezone(LOCAL).date()


def lock_customer(customer_id: int) -> Customer:
    """The customer, locked until the commit: money moves for one customer one after the other."""
    return session.get_one(Customer, customer_id, with_for_update=True, populate_existing=True)


def owed_bills(customer_id: int) -> Sequence[Bill]:
    """The customer's bills that something is owed on, oldest due first."""
    query = (
        sa.select(Bill)
        .where(Bill.customer_id == customer_id, Bill.state.in_(OWED))
        .order_by(Bill.due_on, Bill.id)
        .with_for_update()
    )
    return session.scalars(query).all()


def is_overdue(customer_id: int, on: date) -> bool:
    """Whether the customer owes on a bill past its due day."""
    return any(bill.due_on is not None and bill.due_on < on for bill in owed_bills(customer_id))


def principal_paid(bill_id: int) -> list[tuple[date, Decimal]]:
    """What was paid of a bill's amount, by the days that count, earliest first."""
    query = (
        sa.select(PaymentShare.counts_on, sa.func.sum(PaymentShare.amount))
        .where(PaymentShare.bill_id == bill_id, PaymentShare.kind == "principal")
        .group_by(PaymentShare.counts_on)
        .order_by(PaymentShare.counts_on)
    )
    return [(on, Decimal(amount)) for on, amount in session.execute(query)]


def late_owed(bill: Bill, on: date, house: House) -> Decimal:
    """The late fee owed on a bill on a day beyond what was paid of it, yuan."""
    if bill.due_on is None or on <= bill.due_on:
        return ZERO
    fee = late_fee(
        bill.amount, bill.due_on, on, late_class=bill.late_class, rules=house.late_fee, paid=principal_paid(bill.id)
    )
    return max(ZERO, fee - bill.late_paid)


def share(
    payment: Payment, bill: Bill | None, kind: str, amount: Decimal, *, customer: Customer, on: date, now: datetime
) -> None:
    """Add a share of a payment (below zero: take it back) and carry it into the bill or the balance."""
    if not amount:
        return
    bill_id = bill.id if bill else None
    session.add(PaymentShare(payment_id=payment.id, bill_id=bill_id, kind=kind, amount=amount, counts_on=on, at=now))
    if bill is None:
        customer.balance += amount
    elif kind == "late_fee":
        bill.late_paid += amount
    else:
        bill.paid += amount


def spend(payment: Payment, amount: Decimal, *, customer: Customer, on: date, house: House, now: datetime) -> Decimal:
    """Use money for the customer's bills, oldest due first; returns what is left."""
    left = amount
    for bill in owed_bills(customer.id):
        left = _serve(payment, bill, left, customer=customer, on=on, house=house, now=now)
        if not left:
            break
    session.flush()
    return left


def _serve(
    payment: Payment, bill: Bill, left: Decimal, *, customer: Customer, on: date, house: House, now: datetime
) -> Decimal:
    owed = {"late_fee": late_owed(bill, on, house), "principal": bill.amount - bill.paid}
    for kind in house.payment.order:
        part = min(left, owed[kind])
        share(payment, bill, kind, part, customer=customer, on=on, now=now)
        owed[kind] -= part
        left -= part
    session.flush()
    settle(bill, fee_left=owed["late_fee"])
    return left


def settle(bill: Bill, *, fee_left: Decimal = ZERO) -> None:
    """Say where the bill stands after money moved; a bill that no longer counts stays as it is."""
    if bill.state not in (*OWED, "paid"):
        return
    if bill.paid >= bill.amount and not fee_left:
        bill.state = "paid"
    else:
        bill.state = "part" if bill.paid or bill.late_paid else "issued"
