"""Stages of an order (环节): what was found or done at each is kept, and the order goes on to the next.

The diagram names the stage, the next one, and the variables to keep; so one step serves
surveys, supply plans, inspections and whatever an analyst adds.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.kernel.actor import Actor
from app.kernel.db import session
from app.workorders.models import OrderStage, WorkOrder
from app.workorders.operations import trace
from app.workorders.operations.find import facts


def mark_stage(
    order: WorkOrder, *, stage: str, following: str, values: Mapping[str, Any], actor: Actor, now: datetime
) -> dict[str, Any]:
    """The stage is done with these values; the order stands at `following` now."""
    order.status, order.step = "HANDLING", following
    session.add(
        OrderStage(order_id=order.id, round=order.round, stage=stage, values=dict(values), by=actor.ref, at=now)
    )
    if values:
        trace.event(order, "stage_done", actor=actor, now=now, params={"stage": stage})
    session.flush()
    return facts(order)


def mark_ended(order: WorkOrder, *, note: str, actor: Actor, now: datetime) -> dict[str, Any]:
    """The application ends without supply (服务终止): withdrawn, or refused with a reason."""
    order.status, order.step, order.result = "REVIEWED", "callback", "ended"
    order.answer = note or order.answer
    trace.event(order, "application_ended", actor=actor, now=now, params={"note": note})
    return facts(order)


def mark_solved(order: WorkOrder, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Solved while the customer talked (当场办结): the order is closed as soon as it is written."""
    order.status, order.step, order.closed_at = "ARCHIVED", "", now
    order.outcome = "solved_at_once"
    trace.stamp(order, "archived", actor=actor, now=now)
    trace.event(order, "solved_at_once", actor=actor, now=now)
    return facts(order)
