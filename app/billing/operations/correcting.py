"""Correct a bill: a credit note undoes the original, a new bill takes its place, what was paid goes over.

The original is kept as it was issued. What had been paid on it, late fees included, serves the new bill;
what is over is held in advance, what is missing is due by the new bill's rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.billing.computing import CannotBill, Computed, compute
from app.billing.models import OWED, Bill, Payment, PaymentShare
from app.billing.operations import ledger
from app.billing.operations.announcing import tell_paid
from app.billing.operations.documents import next_round, number_of, stamp, values
from app.billing.operations.issuing import BillInUse, audit_bill, locked_bill, not_billable, require_reason
from app.billing.operations.paying import use_balance
from app.billing.queries.contracts import accounts
from app.billing.queries.gathering import prepare_span
from app.billing.queries.histories import UNDONE
from app.billing.queries.rules import current_book, house_on
from app.customers.models import Customer
from app.identity import authority
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict

ZERO = Decimal(0)


class NothingToCorrect(Conflict):
    """The computation gives the same bill again: change the readings, the contract or the energy first."""

    code = "nothing_to_correct"


@dataclass(frozen=True, slots=True)
class Corrected:
    """The documents made; `difference` is the new amount less the old one. `later` are the bills after this
    one in the year, whose tiers count this one's energy: they may need a correction too."""

    credit_note: str
    bill: str
    difference: Decimal
    later: list[str]


def preview_correction(number: str, *, adjustment: Decimal = ZERO, actor: Actor, now: datetime) -> Computed:
    """What the corrected bill would say, nothing written. Right `bill.correct`; raises as `correct_bill`."""
    bill = locked_bill(number)
    authority.require(actor, "bill.correct", unit_path=bill.unit_path, now=now)
    return _compute(bill, adjustment)


def correct_bill(number: str, *, reason: str, adjustment: Decimal = ZERO, actor: Actor, now: datetime) -> Corrected:
    """Compute a bill again from the readings and contract as they now stand, and put it in the place of the old.

    `adjustment` is energy added or taken off by decision, kWh. Right `bill.correct`. Raises `BillNotFound`,
    `BillInUse` (a draft, void or credited), `NotBillable`, `NothingToCorrect`.
    """
    bill = locked_bill(number)
    authority.require(actor, "bill.correct", unit_path=bill.unit_path, now=now)
    require_reason(reason)
    customer = session.get_one(Customer, bill.customer_id)
    computed = _compute(bill, adjustment)
    if (computed.amount, computed.energy) == (bill.amount, bill.energy):
        raise NothingToCorrect(_l("Computed again, bill %(number)s is the same.", number=number))
    overdue = ledger.is_overdue(customer.id, ledger.local_day(now))
    credit = _credit_note(bill, customer, reason, actor=actor, now=now)
    new = _new_bill(bill, customer, computed, reason, actor=actor, now=now)
    _carry_over(bill, new, customer, now=now)
    bill.state = "credited"
    session.flush()
    use_balance(customer.id, on=ledger.local_day(now), actor=actor, now=now)
    if overdue and not ledger.is_overdue(customer.id, ledger.local_day(now)):
        tell_paid(customer.id, actor=actor, now=now)
    details = {"credit_note": credit.number, "bill": new.number, "reason": reason, "amount": str(new.amount)}
    audit_bill("bill.corrected", bill, details, actor=actor, now=now)
    return Corrected(credit.number, new.number, new.amount - bill.amount, _later(bill))


def _compute(bill: Bill, adjustment: Decimal) -> Computed:
    if bill.state not in (*OWED, "paid") or bill.kind == "credit":
        raise BillInUse(_l("Bill %(number)s cannot be corrected in its state.", number=bill.number), state=bill.state)
    house = house_on(bill.to_on)
    account = accounts([bill.customer_id])[0]
    prepared = prepare_span(
        account, bill.from_on, bill.to_on, book=current_book(), house=house, without=[bill.id], adjustment=adjustment
    )
    if prepared.case is None:
        raise not_billable(prepared.refusal or CannotBill("missing_reading"))
    try:
        return compute(prepared.case, house)
    except CannotBill as refusal:
        raise not_billable(refusal) from refusal


def _credit_note(bill: Bill, customer: Customer, reason: str, *, actor: Actor, now: datetime) -> Bill:
    round_ = next_round(bill.customer_id, bill.period)
    row = Bill(
        number=number_of(customer.number, bill.period, round_),
        round=round_,
        kind="credit",
        state="credited",
        customer_id=bill.customer_id,
        unit_code=bill.unit_code,
        unit_path=bill.unit_path,
        period=bill.period,
        from_on=bill.from_on,
        to_on=bill.to_on,
        energy=-bill.energy,
        year_energy=None if bill.year_energy is None else -bill.year_energy,
        amount=-bill.amount,
        late_class=bill.late_class,
        issued_on=ledger.local_day(now),
        corrects_id=bill.id,
        reason=reason[:500],
        tariff_id=bill.tariff_id,
        created_by=actor.ref,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row


def _new_bill(bill: Bill, customer: Customer, computed: Computed, reason: str, *, actor: Actor, now: datetime) -> Bill:
    round_ = next_round(bill.customer_id, bill.period)
    row = values(accounts([customer.id])[0], bill.period, (bill.from_on, bill.to_on), computed)
    new = Bill(
        number=number_of(customer.number, bill.period, round_),
        round=round_,
        kind="correction",
        corrects_id=bill.id,
        reason=reason[:500],
        paid=ZERO,
        late_paid=ZERO,
        **row,
    )
    stamp(new, computed.version.rules.due, on=ledger.local_day(now), by=actor.ref, now=now)
    session.add(new)
    session.flush()
    return new


def _carry_over(bill: Bill, new: Bill, customer: Customer, *, now: datetime) -> None:
    """Move what was paid on the old bill to the new one, payment by payment; what is over to the balance."""
    today = ledger.local_day(now)
    for payment, parts in _paid_by(bill).items():
        freed = ZERO
        for kind, on, amount in parts:
            ledger.share(payment, bill, kind, -amount, customer=customer, on=on, now=now)
            freed += amount
        used = min(freed, new.amount - new.paid)
        ledger.share(payment, new, "principal", used, customer=customer, on=today, now=now)
        ledger.share(payment, None, "balance", freed - used, customer=customer, on=today, now=now)
    session.flush()
    ledger.settle(new)


def _paid_by(bill: Bill) -> dict[Payment, list[tuple[str, date, Decimal]]]:
    total = sa.func.sum(PaymentShare.amount)
    query = (
        sa.select(Payment, PaymentShare.kind, PaymentShare.counts_on, total)
        .join(PaymentShare, PaymentShare.payment_id == Payment.id)
        .where(PaymentShare.bill_id == bill.id)
        .group_by(Payment.id, PaymentShare.kind, PaymentShare.counts_on)
        .having(total > 0)
        .order_by(Payment.id)
    )
    found: dict[Payment, list[tuple[str, date, Decimal]]] = {}
    for payment, kind, on, amount in session.execute(query).all():
        found.setdefault(payment, []).append((kind, on, Decimal(amount)))
    return found


def _later(bill: Bill) -> list[str]:
    query = sa.select(Bill.number, Bill.to_on).where(
        Bill.customer_id == bill.customer_id, Bill.from_on >= bill.to_on, Bill.state.not_in((*UNDONE, "draft"))
    )
    year = bill.from_on.year
    return [number for number, to_on in session.execute(query.order_by(Bill.to_on)) if to_on.year == year]
