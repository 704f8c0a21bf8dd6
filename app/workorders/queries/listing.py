"""The list of orders: search, filters, pages by key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.kernel.db import session
from app.workorders.models import CLOSED, OrderLimit, WorkOrder
from app.workorders.queries.orders import OrderView, view
from app.workorders.queries.scope import readable
from app.workorders.search import index

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What is looked for. `state` is open, closed or a status; `overdue` keeps orders with a limit overrun."""

    text: str = ""
    state: str = "open"
    unit_path: str = ""
    since: datetime | None = None
    until: datetime | None = None
    overdue: bool = False
    supervised: bool = False
    category: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """An order of the list with the limit that ends next (stage, due, begun), none where none runs."""

    order: OrderView
    stage: str | None
    due_at: datetime | None
    started_at: datetime | None


@dataclass(frozen=True, slots=True)
class Page:
    """Rows, newest first; `after` is the key of the next page, none at the end."""

    rows: Sequence[Row]
    after: int | None


def list_orders(
    filters: Filters, *, paths: Sequence[str], now: datetime, after: int | None = None, limit: int = PAGE
) -> Page:
    """Orders under these path prefixes, newest first, a page at a time by key."""
    query = _filtered(filters, now).where(readable(paths)).order_by(WorkOrder.id.desc()).limit(limit + 1)
    if after is not None:
        query = query.where(WorkOrder.id < after)
    found = [view(row) for row in session.scalars(query)]
    shown = found[:limit]
    limits = _next_limits([order.id for order in shown])
    rows = [Row(order, *limits.get(order.id, (None, None, None))) for order in shown]
    return Page(rows, shown[-1].id if len(found) > limit else None)


def _filtered(filters: Filters, now: datetime) -> sa.Select[WorkOrder]:
    query = sa.select(WorkOrder)
    if filters.text.strip():
        query = query.where(WorkOrder.id.in_(index.match(filters.text)))
    if filters.state == "open":
        query = query.where(WorkOrder.status.not_in(CLOSED))
    elif filters.state == "closed":
        query = query.where(WorkOrder.status.in_(CLOSED))
    elif filters.state:
        query = query.where(WorkOrder.status == filters.state)
    if filters.unit_path:
        query = query.where(WorkOrder.unit_path.startswith(filters.unit_path, autoescape=True))
    if filters.since:
        query = query.where(WorkOrder.reported_at >= filters.since)
    if filters.until:
        query = query.where(WorkOrder.reported_at < filters.until)
    if filters.category:
        query = query.where(WorkOrder.category == filters.category)
    if filters.supervised:
        query = query.where(WorkOrder.supervised)
    return query.where(_overdue(now)) if filters.overdue else query


def _overdue(now: datetime) -> sa.ColumnElement[bool]:
    late = sa.select(OrderLimit.order_id).where(OrderLimit.state == "running", OrderLimit.due_at < now)
    return WorkOrder.id.in_(late)


def _next_limits(ids: Sequence[int]) -> dict[int, tuple[str, datetime, datetime]]:
    query = (
        sa.select(OrderLimit)
        .where(OrderLimit.order_id.in_(ids), OrderLimit.state == "running")
        .order_by(OrderLimit.due_at.desc())
    )
    return {row.order_id: (row.stage, row.due_at, row.started_at) for row in session.scalars(query)}
