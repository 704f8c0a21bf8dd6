"""Compute the facts of orders from their rows: the one place that says what is counted when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.kernel.clock import LOCAL
from app.kernel.db import session
from app.supervision.operations.limit_state import limit_state
from app.supervision.operations.repeats import earlier_orders
from app.supervision.queries.words import Bounds, bounds
from app.workorders.models import CLOSED, Callback, OrderLimit, OrderReturn, OrderStamp, WorkOrder
from app.workorders.queries.codes import codes

STAMPS = ("dispatched", "reviewed", "called_back")


@dataclass
class Gathered:
    """What stands beside an order: its limits, stamps by name, satisfactions answered, return, repeats."""

    limits: list[OrderLimit] = field(default_factory=list)
    stamps: set[str] = field(default_factory=set)
    satisfactions: list[str] = field(default_factory=list)
    returned: bool = False
    repeats: int = 0


def compute(order_ids: Collection[int], *, now: datetime) -> dict[int, dict[str, Any]]:
    """The columns of `OrderFact` for each of these orders, by id; an order that is gone has none."""
    rows = list(session.scalars(sa.select(WorkOrder).where(WorkOrder.id.in_(order_ids))))
    beside, limits = _gather(order_ids), bounds()
    repeats = earlier_orders(rows, within=limits.repeat)
    counts = {each.code: each.facts.get("counts", "none") for each in codes("satisfaction", inactive=True)}
    for row in rows:
        beside[row.id].repeats = repeats.get(row.id, 0)
    return {row.id: _fact(row, beside[row.id], counts, limits, now) for row in rows}


def _gather(ids: Collection[int]) -> dict[int, Gathered]:
    found: dict[int, Gathered] = defaultdict(Gathered)
    for limit in session.scalars(sa.select(OrderLimit).where(OrderLimit.order_id.in_(ids))):
        found[limit.order_id].limits.append(limit)
    stamps = sa.select(OrderStamp.order_id, OrderStamp.name).where(
        OrderStamp.order_id.in_(ids), OrderStamp.name.in_(STAMPS)
    )
    for order_id, name in session.execute(stamps):
        found[order_id].stamps.add(name)
    for order_id in session.scalars(sa.select(OrderReturn.order_id).where(OrderReturn.order_id.in_(ids)).distinct()):
        found[order_id].returned = True
    calls = (
        sa.select(Callback.order_id, Callback.satisfaction)
        .where(Callback.order_id.in_(ids), Callback.satisfaction != "")
        .order_by(Callback.id)
    )
    for order_id, satisfaction in session.execute(calls):
        found[order_id].satisfactions.append(satisfaction)
    return found


def _fact(
    order: WorkOrder, beside: Gathered, counts: Mapping[str, str], limits: Bounds, now: datetime
) -> dict[str, Any]:
    closed = order.status in CLOSED
    limit = limit_state(beside.limits, near=limits.near, now=now)
    age, grows_at = (0, None) if closed else _age(order.accepted_at, limits, now)
    turns = [each for each in (limit.turns_at, grows_at) if each is not None]
    return {
        "order_id": order.id,
        "day": order.accepted_at.astimezone(LOCAL).date(),
        "unit_code": order.unit_code,
        "category": order.category,
        "sub_type": order.sub_type,
        "status": order.status,
        "limit_state": "none" if closed else limit.state,
        "age": age,
        "due_at": None if closed else limit.due_at,
        "turns_at": None if closed else min(turns, default=None),
        "grade": order.grade,
        "importance": order.importance,
        "repeats": beside.repeats,
        "media": int(_speaks_of_media(order, limits)),
        "judged": 0,
    } | _measures(order, beside, counts, late=limit.late, due=limit.judged)


def _measures(
    order: WorkOrder, beside: Gathered, counts: Mapping[str, str], *, late: bool, due: bool
) -> dict[str, int]:
    """0 or 1 each. The last answer about satisfaction counts; those that say nothing are not valid."""
    said = counts.get(beside.satisfactions[-1], "none") if beside.satisfactions else "none"
    called = "called_back" in beside.stamps
    wanted = order.status != "CANCELLED" and order.outcome != "not_sampled"
    measures = {
        "orders": True,
        "closed": order.status in CLOSED,
        "dispatched": "dispatched" in beside.stamps,
        "returned": beside.returned,
        "due": due,
        "late": late,
        "callback_due": called or ("reviewed" in beside.stamps and wanted),
        "called_back": called,
        "valid": said != "none",
        "satisfied": said == "satisfied",
        "repeated": beside.repeats > 0,
        "reopened": order.round > 1,
        "supervised": order.supervised,
    }
    return {name: int(bool(value)) for name, value in measures.items()}


def _age(accepted_at: datetime, limits: Bounds, now: datetime) -> tuple[int, datetime | None]:
    """The class of age and when the next one begins."""
    for index, end in enumerate(limits.ages):
        if now < accepted_at + end:
            return index, accepted_at + end
    return len(limits.ages), None


def _speaks_of_media(order: WorkOrder, limits: Bounds) -> bool:
    if str(order.details.get("media", "")).lower() in ("true", "yes"):
        return True
    said = " ".join((order.description, order.customer_opinion, *(str(each) for each in order.details.values())))
    return any(word in said for word in limits.media)
