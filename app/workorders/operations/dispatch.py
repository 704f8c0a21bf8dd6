"""Dispatch (派单), take (接单) and return (退单)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.identity import queries as people
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import NotFound
from app.workorders.models import Crew, OrderReturn, WorkOrder
from app.workorders.operations import trace
from app.workorders.operations.find import facts


class CrewNotFound(NotFound):
    code = "crew_not_found"


def open_order(order: WorkOrder, *, instance_id: str, priority: int) -> dict[str, Any]:
    """Take the order into its process with the priority that the decision gave it."""
    order.instance_id, order.priority = instance_id, priority
    return facts(order)


def crew_options(order: WorkOrder) -> list[dict[str, Any]]:
    """The crews the dispatcher may choose (`serves`), on duty first, as a form's options."""
    rows = session.scalars(
        sa.select(Crew).where(Crew.active, serving(order.unit_path)).order_by(Crew.on_duty.desc(), Crew.name)
    )
    return [_option(crew) for crew in rows]


def serving(unit_path: str) -> sa.ColumnElement[bool]:
    """SQL: crews of the unit at this path, of those below and above it (a county's crew serves its stations)."""
    parts = unit_path.strip("/").split("/")
    above = ["/" + "/".join(parts[:depth]) + "/" for depth in range(1, len(parts))]
    return sa.or_(Crew.unit_path.startswith(unit_path, autoescape=True), Crew.unit_path.in_(above))


def serves(crew: Crew, order: WorkOrder) -> bool:
    """Whether the crew is of the order's unit, of one below, or of one above it."""
    return crew.unit_path.startswith(order.unit_path) or order.unit_path.startswith(crew.unit_path)


def mark_dispatched(order: WorkOrder, *, crew_id: int, note: str, actor: Actor, now: datetime) -> dict[str, Any]:
    """The order is given to a crew, which must now take or return it."""
    crew = session.get(Crew, crew_id)
    if crew is None or not crew.active:
        raise CrewNotFound(_l("There is no such crew."), crew_id=crew_id)
    order.status, order.step = "DISPATCHED", "take"
    order.crew_id, order.vehicle = crew.id, crew.vehicle
    trace.stamp(order, "dispatched", actor=actor, now=now)
    trace.event(
        order,
        "dispatched",
        actor=actor,
        now=now,
        params={"crew": crew.name, "crew_en": crew.name_en or crew.name, "note": note},
    )
    session.flush()
    return facts(order)


def mark_taken(order: WorkOrder, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The crew took the order."""
    order.status, order.step = "ACCEPTED", "depart"
    trace.stamp(order, "taken", actor=actor, now=now)
    trace.event(order, "taken", actor=actor, now=now)
    return facts(order)


def mark_returned(order: WorkOrder, *, reason: str, note: str, actor: Actor, now: datetime) -> dict[str, Any]:
    """Whoever had the order gave it back to the unit that leads; it must be dispatched again."""
    session.add(OrderReturn(order_id=order.id, reason=reason, note=note, crew_id=order.crew_id, by=actor.ref, at=now))
    order.status, order.step, order.crew_id, order.handler = "RETURNED", "dispatch", None, ""
    lead = people.unit_by_code(order.lead_unit, at=now) if order.lead_unit else None
    if lead is not None:
        order.unit_code, order.unit_path = lead.code, lead.path
    trace.event(order, "returned", actor=actor, now=now, params={"reason": reason, "note": note})
    session.flush()
    return facts(order)


def _option(crew: Crew) -> dict[str, Any]:
    duty, duty_en = ("在班", "on duty") if crew.on_duty else ("未在班", "off duty")
    return {
        "value": str(crew.id),
        "label": f"{crew.name}（{duty}）",
        "label_en": f"{crew.name_en or crew.name} ({duty_en})",
    }
