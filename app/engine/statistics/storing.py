"""Adding figures to the tables, one writer at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from app.engine.statistics.counting import Counts, Figures, Place
from app.engine.statistics.models import ElementDay, ElementSpan
from app.kernel import db
from app.kernel.db import is_sqlite, session


def lock() -> None:
    """Wait until nobody else changes the figures; readers go on. On SQLite the transaction itself is that lock.

    The first statement of its transaction, so that what it sees is as new as the lock.
    """
    if not is_sqlite():
        session.execute(sa.text("LOCK TABLE element_day IN EXCLUSIVE MODE"))


def add(counts: Counts, *, settled: bool) -> None:
    """Add these figures to those that are there."""
    _add(counts, {"settled": settled, "whole_month": False})
    if not settled:
        _add(counts.by_month(), {"settled": False, "whole_month": True})


def _add(counts: Counts, sort: dict[str, bool]) -> None:
    days = [sort | _day(place, figures) for place, figures in counts.items()]
    rows = [sort | row for place, figures in counts.items() for row in _spans(place, figures)]
    if days:
        db.write(_adding(ElementDay), days)
    if rows:
        db.write(_adding(ElementSpan), rows)


def _day(place: Place, figures: Figures) -> dict[str, Any]:
    names = ("started", "completed", "cancelled", "total_ms", "shortest_ms", "longest_ms")
    return {**place._asdict(), **{name: getattr(figures, name) for name in names}}


def _spans(place: Place, figures: Figures) -> Iterator[dict[str, Any]]:
    for span, count in figures.spans.items():
        yield {**place._asdict(), "span": span, "count": count}


def _adding(model: type[ElementDay] | type[ElementSpan]) -> Any:
    table = db.table(model)
    insert: Any = (sqlite if is_sqlite() else postgresql).insert(table)
    new = insert.excluded
    added = {name: table.c[name] + new[name] for name in SUMS if name in table.c}
    if model is ElementDay:
        added["shortest_ms"] = _chosen(table.c.shortest_ms, new.shortest_ms, new.shortest_ms < table.c.shortest_ms)
        added["longest_ms"] = _chosen(table.c.longest_ms, new.longest_ms, new.longest_ms > table.c.longest_ms)
    return insert.on_conflict_do_update(index_elements=list(table.primary_key.columns), set_=added)


SUMS = ("started", "completed", "cancelled", "total_ms", "count")


def _chosen(old: Any, new: Any, better: Any) -> Any:
    """The new value where it is better or there was none."""
    return sa.case((sa.or_(old.is_(None), better), new), else_=old)
