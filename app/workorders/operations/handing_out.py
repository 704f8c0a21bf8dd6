"""Hand an order out to whoever handles it (派单到承办单位): the desk's side of every kind but repairs.

A repair goes to a crew (`operations.dispatch`); any other order goes to a unit, its own or
one below, and perhaps to a person there. The unit that leads keeps dispatch, review and
callback (`lead_unit`), so that what it handed out comes back to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from app.engine import api as engine
from app.identity import queries as people
from app.identity.queries import UnitView, UserView
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Invalid
from app.workorders.models import WorkOrder
from app.workorders.operations import trace
from app.workorders.operations.find import facts
from app.workorders.operations.transferring import unit_options
from app.workorders.queries.units import unit_above, unit_with

ABOVE = "above"
"""Level of the routing table: the unit over the one complained of leads."""


def open_request(
    order: WorkOrder, *, instance_id: str, priority: int, grade: str, route: Mapping[str, Any], now: datetime
) -> dict[str, Any]:
    """Take an order into its process: its priority, its grade, and the unit that leads by the routing table.

    Who leads must be able to dispatch: where nobody holds the post, the nearest unit above leads.
    """
    order.instance_id, order.priority, order.grade = instance_id, priority, grade
    post, own = str(route["dispatch_post"]), people.unit_by_code(order.unit_code, at=now)
    if route.get("level") == ABOVE:
        lead = unit_above(order.against_path or order.unit_path, post=post, now=now) or own
    else:
        lead = unit_with(order.unit_path, post=post, now=now) or own
    if lead is not None:
        order.lead_unit, order.unit_code, order.unit_path = lead.code, lead.code, lead.path
    session.flush()
    return facts(order) | {"reply_ok": True, "review_action": None, "outcome": None, "solved": False}


def handler_options(order: WorkOrder, *, post: str, now: datetime) -> dict[str, Any]:
    """What the dispatch form offers: units that can handle it, people there, units to transfer to.

    Where nobody under the leading unit holds the post, the nearest unit above can handle it.
    """
    lead = people.unit_by_code(order.lead_unit or order.unit_code, at=now)
    staffed = people.staffed_units(post, at=now)
    below = [unit for unit in people.subtree([lead.path], at=now) if unit.code in staffed] if lead else []
    if lead and not below and (above := unit_with(lead.path, post=post, now=now)):
        below = [above]
    return {
        "handle_unit_options": [_unit_option(unit) for unit in below],
        "handler_options": [
            _person_option(user, unit) for unit in below for user in people.members_of(f"{post}@{unit.code}", at=now)
        ],
        "unit_options": unit_options(order, now=now),
    }


def assign_handler(
    order: WorkOrder, *, post: str, unit: str, handler: str, note: str, actor: Actor, now: datetime
) -> dict[str, Any]:
    """The order is given to a unit, perhaps to one person there, who must now take or return it."""
    found = people.unit_by_code(unit, at=now)
    if found is None:
        message = _l("There is no such unit.")
        raise Invalid(message, errors={"handle_unit_choice": [message]})
    if handler and handler not in {user.username for user in people.members_of(f"{post}@{unit}", at=now)}:
        message = _l("This person does not hold the post there.")
        raise Invalid(message, errors={"handler_choice": [message]})
    order.unit_code, order.unit_path, order.handler = found.code, found.path, handler
    order.status, order.step = "DISPATCHED", "take"
    _describe(order, actor=actor, now=now)
    trace.stamp(order, "dispatched", actor=actor, now=now)
    params = {"unit": found.code, "handler": handler, "note": note}
    trace.event(order, "handed_out", actor=actor, now=now, params=params)
    session.flush()
    return facts(order)


def mark_taken_on(order: WorkOrder, *, first: str, actor: Actor, now: datetime) -> dict[str, Any]:
    """Whoever handles the order took it; `first` is the step it begins with."""
    order.status, order.step = "ACCEPTED", first
    order.handler = order.handler or actor.username or ""
    trace.stamp(order, "taken", actor=actor, now=now)
    trace.event(order, "taken_on", actor=actor, now=now)
    return facts(order)


def _describe(order: WorkOrder, *, actor: Actor, now: datetime) -> None:
    if order.instance_id is not None:
        engine.describe(order.instance_id, unit=order.unit_code, actor=actor, now=now)


def _person_option(user: UserView, unit: UnitView) -> dict[str, str]:
    label_en = f"{user.name_en or user.name} ({unit.name_en or unit.name})"
    return {"value": user.username, "label": f"{user.name}（{unit.name}）", "label_en": label_en}


def _unit_option(unit: UnitView) -> dict[str, str]:
    return {"value": unit.code, "label": unit.name, "label_en": unit.name_en or unit.name}
