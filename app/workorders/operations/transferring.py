"""Transfer an order to another unit (转派). Its clocks go on: the customer waits since the first call."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from app.engine import api as engine
from app.identity import authority
from app.identity import queries as people
from app.identity.queries import UnitView
from app.kernel import audit
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Invalid
from app.workorders.models import OrderTransfer, WorkOrder
from app.workorders.operations import limits, trace
from app.workorders.operations.allowed import require_allowed
from app.workorders.operations.find import facts, open_order
from app.workorders.operations.process import tell


class BadUnit(Invalid):
    code = "bad_unit"


def transfer(number: str, *, to_unit: str, reason: str, actor: Actor, now: datetime) -> None:
    """Hand the order over. Raises `Forbidden` (right `order.dispatch` at its present unit), `BadUnit`, `NotNow`."""
    order = open_order(number)
    authority.require(actor, "order.dispatch", unit_path=order.unit_path, now=now)
    require_allowed(order, "transfer", now=now)
    _write(order, to_unit, reason, actor=actor, now=now)
    tell(order, "order_transferred", actor=actor, now=now)


def mark_transferred(order: WorkOrder, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The new unit has the order and dispatches it; limits of the crew that had it end."""
    order.status, order.step, order.crew_id = "TRANSFERRED", "dispatch", None
    limits.close_all(order, actor=actor, now=now, stages=("take", "report", "review", "progress"))
    engine.describe(_instance(order), unit=order.unit_code, actor=actor, now=now)
    session.flush()
    return facts(order)


def transfer_by_form(order: WorkOrder, *, to_unit: str, reason: str, actor: Actor, now: datetime) -> dict[str, Any]:
    """The dispatcher or supervisor chose in a form to hand the order over. Raises `BadUnit`."""
    _write(order, to_unit, reason, actor=actor, now=now)
    return mark_transferred(order, actor=actor, now=now)


def unit_options(order: WorkOrder, *, now: datetime) -> list[dict[str, str]]:
    """The units an order may go to, as a form's options."""
    units = nearby_units(order.unit_path, now=now)
    return [{"value": unit.code, "label": unit.name, "label_en": unit.name_en or unit.name} for unit in units]


def nearby_units(unit_path: str, *, now: datetime) -> list[UnitView]:
    """The units above the one at this path, and those beside and below it."""
    parent = unit_path.rstrip("/").rpartition("/")[0] + "/"
    near = people.subtree([parent], at=now) if parent != "/" else []
    above = [unit for unit in people.subtree(at=now) if parent.startswith(unit.path) and unit.path != parent]
    return [unit for unit in (*above, *near) if unit.path != unit_path]


def _write(order: WorkOrder, to_unit: str, reason: str, *, actor: Actor, now: datetime) -> None:
    unit = people.unit_by_code(to_unit, at=now)
    if unit is None or unit.code == order.unit_code:
        message = _l("Choose another unit that exists.")
        raise BadUnit(message, errors={"to_unit": [message]})
    before = order.unit_code
    session.add(
        OrderTransfer(order_id=order.id, from_unit=before, to_unit=unit.code, reason=reason, by=actor.ref, at=now)
    )
    order.unit_code, order.unit_path, order.handler = unit.code, unit.path, ""
    order.lead_unit = unit.code if order.lead_unit else ""
    trace.event(order, "transferred", actor=actor, now=now, params={"from": before, "to": unit.code, "reason": reason})
    audit.record(
        "order.transferred",
        actor=actor,
        now=now,
        subject_type="order",
        subject_id=order.number,
        unit_path=unit.path,
        details={"from": before, "to": unit.code},
    )


def _instance(order: WorkOrder) -> str:
    if order.instance_id is None:
        raise ValueError(f"order {order.number} has no process")
    return order.instance_id
