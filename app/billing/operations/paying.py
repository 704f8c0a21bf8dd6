"""Payments: recorded once for each (source, reference), used oldest bill first, what is over held in advance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.billing.models import Bill, Payment, PaymentShare
from app.billing.operations import ledger
from app.billing.operations.announcing import tell_paid
from app.billing.queries.rules import house_on
from app.customers.models import Customer
from app.identity import authority
from app.kernel import audit
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict, Invalid, NotFound
from app.kernel.numbering import next_number

CENT = Decimal("0.01")
MOST = Decimal("999999999999.99")
"""What the column holds."""

HELD = "balance"
"""The source of payments out of money held in advance."""


class InvalidPayment(Invalid):
    code = "invalid_payment"


class PaymentNotFound(NotFound):
    code = "payment_not_found"


class ReferenceReused(Conflict):
    """Another payment was recorded under this source and reference."""

    code = "payment_reference_reused"


class AlreadyReversed(Conflict):
    code = "payment_reversed"


class CustomerUnknown(NotFound):
    code = "customer_not_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPayment:
    """A payment as a channel reports it; `paid_on` is the day that counts for late fees."""

    customer: str
    amount: Decimal
    source: str
    reference: str
    paid_on: date
    note: str = ""


@dataclass(frozen=True, slots=True)
class Recorded:
    """The payment's number; `new` is false where it was recorded before. `balance` is held in advance after it."""

    number: str
    new: bool
    balance: Decimal


def record_payment(given: NewPayment, *, actor: Actor, now: datetime) -> Recorded:
    """Record a payment and use it. Right `payment.record` at the customer's unit.

    The same payment again changes nothing. Raises `InvalidPayment`, `CustomerUnknown`, `ReferenceReused`.
    """
    customer = customer_of(given.customer)
    authority.require(actor, "payment.record", unit_path=customer.unit_path, now=now)
    _check(given, now)
    customer = ledger.lock_customer(customer.id)
    known = session.scalar(
        sa.select(Payment).where(Payment.source == given.source, Payment.reference == given.reference)
    )
    if known is not None:
        return _again(known, given, customer)
    payment = _add(customer, given, actor=actor, now=now)
    house = house_on(given.paid_on)
    overdue = ledger.is_overdue(customer.id, ledger.local_day(now))
    left = ledger.spend(payment, given.amount, customer=customer, on=given.paid_on, house=house, now=now)
    ledger.share(payment, None, "balance", left, customer=customer, on=given.paid_on, now=now)
    session.flush()
    details = {"customer": customer.number, "amount": str(given.amount), "source": given.source}
    _audit("payment.recorded", payment, details, actor=actor, now=now)
    if overdue and not ledger.is_overdue(customer.id, ledger.local_day(now)):
        tell_paid(customer.id, actor=actor, now=now)
    return Recorded(payment.number, True, customer.balance)


def use_balance(customer_id: int, *, on: date, actor: Actor, now: datetime) -> Decimal:
    """Use what the customer paid in advance for open bills; returns how much was used, yuan."""
    customer = ledger.lock_customer(customer_id)
    owed = sum((bill.amount - bill.paid for bill in ledger.owed_bills(customer_id)), Decimal(0))
    house = house_on(on)
    fees = sum((ledger.late_owed(bill, on, house) for bill in ledger.owed_bills(customer_id)), Decimal(0))
    amount = min(customer.balance, owed + fees)
    if amount <= 0:
        return Decimal(0)
    number = next_number("YC", now=now)
    given = NewPayment(customer=customer.number, amount=amount, source=HELD, reference=number, paid_on=on)
    payment = _add(customer, given, actor=actor, now=now, number=number)
    customer.balance -= amount
    left = ledger.spend(payment, amount, customer=customer, on=on, house=house, now=now)
    ledger.share(payment, None, "balance", left, customer=customer, on=on, now=now)
    session.flush()
    return amount - left


