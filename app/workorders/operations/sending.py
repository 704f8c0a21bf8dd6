"""Send a crew from outside the inbox (the outage board): dispatch the order, or take it off one crew for another.

The order's own process does it: its open task is completed as its form would, with the same limits,
stamps and the crew's right to take or return it.
"""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l

from app.engine import api as engine
from app.identity import authority
from app.kernel import audit
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict
from app.workorders.models import Crew, WorkOrder
from app.workorders.operations import trace
from app.workorders.operations.allowed import require_allowed
from app.workorders.operations.dispatch import CrewNotFound, serves
from app.workorders.operations.find import open_order
from app.workorders.operations.process import NotNow, tell

STEPS = ("dispatch", "arbitrate")
"""The tasks in which somebody chooses a crew."""

WITH_A_CREW = frozenset({"DISPATCHED", "ACCEPTED", "EN_ROUTE", "ARRIVED", "SURVEYED", "REPAIRING"})


class AlreadySent(Conflict):
    """The crew has this order already."""

    code = "crew_already_sent"


def send(number: str, crew_id: int, *, note: str = "", actor: Actor, now: datetime) -> None:
    """Give a fault order to a crew. One that another crew has is taken off it first (改派); its clock goes on.

    Raises `Forbidden` (right `order.dispatch`; after a second return `order.supervise`), `OrderNotFound`,
    `OrderClosed`, `CrewNotFound` (none, dissolved, or of a unit that does not serve this one), `AlreadySent`,
    `NotNow`.
    """
    order = open_order(number)
    authority.require(actor, "order.dispatch", unit_path=order.unit_path, now=now)
    crew = session.get(Crew, crew_id)
    if crew is None or not crew.active or not serves(crew, order):
        raise CrewNotFound(_l("There is no such crew."), crew_id=crew_id)
    if order.status in WITH_A_CREW:
        if order.crew_id == crew_id:
            raise AlreadySent(_l("The crew %(crew)s has this order already.", crew=crew.name), crew_id=crew_id)
        _take_off(order, actor=actor, now=now)
    task = _choice(order)
    if task is None:
        raise NotNow(
            _l("Order %(number)s is at a step where this is not possible.", number=order.number),
            status=order.status,
            waited_for="dispatch",
        )
    if task.element_id == "arbitrate":
        authority.require(actor, "order.supervise", unit_path=order.unit_path, now=now)
    values = {"dispatch_action": "dispatch", "crew": str(crew_id), "dispatch_note": note}
    engine.complete(task.id, values, actor=actor, now=now)


def _take_off(order: WorkOrder, *, actor: Actor, now: datetime) -> None:
    """The order goes back to its dispatch as by a transfer, within its unit."""
    require_allowed(order, "transfer", now=now)
    crew = session.get_one(Crew, order.crew_id)
    params = {"crew": crew.name, "crew_en": crew.name_en or crew.name}
    trace.event(order, "recalled", actor=actor, now=now, params=params)
    audit.record(
        "order.recalled",
        actor=actor,
        now=now,
        subject_type="order",
        subject_id=order.number,
        unit_path=order.unit_path,
        details={"crew": crew.name},
    )
    tell(order, "order_transferred", actor=actor, now=now)


def _choice(order: WorkOrder) -> engine.TaskView | None:
    if order.instance_id is None:
        return None
    return next((task for task in engine.open_tasks(order.instance_id) if task.element_id in STEPS), None)
