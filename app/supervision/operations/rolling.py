"""Add differences to the roll-ups, and take away rows that count nothing any more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from app.kernel.db import Base, is_sqlite, session, table
from app.supervision.models import MEASURES, OpenCount, PeriodCount

OPEN_KEY = ("unit_code", "category", "sub_type", "status", "limit_state", "age")
PERIOD_KEY = ("grain", "day", "unit_code", "category", "sub_type")

Differences = Mapping[tuple[Any, ...], Counter[str]]


def add_open(differences: Differences) -> None:
    """Add to the counts of open orders."""
    rows = [dict(zip(OPEN_KEY, key, strict=True)) | {"orders": value["orders"]} for key, value in differences.items()]
    _add(OpenCount, OPEN_KEY, ("orders",), rows)


def add_periods(differences: Differences) -> None:
    """Add to the counts of days, and of their months."""
    months: dict[tuple[Any, ...], Counter[str]] = {}
    for (day, *rest), counter in differences.items():
        month = months.setdefault((day.replace(day=1), *rest), Counter())
        for name, value in counter.items():
            month[name] += value
    rows = [
        dict(zip(PERIOD_KEY, (grain, *key), strict=True)) | {name: counter[name] for name in MEASURES}
        for grain, found in (("d", differences), ("m", months))
        for key, counter in found.items()
    ]
    _add(PeriodCount, PERIOD_KEY, MEASURES, rows)


def _add(model: type[Base], key: tuple[str, ...], names: tuple[str, ...], rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    target = table(model)
    insert = (sqlite.insert if is_sqlite() else postgresql.insert)(target)
    sums = {name: target.c[name] + insert.excluded[name] for name in names}
    session.execute(insert.on_conflict_do_update(index_elements=list(key), set_=sums), rows)
    shrunk = [{f"b_{name}": row[name] for name in key} for row in rows if row["orders"] < 0]
    if shrunk:
        here = [target.c[name] == sa.bindparam(f"b_{name}") for name in key]
        session.connection().execute(sa.delete(target).where(*here, target.c.orders == 0), shrunk)
