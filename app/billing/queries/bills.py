"""Looking at bills: one as its page shows it, and a customer's list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.billing.models import OWED, Bill, Payment, PaymentShare, Tariff
from app.billing.queries.late import late_fees
from app.customers.models import Customer
from app.identity import authority
from app.kernel.actor import Actor
from app.kernel.clock import LOCAL
from app.kernel.db import session
from app.kernel.errors import Forbidden, NotFound
from app.kernel.i18n import localized

VIEW = "bill.view"


class BillNotFound(NotFound):
    code = "bill_not_found"


@dataclass(frozen=True, slots=True)
class BillRow:
    """A bill in a list; `late` is the late fee owed on it today, `left` what is owed of the amount."""

    number: str
    period: str
    kind: str
    state: str
    from_on: date
    to_on: date
    energy: Decimal
    amount: Decimal
    paid: Decimal
    left: Decimal
    late: Decimal
    issued_on: date | None
    due_on: date | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class Share:
    """What a payment gave to a bill."""

    payment: str
    source: str
    on: date
    kind: str
    amount: Decimal
    state: str


@dataclass(frozen=True, slots=True)
class BillView:
    """A bill with everything its page tells. `corrects` and `related` are numbers of bills."""

    row: BillRow
    customer_id: int
    customer_number: str
    customer_name: str
    address: str
    unit_path: str
    tariff: str
    tariff_code: str
    tariff_source: str
    lines: Sequence[Mapping[str, Any]] | None
    facts: Mapping[str, Any]
    reason: str
    shares: Sequence[Share]
    related: Sequence[BillRow]
    earlier: Sequence[BillRow]


def bill_view(number: str, *, actor: Actor, now: datetime) -> BillView:
    """A bill; raises `BillNotFound`, `Forbidden` (right `bill.view` at its unit)."""
    found = session.execute(
        sa.select(Bill, Customer).join(Customer, Customer.id == Bill.customer_id).where(Bill.number == number)
    ).one_or_none()
    if found is None:
        raise BillNotFound(_l("There is no bill %(number)s.", number=number))
    bill, customer = found
    if not authority.may(actor, VIEW, unit_path=bill.unit_path, now=now):
        raise Forbidden(_l("Bill %(number)s belongs to a unit you may not see.", number=number))
    tariff = session.get(Tariff, bill.tariff_id) if bill.tariff_id else None
    today = now.astimezone(LOCAL).date()
    related = _related(bill)
    earlier = _earlier(bill)
    rows = {row.number: row for row in rows_of([bill, *related, *earlier], today)}
    return BillView(
        row=rows[bill.number],
        customer_id=customer.id,
        customer_number=customer.number,
        customer_name=customer.name,
        address=customer.address,
        unit_path=bill.unit_path,
        tariff=localized(tariff.name, tariff.name_en) if tariff else "",
        tariff_code=tariff.code if tariff else "",
        tariff_source=tariff.source if tariff else "",
        lines=bill.lines,
        facts=bill.facts or {},
        reason=bill.reason,
        shares=_shares(bill.id),
        related=[rows[each.number] for each in related],
        earlier=[rows[each.number] for each in earlier],
    )


def bills_of(customer_id: int, limit: int = 24, *, at: datetime) -> list[BillRow]:
    """A customer's bills, newest first, drafts left out."""
    query = (
        sa.select(Bill)
        .where(Bill.customer_id == customer_id, Bill.state != "draft")
        .order_by(Bill.period.desc(), Bill.round.desc())
        .limit(limit)
    )
    return rows_of(list(session.scalars(query)), at.astimezone(LOCAL).date())


def rows_of(bills: Sequence[Bill], today: date) -> list[BillRow]:
    """Bills as lists show them, with late fees as they stand today."""
    fees = late_fees(bills, today)
    return [_row(bill, fees.get(bill.id, Decimal(0)), today) for bill in bills]


def _row(bill: Bill, late: Decimal, today: date) -> BillRow:
    owed = bill.state in OWED
    return BillRow(
        number=bill.number,
        period=bill.period,
        kind=bill.kind,
        state=bill.state,
        from_on=bill.from_on,
        to_on=bill.to_on,
        energy=bill.energy,
        amount=bill.amount,
        paid=bill.paid,
        left=bill.amount - bill.paid if owed else Decimal(0),
        late=late,
        issued_on=bill.issued_on,
        due_on=bill.due_on,
        overdue=owed and bill.due_on is not None and bill.due_on < today,
    )


def _related(bill: Bill) -> list[Bill]:
    """The other documents of the same correction: original, credit note, new bill."""
    main = bill.corrects_id or bill.id
    query = sa.select(Bill).where(sa.or_(Bill.id == main, Bill.corrects_id.in_([main, bill.id])), Bill.id != bill.id)
    return list(session.scalars(query.order_by(Bill.id)))


def _earlier(bill: Bill) -> list[Bill]:
    """The bill before, and that of the same month a year ago."""
    year_ago = f"{int(bill.period[:4]) - 1}{bill.period[4:]}"
    counted = Bill.state.not_in(("void", "credited", "draft"))
    mine = sa.select(Bill).where(Bill.customer_id == bill.customer_id, counted)
    before = session.scalar(mine.where(Bill.to_on <= bill.from_on).order_by(Bill.to_on.desc()).limit(1))
    last_year = session.scalar(mine.where(Bill.period == year_ago).order_by(Bill.round.desc()).limit(1))
    return [each for each in (before, last_year) if each is not None]


def _shares(bill_id: int) -> list[Share]:
    total = sa.func.sum(PaymentShare.amount)
    query = (
        sa.select(Payment.number, Payment.source, PaymentShare.counts_on, PaymentShare.kind, total, Payment.state)
        .join(Payment, Payment.id == PaymentShare.payment_id)
        .where(PaymentShare.bill_id == bill_id)
        .group_by(Payment.id, Payment.number, Payment.source, PaymentShare.counts_on, PaymentShare.kind, Payment.state)
        .order_by(PaymentShare.counts_on, Payment.id)
    )
    return [
        Share(number, source, on, kind, Decimal(amount), state)
        for number, source, on, kind, amount, state in session.execute(query)
    ]
