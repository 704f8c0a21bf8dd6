"""Issue one customer's bill for a period, and void one that was issued by mistake."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.billing.computing import CannotBill, Case, compute
from app.billing.models import Bill, BillingException, BillingRun
from app.billing.operations import ledger
from app.billing.operations.documents import next_round, number_of, stamp, values
from app.billing.operations.paying import customer_of, use_balance
from app.billing.periods import days_of
from app.billing.queries.contracts import accounts
from app.billing.queries.gathering import Prepared, prepare
from app.billing.queries.histories import UNDONE
from app.billing.queries.rules import current_book, house_on
from app.identity import authority
from app.kernel import audit
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict, Invalid, NotFound


class DuplicateBill(Conflict):
    """The customer has a bill for the period."""

    code = "duplicate_bill"


class NotBillable(Invalid):
    """The bill cannot be computed: `details["kind"]` is a code of `billing.computing.KINDS`."""

    code = "not_billable"


class BillNotFound(NotFound):
    code = "bill_not_found"


class BillInUse(Conflict):
    """The bill's state does not allow it."""

    code = "bill_in_use"


def issue_bill(customer_number: str, period: str, *, actor: Actor, now: datetime) -> str:
    """Compute and issue a customer's bill for a period; returns its number. Right `bill.issue`.

    Raises `DuplicateBill`, `NotBillable`, `CustomerUnknown`, `InvalidPeriod`.
    """
    customer = customer_of(customer_number)
    authority.require(actor, "bill.issue", unit_path=customer.unit_path, now=now)
    ledger.lock_customer(customer.id)
    _first, last = days_of(period)
    house = house_on(last)
    prepared = prepare(accounts([customer.id]), period, book=current_book(), house=house)[0]
    case = _case(prepared, period)
    try:
        computed = compute(case, house)
    except CannotBill as refusal:
        raise not_billable(refusal) from refusal
    round_ = next_round(customer.id, period)
    row = values(prepared.account, period, (case.from_on, case.to_on), computed)
    bill = Bill(number=number_of(customer.number, period, round_), round=round_, **row)
    stamp(bill, computed.version.rules.due, on=ledger.local_day(now), by=actor.ref, now=now)
    session.add(bill)
    session.flush()
    _close_exceptions(customer.id, period, actor=actor, now=now)
    audit_bill("bill.issued", bill, {"amount": str(bill.amount)}, actor=actor, now=now)
    use_balance(customer.id, on=ledger.local_day(now), actor=actor, now=now)
    return bill.number


def void_bill(number: str, *, reason: str, actor: Actor, now: datetime) -> None:
    """Make a bill count no more, as long as nothing was paid on it. Right `bill.correct`.

    Raises `BillNotFound`, `BillInUse` (paid on, credited), `Invalid` without a reason.
    """
    bill = locked_bill(number)
    authority.require(actor, "bill.correct", unit_path=bill.unit_path, now=now)
    require_reason(reason)
    if bill.state not in ("draft", "issued") or bill.paid or bill.late_paid:
        raise BillInUse(
            _l("Bill %(number)s was paid on or undone: correct it instead.", number=number), state=bill.state
        )
    later = sa.select(Bill.number).where(
        Bill.customer_id == bill.customer_id, Bill.from_on >= bill.to_on, Bill.state.not_in(UNDONE)
    )
    if following := session.scalar(later.limit(1)):
        raise BillInUse(_l("Bill %(number)s follows on this one: correct it instead.", number=following))
    bill.state, bill.reason = "void", reason[:500]
    session.flush()
    audit_bill("bill.voided", bill, {"reason": reason}, actor=actor, now=now)


def locked_bill(number: str) -> Bill:
    """The bill of this number, locked until the commit after its customer is; raises `BillNotFound`.

    The customer first, then bills: the order of everything that moves money, so that none waits for the other.
    """
    owner = session.scalar(sa.select(Bill.customer_id).where(Bill.number == number))
    if owner is None:
        raise BillNotFound(_l("There is no bill %(number)s.", number=number))
    ledger.lock_customer(owner)
    query = sa.select(Bill).where(Bill.number == number).with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).one()


def require_reason(reason: str) -> None:
    """Raise `Invalid` where no reason is given."""
    if not reason.strip():
        message = _l("Say why.")
        raise Invalid(message, errors={"reason": [message]})


def not_billable(refusal: CannotBill) -> NotBillable:
    """A refusal of the computation as one of the operation."""
    return NotBillable(_l("The bill cannot be computed."), kind=refusal.kind, facts=refusal.details)


def audit_bill(action: str, bill: Bill, details: dict[str, str], *, actor: Actor, now: datetime) -> None:
    """Note an act on a bill."""
    audit.record(
        action,
        actor=actor,
        now=now,
        subject_type="bill",
        subject_id=bill.number,
        unit_path=bill.unit_path,
        details=details,
    )


def _case(prepared: Prepared, period: str) -> Case:
    if prepared.skipped == "billed":
        raise DuplicateBill(
            _l("Customer %(number)s has a bill for %(period)s.", number=prepared.account.number, period=period)
        )
    if prepared.case is None:
        raise not_billable(prepared.refusal or CannotBill("missing_reading"))
    return prepared.case


def _close_exceptions(customer_id: int, period: str, *, actor: Actor, now: datetime) -> None:
    """What stood on work lists for this customer and period is done."""
    runs = sa.select(BillingRun.id).where(BillingRun.period == period)
    query = sa.select(BillingException).where(
        BillingException.customer_id == customer_id,
        BillingException.run_id.in_(runs),
        BillingException.state == "open",
        BillingException.blocking,
    )
    for row in session.scalars(query):
        row.state, row.resolved_by, row.resolved_at = "billed", actor.ref, now
