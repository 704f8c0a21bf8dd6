"""What contracts say over a period: tariff, capacity, losses, cut into spans of one set of rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.billing.computing import CannotBill, Terms
from app.billing.models import BillingTerms
from app.billing.rules import Book
from app.customers.models import Customer
from app.kernel.db import session, table

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Account:
    """What billing needs of a customer."""

    id: int
    number: str
    unit_code: str
    unit_path: str
    tariff_code: str
    capacity: Decimal | None
    segment_code: str


@dataclass(frozen=True, slots=True)
class TermsView:
    """Terms as a page shows them; see `models.BillingTerms`."""

    id: int
    valid_from: date
    valid_to: date | None
    tariff_code: str
    capacity: Decimal | None
    contract_demand: Decimal | None
    household: int
    loss_rate: Decimal
    loss_fixed: Decimal
    do_not_cut: str


def account_columns() -> tuple[Any, ...]:
    """The columns of `Account`, in its order."""
    rows = table(Customer)
    capacity = sa.func.coalesce(rows.c.running_capacity, rows.c.contract_capacity)
    return (
        rows.c.id, rows.c.number, rows.c.unit_code, rows.c.unit_path, rows.c.tariff_code,
        sa.type_coerce(capacity, sa.Numeric(12, 2)), rows.c.segment_code,
    )  # fmt: skip


def accounts(customer_ids: Sequence[int]) -> list[Account]:
    """These customers, by id."""
    rows = table(Customer)
    query = sa.select(*account_columns()).where(rows.c.id.in_(customer_ids)).order_by(rows.c.id)
    return [Account(*row) for row in session.execute(query)]


def contract_rows(customer_ids: Sequence[int], from_on: date, to_on: date) -> Mapping[int, Sequence[BillingTerms]]:
    """The customers' terms within [from_on, to_on), earliest first; most have none."""
    query = (
        sa.select(BillingTerms)
        .where(
            BillingTerms.customer_id.in_(customer_ids),
            BillingTerms.valid_from < to_on,
            sa.or_(BillingTerms.valid_to.is_(None), BillingTerms.valid_to > from_on),
        )
        .order_by(BillingTerms.valid_from)
    )
    found: dict[int, list[BillingTerms]] = {}
    for row in session.scalars(query):
        found.setdefault(row.customer_id, []).append(row)
    return found


def terms_of(customer_id: int) -> list[TermsView]:
    """All terms of a customer, newest first."""
    query = sa.select(BillingTerms).where(BillingTerms.customer_id == customer_id)
    rows = session.scalars(query.order_by(BillingTerms.valid_from.desc()))
    return [TermsView(**{name: getattr(row, name) for name in TermsView.__dataclass_fields__}) for row in rows]


def terms(account: Account, rows: Iterable[BillingTerms], book: Book, from_on: date, to_on: date) -> list[Terms]:
    """The spans of [from_on, to_on) under one version and one contract; raises `CannotBill` for an unknown tariff."""
    found: list[Terms] = []
    at = from_on
    for row in rows:
        begin, end = max(row.valid_from, at), min(row.valid_to or to_on, to_on)
        if begin >= end:
            continue
        found += _spans(account, None, book, at, begin)
        found += _spans(account, row, book, begin, end)
        at = end
    return found + _spans(account, None, book, at, to_on)


def _spans(account: Account, row: BillingTerms | None, book: Book, from_on: date, to_on: date) -> list[Terms]:
    if from_on >= to_on:
        return []
    code = (row.tariff_code if row else "") or account.tariff_code
    versions = book.within(code, from_on, to_on)
    if not versions:
        raise CannotBill("no_tariff", tariff=code, on=from_on)
    capacity = row.capacity if row is not None and row.capacity is not None else account.capacity
    more = {} if row is None else _further(row)
    return [
        Terms(max(each.valid_from, from_on), min(each.valid_to or to_on, to_on), each, capacity, **more)
        for each in versions
    ]


def _further(row: BillingTerms) -> dict[str, Any]:
    return {
        "contract_demand": row.contract_demand,
        "household": row.household,
        "loss_rate": row.loss_rate,
        "loss_fixed": row.loss_fixed,
    }
