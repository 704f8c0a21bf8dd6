"""Fold marks into facts and counts (汇总): the difference of each fact, old and new, is added to the roll-ups.

Exactly once: the fact is the memory of what an order has put into the counts, so that folding it again
changes nothing. One fold at a time; a mark written meanwhile has an id of its own and stays for the next.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.kernel import live
from app.kernel.db import alone, session, table
from app.supervision.models import MEASURES, OrderFact, OrderMark
from app.supervision.operations import marking
from app.supervision.operations.computing import compute
from app.supervision.operations.repeats import later_orders
from app.supervision.operations.rolling import add_open, add_periods
from app.supervision.queries.words import bounds
from app.workorders.models import WorkOrder

BATCH = 500
TOPIC = "supervision"
FOLD = "supervision.fold"
ALERTED = ("limit_state", "grade", "importance", "repeats", "media", "closed")
"""What the alert rules ask of a fact: one that changes there is judged anew."""

Row = Mapping[str, Any]


def fold(*, now: datetime, limit: int = BATCH) -> int:
    """Count anew up to `limit` orders that are marked, or whose time has turned; returns how many."""
    alone(FOLD)
    marks = session.execute(sa.select(OrderMark.id, OrderMark.order_id).order_by(OrderMark.id).limit(limit)).all()
    turned = session.scalars(
        sa.select(OrderFact.order_id).where(OrderFact.turns_at <= now).order_by(OrderFact.turns_at).limit(limit)
    )
    ids = {order_id for _id, order_id in marks} | set(turned)
    if not ids:
        return 0
    recount(ids, now=now)
    session.execute(sa.delete(OrderMark).where(OrderMark.id.in_([id_ for id_, _order_id in marks])))
    live.touch(TOPIC)
    return len(ids)


def recount(ids: Collection[int], *, now: datetime) -> None:
    """Bring the facts of these orders, and the counts, up to date."""
    fresh, stored = compute(ids, now=now), _stored(ids)
    for order_id, row in fresh.items():
        before = stored.get(order_id)
        if before is not None and before["judged"] and all(before[name] == row[name] for name in ALERTED):
            row["judged"] = 1
    add_open(_differences(stored.values(), fresh.values(), _open_key, ("orders",)))
    add_periods(_differences(stored.values(), fresh.values(), _period_key, MEASURES))
    session.execute(sa.delete(OrderFact).where(OrderFact.order_id.in_(ids)))
    if fresh:
        session.execute(sa.insert(table(OrderFact)), list(fresh.values()))
    _mark_later(fresh, stored)


def _stored(ids: Collection[int]) -> dict[int, dict[str, Any]]:
    rows = session.execute(sa.select(*table(OrderFact).columns).where(OrderFact.order_id.in_(ids))).mappings()
    return {row["order_id"]: dict(row) for row in rows}


def _open_key(row: Row) -> tuple[Any, ...] | None:
    if row["closed"]:
        return None
    return tuple(row[name] for name in ("unit_code", "category", "sub_type", "status", "limit_state", "age"))


def _period_key(row: Row) -> tuple[Any, ...]:
    return tuple(row[name] for name in ("day", "unit_code", "category", "sub_type"))


def _differences(
    before: Iterable[Row], after: Iterable[Row], key: Any, names: tuple[str, ...]
) -> dict[Any, Counter[str]]:
    """What is to be added to each count, nothing left out but zeros."""
    sums: dict[Any, Counter[str]] = {}
    for rows, sign in ((before, -1), (after, 1)):
        for row in rows:
            place = key(row)
            if place is not None:
                counter = sums.setdefault(place, Counter())
                for name in names:
                    counter[name] += sign * row[name]
    return {place: counter for place, counter in sums.items() if any(counter.values())}


def _mark_later(fresh: Mapping[int, Row], stored: Mapping[int, Row]) -> None:
    """An order that changed its kind counts as earlier call for other orders than before."""
    changed = [
        order_id
        for order_id, row in fresh.items()
        if (before := stored.get(order_id))
        and (before["category"], before["sub_type"]) != (row["category"], row["sub_type"])
    ]
    if changed:
        rows = list(session.scalars(sa.select(WorkOrder).where(WorkOrder.id.in_(changed))))
        marking.mark(later_orders(rows, within=bounds().repeat))
