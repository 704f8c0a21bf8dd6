"""What the roll-ups should say, computed from the orders alone, by other means than the fold."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.kernel import db
from app.kernel.db import session
from app.supervision.models import MEASURES, OpenCount, OrderMark, PeriodCount
from app.supervision.operations import folding
from app.supervision.operations.computing import compute
from app.workorders.models import WorkOrder


def settle(now: datetime) -> None:
    """Fold until nothing is marked."""
    while db.run(lambda: folding.fold(now=now, limit=3)):
        pass


def kept() -> tuple[dict[Any, int], dict[Any, tuple[int, ...]]]:
    """The roll-ups as they are."""
    open_ = {
        (row.unit_code, row.category, row.sub_type, row.status, row.limit_state, row.age): row.orders
        for row in session.scalars(sa.select(OpenCount))
    }
    periods = {
        (row.grain, row.day, row.unit_code, row.category, row.sub_type): tuple(getattr(row, name) for name in MEASURES)
        for row in session.scalars(sa.select(PeriodCount))
    }
    session.rollback()
    return open_, periods


def expected(now: datetime) -> tuple[dict[Any, int], dict[Any, tuple[int, ...]]]:
    """The sums of all orders' facts, computed anew."""
    ids = list(session.scalars(sa.select(WorkOrder.id)))
    facts = compute(ids, now=now).values()
    open_: Counter[Any] = Counter()
    periods: dict[Any, list[int]] = {}
    for fact in facts:
        place = tuple(fact[name] for name in ("unit_code", "category", "sub_type"))
        if not fact["closed"]:
            open_[(*place, fact["status"], fact["limit_state"], fact["age"])] += 1
        for key in (("d", fact["day"], *place), ("m", fact["day"].replace(day=1), *place)):
            sums = periods.setdefault(key, [0] * len(MEASURES))
            for index, name in enumerate(MEASURES):
                sums[index] += fact[name]
    session.rollback()
    return dict(open_), {key: tuple(sums) for key, sums in periods.items()}


def marks() -> int:
    count = session.scalar(sa.select(sa.func.count()).select_from(OrderMark)) or 0
    session.rollback()
    return count
