"""Open orders counted by kind, state, unit and person, for the pages of heads of posts.

Everything comes from indexes over what is open (`ix_work_order_open`, `ix_order_limit_due`, the
tasks' own): the number of closed orders does not matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from app.engine import api as engine
from app.kernel.db import session
from app.workorders.models import OrderLimit, WorkOrder
from app.workorders.models.order import STILL_OPEN

SOON = timedelta(hours=2)
"""A limit that ends within this time is shown as ending soon."""


@dataclass(frozen=True, slots=True)
class Count:
    """Open orders under one word (a category, state or unit): all, overdue, ending soon."""

    key: str
    orders: int
    overdue: int
    soon: int


@dataclass(frozen=True, slots=True)
class PersonCount:
    """Open tasks of one person (None: nobody has taken them): all and overdue."""

    user_id: int | None
    tasks: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Counts:
    by_category: Sequence[Count]
    by_state: Sequence[Count]
    by_unit: Sequence[Count]
    by_person: Sequence[PersonCount]
    total: Count


def counts(paths: Sequence[str], *, category: str = "", now: datetime) -> Counts:
    """The open orders under these paths (of one category where one is given)."""
    chosen = WorkOrder.category == category if category else sa.true()
    here = sa.and_(_under(WorkOrder.unit_path, paths), sa.text(STILL_OPEN), chosen)
    by_category = _by(WorkOrder.category, here, now)
    return Counts(
        by_category=by_category,
        by_state=_by(WorkOrder.status, here, now),
        by_unit=_by(WorkOrder.unit_code, here, now),
        by_person=_people(paths, now),
        total=Count(
            "",
            sum(each.orders for each in by_category),
            sum(each.overdue for each in by_category),
            sum(each.soon for each in by_category),
        ),
    )


def _by(column: InstrumentedAttribute[str], here: sa.ColumnElement[bool], now: datetime) -> list[Count]:
    running = sa.select(OrderLimit.order_id).where(OrderLimit.state == "running")
    late = WorkOrder.id.in_(running.where(OrderLimit.due_at < now))
    near = WorkOrder.id.in_(running.where(OrderLimit.due_at >= now, OrderLimit.due_at < now + SOON))
    query = (
        sa.select(
            column,
            sa.func.count(),
            sa.func.sum(sa.case((late, 1), else_=0)),
            sa.func.sum(sa.case((sa.and_(near, sa.not_(late)), 1), else_=0)),
        )
        .where(here)
        .group_by(column)
        .order_by(sa.func.count().desc(), column)
    )
    return [Count(key, orders, int(overdue), int(soon)) for key, orders, overdue, soon in session.execute(query)]


def _people(paths: Sequence[str], now: datetime) -> list[PersonCount]:
    task = engine.Task
    query = (
        sa.select(task.assignee_id, sa.func.count(), sa.func.sum(sa.case((task.due_at < now, 1), else_=0)))
        .where(task.state == "open", _under(task.unit_path, paths))
        .group_by(task.assignee_id)
        .order_by(sa.func.count().desc())
        .limit(100)
    )
    return [PersonCount(user_id, tasks, int(overdue)) for user_id, tasks, overdue in session.execute(query)]


def _under(column: InstrumentedAttribute[Any], paths: Sequence[str]) -> sa.ColumnElement[bool]:
    if "/" in paths:
        return sa.true()
    return sa.or_(sa.false(), *(column.startswith(path, autoescape=True) for path in paths))
