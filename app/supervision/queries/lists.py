"""The orders behind a number: of the board, of an indicator's numerator or denominator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

import sqlalchemy as sa

from app.identity import authority
from app.kernel.actor import Actor
from app.kernel.db import session
from app.supervision.models import OrderFact
from app.supervision.queries.board import LIMIT_STATES, within
from app.supervision.queries.lines import Line
from app.supervision.queries.tree import View
from app.workorders.models import WorkOrder
from app.workorders.queries.orders import OrderView
from app.workorders.queries.orders import view as order_view
from app.workorders.queries.scope import READ, masked, readable

PAGE = 50

BY_MEASURE: Mapping[str, sa.ColumnElement[bool]] = MappingProxyType(
    {
        "all": sa.true(),
        "late": OrderFact.late == 1,
        "on_time": sa.and_(OrderFact.due == 1, OrderFact.late == 0),
        "unsatisfied": sa.and_(OrderFact.valid == 1, OrderFact.satisfied == 0),
        "not_called": sa.and_(OrderFact.callback_due == 1, OrderFact.called_back == 0),
    }
    | {
        name: getattr(OrderFact, name) == 1
        for name in (
            "orders",
            "closed",
            "dispatched",
            "returned",
            "due",
            "callback_due",
            "called_back",
            "valid",
            "satisfied",
            "repeated",
            "reopened",
            "supervised",
        )
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is listed. `which` is `open`, a limit state, or a measure of a period (`since`, `until`, local days)."""

    which: str = "open"
    status: str = ""
    age: int | None = None
    category: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """An order as its reader may see it, with the state and end of its limit and its earlier calls."""

    order: OrderView
    limit_state: str
    due_at: datetime | None
    repeats: int


def listed(
    wanted: Wanted, line: Line, view: View, *, actor: Actor, now: datetime, after: int | None = None, limit: int = PAGE
) -> tuple[Sequence[Listed], int | None]:
    """A page of orders, newest first, and the key of the next page. Masked by the workorders' gate."""
    query = (
        sa.select(OrderFact, WorkOrder)
        .join(WorkOrder, WorkOrder.id == OrderFact.order_id)
        .where(*_tests(wanted), line.where(OrderFact), within(OrderFact.unit_code, view))
        .where(readable(authority.paths(actor, READ, now=now)))
        .order_by(OrderFact.order_id.desc())
        .limit(limit + 1)
    )
    if after is not None:
        query = query.where(OrderFact.order_id < after)
    found = session.execute(query).all()
    rows = [
        Listed(masked(order_view(order), actor=actor, now=now), fact.limit_state, fact.due_at, fact.repeats)
        for fact, order in found[:limit]
    ]
    return rows, rows[-1].order.id if len(found) > limit else None


def _tests(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    tests: list[sa.ColumnElement[bool]] = []
    if wanted.which == "open" or wanted.which in LIMIT_STATES:
        tests.append(sa.text("supervision_fact.closed = 0"))  # type: ignore[arg-type]  # as the partial index says
        if wanted.which != "open":
            tests.append(OrderFact.limit_state == wanted.which)
    else:
        tests.append(BY_MEASURE.get(wanted.which, sa.true()))
    if wanted.status:
        tests.append(OrderFact.status == wanted.status)
    if wanted.age is not None:
        tests.append(OrderFact.age == wanted.age)
    if wanted.category:
        tests.append(OrderFact.category == wanted.category)
    if wanted.since:
        tests.append(OrderFact.day >= wanted.since)
    if wanted.until:
        tests.append(OrderFact.day <= wanted.until)
    return tests
