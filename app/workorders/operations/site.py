"""The crew's work on site (现场抢修): leave, arrive, survey, estimate, report progress, restore."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.kernel.actor import Actor
from app.kernel.db import session
from app.workorders.models import OrderEtr, OrderProgress, WorkOrder
from app.workorders.operations import positions, trace
from app.workorders.operations.find import facts
from app.workorders.operations.trace import Place

SURVEYED = (
    "fault_type",
    "fault_cause",
    "symptom",
    "ownership",
    "voltage",
    "hazard",
    "transformer_area",
    "line",
    "analysis",
)
"""What a survey may set."""


def mark_departed(order: WorkOrder, *, vehicle: str, place: Place, actor: Actor, now: datetime) -> dict[str, Any]:
    """The crew is on its way."""
    order.status, order.step = "EN_ROUTE", "arrive"
    order.vehicle = vehicle or order.vehicle
    trace.stamp(order, "left", actor=actor, now=now, place=place)
    positions.follow_stamp(order, place, now=now)
    trace.event(order, "left", actor=actor, now=now, params={"vehicle": order.vehicle})
    return facts(order)


def mark_arrived(order: WorkOrder, *, place: Place, actor: Actor, now: datetime) -> dict[str, Any]:
    """The crew is there, with place and photo as its phone gives them."""
    order.status, order.step = "ARRIVED", "survey"
    trace.stamp(order, "arrived", actor=actor, now=now, place=place)
    positions.follow_stamp(order, place, now=now)
    trace.event(order, "arrived", actor=actor, now=now, params={"lat": place.lat, "lon": place.lon})
    return facts(order)


def mark_surveyed(order: WorkOrder, found: Mapping[str, str], *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The fault is known. A fault of the customer's own goes to the reply without restoration."""
    for name in SURVEYED:
        if found.get(name):
            setattr(order, name, found[name])
    own = order.ownership == "customer"
    order.status, order.step = "SURVEYED", "reply" if own else "repair"
    trace.stamp(order, "surveyed", actor=actor, now=now)
    trace.event(
        order,
        "surveyed",
        actor=actor,
        now=now,
        params={"fault_type": order.fault_type, "cause": order.fault_cause, "ownership": order.ownership},
    )
    return facts(order)


def set_etr(
    order: WorkOrder, *, etr_at: datetime, source: str, reason: str, actor: Actor, now: datetime
) -> dict[str, Any]:
    """A new estimate of restoration; the earlier ones are kept with their sources."""
    if order.status == "SURVEYED":
        order.status = "REPAIRING"
    if order.etr_at == etr_at and order.etr_source == source:
        return facts(order)
    order.etr_at, order.etr_source = etr_at, source
    session.add(OrderEtr(order_id=order.id, etr_at=etr_at, source=source, reason=reason, by=actor.ref, at=now))
    trace.stamp(order, "estimated", actor=actor, now=now)
    trace.event(
        order, "etr", actor=actor, now=now, params={"etr": etr_at.isoformat(), "source": source, "reason": reason}
    )
    return facts(order)


def record_progress(order: WorkOrder, *, note: str, photos: list[Any], actor: Actor, now: datetime) -> dict[str, Any]:
    """The crew reports how far it is."""
    order.status = "REPAIRING"
    session.add(OrderProgress(order_id=order.id, note=note, photos=photos, by=actor.ref, at=now))
    trace.event(order, "progress", actor=actor, now=now, params={"note": note})
    return facts(order)


def mark_restored(order: WorkOrder, *, place: Place, actor: Actor, now: datetime) -> dict[str, Any]:
    """Power is back; the crew has some minutes for its reply."""
    order.status, order.step = "RESTORED", "reply"
    trace.stamp(order, "restored", actor=actor, now=now, place=place)
    positions.follow_stamp(order, place, now=now)
    trace.event(order, "restored", actor=actor, now=now)
    return facts(order)
