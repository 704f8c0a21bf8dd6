"""The final bill (终结账单): what was used up to the day the last meter was taken away, before an account is closed."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l

from app.billing.computing import CannotBill, compute
from app.billing.models import Bill
from app.billing.operations import ledger
from app.billing.operations.documents import next_round, number_of, stamp, values
from app.billing.operations.issuing import DuplicateBill, audit_bill, not_billable
from app.billing.operations.paying import customer_of, use_balance
from app.billing.periods import period_of
from app.billing.queries.contracts import accounts
from app.billing.queries.gathering import final_span, prepare_span
from app.billing.queries.rules import current_book, house_on
from app.identity import authority
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict


class MeterStands(Conflict):
    """A meter is still installed: its last reading is not taken yet."""

    code = "meter_stands"


def issue_final_bill(customer_number: str, *, actor: Actor, now: datetime) -> str:
    """Bill from the end of the last bill to the removal of the last meter; returns the bill's number.

    The month may hold a regular bill already: the final one is its next round. Right `bill.issue`. Raises
    `CustomerUnknown`, `MeterStands`, `DuplicateBill` (nothing is unbilled), `NotBillable`.
    """
    customer = customer_of(customer_number)
    authority.require(actor, "bill.issue", unit_path=customer.unit_path, now=now)
    ledger.lock_customer(customer.id)
    span = final_span(customer.id)
    if span is None:
        raise MeterStands(_l("A meter of customer %(number)s is still installed.", number=customer.number))
    from_on, to_on = span
    if from_on >= to_on:
        raise DuplicateBill(_l("Customer %(number)s is billed up to the last reading.", number=customer.number))
    house, account = house_on(to_on), accounts([customer.id])[0]
    prepared = prepare_span(account, from_on, to_on, book=current_book(), house=house)
    if prepared.case is None:
        raise not_billable(prepared.refusal or CannotBill("missing_reading"))
    try:
        computed = compute(prepared.case, house)
    except CannotBill as refusal:
        raise not_billable(refusal) from refusal
    period = period_of(to_on)
    round_ = next_round(customer.id, period)
    row = values(account, period, span, computed)
    bill = Bill(number=number_of(customer.number, period, round_), round=round_, kind="final", **row)
    stamp(bill, computed.version.rules.due, on=ledger.local_day(now), by=actor.ref, now=now)
    session.add(bill)
    session.flush()
    audit_bill("bill.issued", bill, {"amount": str(bill.amount), "kind": "final"}, actor=actor, now=now)
    use_balance(customer.id, on=ledger.local_day(now), actor=actor, now=now)
    return bill.number
