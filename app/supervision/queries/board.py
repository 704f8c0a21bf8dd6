"""The live board: everything from the roll-ups, so that the number of orders does not matter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.kernel.clock import LOCAL
from app.kernel.db import session
from app.supervision.models import MEASURES, OpenCount, PeriodCount
from app.supervision.queries.lines import Line
from app.supervision.queries.sums import Sums
from app.supervision.queries.tree import View

PERIODS = ("today", "week", "month")
WEEK = timedelta(days=6)
LIMIT_STATES = ("over", "near", "running", "paused", "none")


@dataclass(slots=True)
class Open:
    """Orders under way: all, by state, by limit state, by class of age."""

    orders: int = 0
    states: Counter[str] = field(default_factory=Counter)
    limits: Counter[str] = field(default_factory=Counter)
    ages: Counter[int] = field(default_factory=Counter)

    def add(self, status: str, limit: str, age: int, orders: int) -> None:
        self.orders += orders
        self.states[status] += orders
        self.limits[limit] += orders
        self.ages[age] += orders


@dataclass(slots=True)
class Board:
    """`open` and `periods` of the whole view, and of each row of units by code."""

    open: Open
    by_unit: Mapping[str, Open]
    periods: Mapping[str, Sums]
    period_by_unit: Mapping[str, Mapping[str, Sums]]


def board(line: Line, view: View, *, now: datetime) -> Board:
    """What is under way, and what came today, in seven days and this month."""
    whole, by_unit = Open(), {row.code: Open() for row in view.rows}
    for unit, status, limit, age, orders in session.execute(_open(line, view)):
        place = view.place.get(unit)
        whole.add(status, limit, age, int(orders))
        if place in by_unit:
            by_unit[place].add(status, limit, age, int(orders))
    periods: dict[str, Sums] = {}
    each: dict[str, dict[str, Sums]] = {row.code: {} for row in view.rows}
    for name, span in spans(now).items():
        periods[name], rows = sums_by_unit(line, view, span)
        for code, sums in each.items():
            sums[name] = rows.get(code, Sums())
    return Board(whole, by_unit, periods, each)


Span = tuple[str, date, date]


def spans(now: datetime) -> dict[str, Span]:
    """Each period as (grain, first day, last day)."""
    today = now.astimezone(LOCAL).date()
    first = today.replace(day=1)
    return {"today": ("d", today, today), "week": ("d", today - WEEK, today), "month": ("m", first, first)}


def sums_by_unit(line: Line, view: View, span: Span) -> tuple[Sums, dict[str, Sums]]:
    """The sums of a period, whole and by row of the view."""
    whole = Sums()
    rows: dict[str, Sums] = {}
    for row in session.execute(_period(line, view, span, PeriodCount.unit_code)).mappings():
        whole.add(row)  # type: ignore[arg-type]
        rows.setdefault(view.place.get(row["unit_code"], ""), Sums()).add(row)  # type: ignore[arg-type]
    return whole, rows


def sums_by(column: Any, line: Line, view: View, span: Span) -> dict[Any, Sums]:
    """The sums of a period by category or day."""
    found: dict[Any, Sums] = {}
    for row in session.execute(_period(line, view, span, column)).mappings():
        found.setdefault(row[column.key], Sums()).add(row)  # type: ignore[arg-type]
    return found


def _open(line: Line, view: View) -> sa.Select[str, str, str, int, int]:
    keys = (OpenCount.unit_code, OpenCount.status, OpenCount.limit_state, OpenCount.age)
    return (
        sa.select(*keys, sa.func.sum(OpenCount.orders))
        .where(line.where(OpenCount), within(OpenCount.unit_code, view))
        .group_by(*keys)
    )


def _period(line: Line, view: View, span: Span, column: Any) -> sa.Select[Any]:
    grain, since, until = span
    sums = [sa.func.sum(getattr(PeriodCount, name)).label(name) for name in MEASURES]
    return (
        sa.select(column, *sums)
        .where(PeriodCount.grain == grain, PeriodCount.day >= since, PeriodCount.day <= until)
        .where(line.where(PeriodCount), within(PeriodCount.unit_code, view))
        .group_by(column)
    )


def within(column: Any, view: View) -> sa.ColumnElement[bool]:
    """SQL: rows of the units of a view."""
    return sa.true() if view.whole else column.in_(view.codes)
