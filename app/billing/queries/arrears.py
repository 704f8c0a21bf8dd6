"""Arrears (欠费): what customers owe past the due day, with late fees as they stand today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from app.billing.models import OWED, Bill
from app.billing.queries.bills import BillRow, rows_of
from app.customers.models import Customer
from app.kernel.clock import LOCAL
from app.kernel.db import session

PAGE = 50


@dataclass(frozen=True, slots=True)
class Arrears:
    """What one customer owes. `principal` and `late` are overdue; `open` is owed and not yet due."""

    principal: Decimal
    late: Decimal
    open: Decimal
    since: date | None
    bills: Sequence[BillRow]

    @property
    def total(self) -> Decimal:
        """Overdue amounts and late fees, yuan."""
        return self.principal + self.late


def arrears_of(customer_id: int, *, at: datetime) -> Arrears:
    """What the customer owes at an instant."""
    query = sa.select(Bill).where(Bill.customer_id == customer_id, Bill.state.in_(OWED)).order_by(Bill.due_on, Bill.id)
    rows = rows_of(list(session.scalars(query)), at.astimezone(LOCAL).date())
    overdue = [row for row in rows if row.overdue]
    return Arrears(
        principal=sum((row.left for row in overdue), Decimal(0)),
        late=sum((row.late for row in overdue), Decimal(0)),
        open=sum((row.left for row in rows if not row.overdue), Decimal(0)),
        since=min((row.due_on for row in overdue if row.due_on), default=None),
        bills=rows,
    )


@dataclass(frozen=True, slots=True)
class Debtor:
    """A customer in arrears: how many bills, how much (without late fee), since when."""

    customer_id: int
    number: str
    name: str
    address: str
    kind: str
    importance: str
    unit_code: str
    unit_path: str
    cut_off: bool
    bills: int
    principal: Decimal
    since: date


@dataclass(frozen=True, slots=True)
class DebtorPage:
    """Debtors, longest overdue first; `after` is the key of the next page (day and customer)."""

    rows: Sequence[Debtor]
    after: str | None


def debtors(
    *, paths: Sequence[str], today: date, least_days: int = 0, unit_path: str = "", after: str = "", limit: int = PAGE
) -> DebtorPage:
    """Customers overdue for at least so many days under these path prefixes, a page at a time by key."""
    since = sa.func.min(Bill.due_on)
    query = (
        sa.select(
            Bill.customer_id,
            sa.func.count().label("bills"),
            sa.func.sum(Bill.amount - Bill.paid).label("principal"),
            since.label("since"),
        )
        .where(Bill.state.in_(OWED), Bill.due_on < today, under(Bill.unit_path, paths))
        .group_by(Bill.customer_id)
        .having(since <= date.fromordinal(today.toordinal() - least_days))
    )
    if unit_path:
        query = query.where(Bill.unit_path.startswith(unit_path, autoescape=True))
    if (key := _key(after)) is not None:
        query = query.having(sa.or_(since > key[0], sa.and_(since == key[0], Bill.customer_id > key[1])))
    owed = query.order_by(since, Bill.customer_id).limit(limit + 1).subquery()
    rows = session.execute(
        sa.select(Customer, owed.c.bills, owed.c.principal, owed.c.since)
        .join(owed, owed.c.customer_id == Customer.id)
        .order_by(owed.c.since, Customer.id)
    ).all()
    found = [_debtor(*row) for row in rows]
    last = found[limit - 1] if len(found) > limit else None
    return DebtorPage(found[:limit], f"{last.since.isoformat()}.{last.customer_id}" if last else None)


def under(column: InstrumentedAttribute[str], paths: Sequence[str]) -> sa.ColumnElement[bool]:
    """SQL: paths under these prefixes."""
    if "/" in paths:
        return sa.true()
    return sa.or_(sa.false(), *(column.startswith(path, autoescape=True) for path in paths))


def _key(after: str) -> tuple[date, int] | None:
    day, _dot, customer_id = after.partition(".")
    try:
        return date.fromisoformat(day), int(customer_id[:18])
    except ValueError:
        return None


def _debtor(customer: Customer, bills: int, principal: Decimal, since: date) -> Debtor:
    return Debtor(
        customer_id=customer.id,
        number=customer.number,
        name=customer.name,
        address=customer.address,
        kind=customer.kind,
        importance=customer.importance,
        unit_code=customer.unit_code,
        unit_path=customer.unit_path,
        cut_off=customer.cut_off,
        bills=bills,
        principal=Decimal(principal),
        since=since,
    )
