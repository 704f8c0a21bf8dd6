"""Billing runs as their pages show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import aliased

from app.billing.models import Bill, BillingException, BillingRun
from app.billing.operations.running import RunNotFound
from app.billing.queries.arrears import under
from app.customers.models import Customer, ReadingSegment
from app.kernel.db import session

PAGE = 50


@dataclass(frozen=True, slots=True)
class RunView:
    """A run as `models.BillingRun` says."""

    id: int
    number: str
    period: str
    unit_code: str
    unit_path: str
    segments: Sequence[str]
    state: str
    total: int
    done: int
    billed: int
    skipped: int
    exceptions: int
    energy: Decimal
    amount: Decimal
    requested_by: str
    requested_at: datetime
    finished_at: datetime | None
    released_by: str
    released_at: datetime | None


@dataclass(frozen=True, slots=True)
class ExceptionView:
    """One customer that a run could not bill, or whose bill somebody should look at."""

    id: int
    kind: str
    blocking: bool
    details: dict[str, Any]
    state: str
    note: str
    customer: str
    name: str
    segment: str
    bill: str


def runs(*, paths: Sequence[str], before: int | None = None, limit: int = PAGE) -> list[RunView]:
    """Runs under these path prefixes, newest first, a page by key."""
    query = sa.select(BillingRun).where(under(BillingRun.unit_path, paths)).order_by(BillingRun.id.desc())
    if before is not None:
        query = query.where(BillingRun.id < before)
    return [_view(row) for row in session.scalars(query.limit(limit))]


def run_view(number: str, *, paths: Sequence[str]) -> RunView:
    """A run under these path prefixes; raises `RunNotFound`."""
    query = sa.select(BillingRun).where(BillingRun.number == number, under(BillingRun.unit_path, paths))
    row = session.scalar(query)
    if row is None:
        raise RunNotFound(_l("There is no billing run %(number)s.", number=number))
    return _view(row)


def drafts(run_id: int) -> int:
    """How many drafts of a run are not released."""
    query = sa.select(sa.func.count()).select_from(Bill).where(Bill.run_id == run_id, Bill.state == "draft")
    return session.scalar(query) or 0


def exceptions(
    run_id: int, *, state: str = "open", kind: str = "", after: int = 0, limit: int = PAGE
) -> list[ExceptionView]:
    """A run's exceptions, a page by key."""
    bill = aliased(Bill)
    query = (
        sa.select(BillingException, Customer.number, Customer.name, Customer.segment_code, bill.number)
        .join(Customer, Customer.id == BillingException.customer_id)
        .outerjoin(bill, sa.and_(bill.customer_id == Customer.id, bill.run_id == run_id))
        .where(BillingException.run_id == run_id, BillingException.id > after)
        .order_by(BillingException.id)
    )
    if state:
        query = query.where(BillingException.state == state)
    if kind:
        query = query.where(BillingException.kind == kind)
    return [
        ExceptionView(
            row.id, row.kind, row.blocking, row.details, row.state, row.note, number, name, segment, draft or ""
        )
        for row, number, name, segment, draft in session.execute(query.limit(limit))
    ]


def exception_counts(run_id: int) -> dict[str, int]:
    """Open exceptions of a run by kind."""
    query = (
        sa.select(BillingException.kind, sa.func.count())
        .where(BillingException.run_id == run_id, BillingException.state == "open")
        .group_by(BillingException.kind)
        .order_by(BillingException.kind)
    )
    return {kind: count for kind, count in session.execute(query)}


def segments(*, paths: Sequence[str]) -> list[tuple[str, str, str]]:
    """Reading segments under these path prefixes: code, name, English name."""
    query = (
        sa.select(ReadingSegment.code, ReadingSegment.name, ReadingSegment.name_en)
        .where(under(ReadingSegment.unit_path, paths))
        .order_by(ReadingSegment.code)
        .limit(500)
    )
    return [(code, name, name_en) for code, name, name_en in session.execute(query)]


def _view(row: BillingRun) -> RunView:
    return RunView(**{name: getattr(row, name) for name in RunView.__dataclass_fields__})
