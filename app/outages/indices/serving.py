"""How many customers are served (N_T), by feeder and unit, counted each day for the month that runs.

What a feeder served last year can not be asked of the grid of today, so the last count of each month is kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.customers.models import Customer, Premises
from app.kernel import db
from app.kernel.clock import LOCAL
from app.kernel.db import alone, session, table, write
from app.kernel.i18n import localized
from app.network import grid
from app.outages.indices.rules import HOUSEHOLDS
from app.outages.models import ServedCount

WHAT = "outages.served"
CLOSED = "closed"
"""A closed account is served no more."""

Place = tuple[str, str, str, str, str]
"""Unit, its path, feeder, the feeder's name and its English twin."""


def count_when_due(now: datetime) -> int:
    """Count once a day; returns how many rows were written. Owns its transaction."""
    return db.run(lambda: count_served(now=now)) if _is_due(now) else 0


def count_served(*, now: datetime) -> int:
    """Count who is served now, for this month; returns the number of feeders (of units) counted."""
    alone(WHAT)
    month = now.astimezone(LOCAL).date().replace(day=1)
    households, transformers = _counted(now)
    rows = [
        {
            "month": month,
            "unit_code": place[0],
            "unit_path": place[1],
            "feeder_code": place[2],
            "feeder_name": place[3],
            "feeder_name_en": place[4],
            "households": households[place],
            "transformers": transformers[place],
            "counted_at": now,
        }
        for place in sorted(households.keys() | transformers.keys())
    ]
    kept = table(ServedCount)
    write(kept.delete().where(kept.c.month == month))
    if rows:
        write(kept.insert(), rows)
    return len(rows)


@dataclass(frozen=True, slots=True)
class Borrowed:
    """The days from `since` to before `until` have no count yet: that of `month` (its first day) stands for them."""

    since: date
    until: date
    month: date


@dataclass(frozen=True, slots=True)
class Served:
    """Customers served by month; `mean` is N_T of a period."""

    by_month: Mapping[date, float]

    def mean(self, since: date, until: date) -> float:
        """The mean over the days from `since` to before `until`; a month that was not counted is as the nearest was."""
        total, days, day = 0.0, 0, since
        while day < until:
            after = min((day.replace(day=1) + timedelta(days=32)).replace(day=1), until)
            total += self.of(day) * (after - day).days
            days += (after - day).days
            day = after
        return total / days if days else 0.0

    def borrowed(self, since: date, until: date) -> Borrowed | None:
        """The part of a period before the first count, None where it was counted from its beginning."""
        first = min(self.by_month, default=None)
        return Borrowed(since, min(first, until), first) if first is not None and since < first else None

    def of(self, day: date) -> float:
        """Those of the month of this day: as counted in it, else in the nearest month before, else after."""
        month = day.replace(day=1)
        before = [each for each in self.by_month if each <= month]
        nearest = max(before) if before else min(self.by_month, default=None)
        return self.by_month[nearest] if nearest is not None else 0.0


@dataclass(frozen=True, slots=True)
class Serving:
    """Who is served under a unit, as counted month by month: read once, asked line by line.

    A month in which others of the unit were counted, and a feeder or a unit below was not, has nobody there: a feeder
    that was switched to another unit is not served twice.
    """

    rows: Sequence[tuple[date, str, str, float]]

    def of(self, unit_path: str = "/", feeder: str | None = None) -> Served:
        """Those under a unit, or of a feeder of it."""
        by_month = dict.fromkeys((month for month, *_rest in self.rows), 0.0)
        for month, path, code, number in self.rows:
            if path.startswith(unit_path) and feeder in (None, code):
                by_month[month] += number
        return Served(by_month)

    @property
    def feeders(self) -> set[str]:
        """The codes of feeders that serve anybody, or did in a month that was counted."""
        return {code for _month, _path, code, _number in self.rows}


def serving(basis: str, *, unit_path: str = "/") -> Serving:
    """Everything counted under a unit."""
    kept = table(ServedCount).c
    number = kept.households if basis == HOUSEHOLDS else kept.transformers
    query = sa.select(kept.month, kept.unit_path, kept.feeder_code, number).where(kept.unit_path.startswith(unit_path))
    return Serving([(month, path, code, float(count)) for month, path, code, count in session.execute(query)])


def feeder_names() -> dict[str, str]:
    """Names of feeders by code in the reader's language, as last counted."""
    query = sa.select(ServedCount.feeder_code, ServedCount.feeder_name, ServedCount.feeder_name_en).order_by(
        ServedCount.month
    )
    return {code: localized(name, name_en) for code, name, name_en in session.execute(query)}


def _is_due(now: datetime) -> bool:
    today = now.astimezone(LOCAL).date()
    last: datetime | None = session.scalar(sa.select(sa.func.max(ServedCount.counted_at)))
    session.rollback()
    return last is None or last.astimezone(LOCAL).date() < today


def _counted(now: datetime) -> tuple[Counter[Place], Counter[Place]]:
    """Accounts, and distribution transformers with accounts, by place."""
    who, where = table(Customer).c, table(Premises).c
    query = (
        sa.select(where.transformer_code, who.unit_code, who.unit_path, sa.func.count())
        .join_from(table(Customer), table(Premises), where.id == who.premises_id)
        .where(who.status != CLOSED)
        .group_by(where.transformer_code, who.unit_code, who.unit_path)
    )
    model = grid.current(now)
    households: Counter[Place] = Counter()
    transformers: Counter[Place] = Counter()
    seen: set[str] = set()
    for code, unit_code, unit_path, count in session.execute(query):
        place = _place(model, code) or (unit_code, unit_path, "", "", "")
        households[place] += count
        if code and code not in seen:
            seen.add(code)
            transformers[place] += 1
    return households, transformers


def _place(model: Any, transformer: str) -> Place | None:
    """Where the grid has a transformer; None for one it does not know."""
    if not transformer or not model.has(transformer):
        return None
    found = model.info(transformer)
    return found.unit_code, found.unit_path, found.feeder, *model.names(found.feeder)