def reverse_payment(number: str, *, reason: str, actor: Actor, now: datetime) -> None:
    """Take a payment back (a cheque that bounced, a wrong account): its shares, and what its rest was used for.

    Raises `PaymentNotFound`, `AlreadyReversed`, `InvalidPayment` (no reason; a use of the balance).
    """
    payment = session.scalar(sa.select(Payment).where(Payment.number == number))
    if payment is None:
        raise PaymentNotFound(_l("There is no payment %(number)s.", number=number))
    authority.require(actor, "payment.record", unit_path=payment.unit_path, now=now)
    if not reason.strip():
        raise _invalid("reason", _l("Say why the payment is taken back."))
    if payment.source == HELD:
        raise _invalid("number", _l("This is a use of money paid in advance: reverse the payment it came from."))
    customer = ledger.lock_customer(payment.customer_id)
    session.refresh(payment, with_for_update=True)
    if payment.state == "reversed":
        raise AlreadyReversed(_l("Payment %(number)s was taken back already.", number=number))
    _take_back(payment, reason, customer=customer, actor=actor, now=now)
    for later in _uses_of_balance(customer.id):
        if customer.balance >= 0:
            break
        _take_back(later, reason, customer=customer, actor=actor, now=now)
    session.flush()
    _audit("payment.reversed", payment, {"reason": reason, "amount": str(payment.amount)}, actor=actor, now=now)


def customer_of(number: str) -> Customer:
    """The customer of this number; raises `CustomerUnknown`."""
    found = session.scalar(sa.select(Customer).where(Customer.number == number.strip()))
    if found is None:
        raise CustomerUnknown(_l("There is no customer with the number %(number)s.", number=number))
    return found


def _check(given: NewPayment, now: datetime) -> None:
    if not given.amount.is_finite() or given.amount <= 0 or given.amount > MOST:
        raise _invalid("amount", _l("The amount must be above zero."))
    if given.amount != given.amount.quantize(CENT):
        raise _invalid("amount", _l("The amount has more than two places."))
    if not given.source.strip() or given.source == HELD or len(given.source) > 40:
        raise _invalid("source", _l("Name the channel the payment came by."))
    if not given.reference.strip() or len(given.reference) > 80:
        raise _invalid("reference", _l("Give the channel's own reference of the payment."))
    if given.paid_on > ledger.local_day(now):
        raise _invalid("paid_on", _l("The day of payment lies in the future."))


def _invalid(name: str, message: object) -> InvalidPayment:
    return InvalidPayment(message, errors={name: [message]})


def _again(known: Payment, given: NewPayment, customer: Customer) -> Recorded:
    if (known.customer_id, known.amount) != (customer.id, given.amount):
        raise ReferenceReused(
            _l("Reference %(reference)s names another payment.", reference=given.reference), number=known.number
        )
    return Recorded(known.number, False, customer.balance)


def _add(customer: Customer, given: NewPayment, *, actor: Actor, now: datetime, number: str = "") -> Payment:
    payment = Payment(
        number=number or next_number("SF", now=now),
        customer_id=customer.id,
        unit_path=customer.unit_path,
        amount=given.amount,
        paid_on=given.paid_on,
        source=given.source,
        reference=given.reference,
        note=given.note[:300],
        recorded_by=actor.ref,
        recorded_at=now,
    )
    session.add(payment)
    session.flush()
    return payment


def _take_back(payment: Payment, reason: str, *, customer: Customer, actor: Actor, now: datetime) -> None:
    """Undo a payment's shares; money out of the balance goes back to it."""
    query = (
        sa.select(PaymentShare.bill_id, PaymentShare.kind, PaymentShare.counts_on, sa.func.sum(PaymentShare.amount))
        .where(PaymentShare.payment_id == payment.id)
        .group_by(PaymentShare.bill_id, PaymentShare.kind, PaymentShare.counts_on)
    )
    for bill_id, kind, on, amount in session.execute(query).all():
        bill = session.get_one(Bill, bill_id, with_for_update=True) if bill_id else None
        ledger.share(payment, bill, kind, -Decimal(amount), customer=customer, on=on, now=now)
        if bill is not None:
            ledger.settle(bill)
    if payment.source == HELD:
        customer.balance += payment.amount
    payment.state, payment.reversed_by, payment.reversed_at = "reversed", actor.ref, now
    payment.reversal_reason = reason[:300]
    session.flush()


def _uses_of_balance(customer_id: int) -> list[Payment]:
    query = (
        sa.select(Payment)
        .where(Payment.customer_id == customer_id, Payment.source == HELD, Payment.state == "posted")
        .order_by(Payment.id.desc())
    )
    return list(session.scalars(query))


def _audit(action: str, payment: Payment, details: dict[str, str], *, actor: Actor, now: datetime) -> None:
    audit.record(
        action,
        actor=actor,
        now=now,
        subject_type="payment",
        subject_id=payment.number,
        unit_path=payment.unit_path,
        details=details,
    )
