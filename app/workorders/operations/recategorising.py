"""A wrong category found late (改类别): the order changes its process and keeps its clock.

The old process ends, the new one begins, and the limits it begins count from when the order
was first accepted: a customer does not wait longer because we chose wrongly. The new category's
guided questions are asked; what was answered before stays with the order.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from app.engine import api as engine
from app.identity import authority
from app.identity import queries as people
from app.kernel import audit
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Invalid
from app.workorders.models import WorkOrder
from app.workorders.operations import limits, trace
from app.workorders.operations.accepting import start_process
from app.workorders.operations.allowed import require_allowed
from app.workorders.operations.answers import checked
from app.workorders.operations.find import open_order
from app.workorders.queries.tree import Kind, kind, questions
from app.workorders.search import index, search_text


def recategorise(
    number: str,
    *,
    category: str,
    sub_type: str = "",
    reason: str,
    details: Mapping[str, Any] | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """Let the order follow the diagram of another category.

    `details` answers the questions of the new category; a question that the old one asked too
    (by its key) is answered already. Raises `Forbidden` (right `order.manage`), `Invalid`
    (unknown or same category, no reason), `InvalidReport` (a question is not answered, errors by
    `details.<key>`), `NotAllowedNow` (already replied).
    """
    order = open_order(number)
    authority.require(actor, "order.manage", unit_path=order.unit_path, now=now)
    require_allowed(order, "recategorise", now=now)
    found = _wanted(order, category, sub_type, reason)
    answers = _answers(order, category, sub_type, details or {}, now)
    before = {"category": order.category, "sub_type": order.sub_type}
    _end_old(order, reason, actor=actor, now=now)
    order.details = {**order.details, **answers}
    _renew(order, found, now)
    params = {"from": before["category"], "to": order.category, "sub_type": order.sub_type, "reason": reason}
    trace.event(order, "recategorised", actor=actor, now=now, params=params)
    audit.record(
        "order.recategorised",
        actor=actor,
        now=now,
        subject_type="order",
        subject_id=order.number,
        unit_path=order.unit_path,
        details={"from": before, "to": {"category": order.category, "sub_type": order.sub_type}},
    )
    index.put(order.id, search_text(order))
    start_process(order, found.process, actor=actor, now=now)
    limits.restart(order, order.accepted_at, actor=actor, now=now)


def _wanted(order: WorkOrder, category: str, sub_type: str, reason: str) -> Kind:
    errors: dict[str, list[object]] = {}
    found = kind(category, sub_type)
    if found is None or not found.process:
        errors["category"] = [_l("Orders of this category are not handled here yet.")]
    elif (category, sub_type) == (order.category, order.sub_type):
        errors["category"] = [_l("The order has this category already.")]
    elif sub_type and (found.sub_type is None or found.sub_type.facts.get("category") != category):
        errors["sub_type"] = [_l("This does not belong to the category.")]
    elif found.sub_type_needed and not sub_type:
        errors["sub_type"] = [_l("This category needs a sub-type.")]
    if not reason.strip():
        errors["reason"] = [_l("A reason is needed.")]
    if errors or found is None:
        raise Invalid(_l("The category cannot be changed like this."), errors=errors)
    return found


def _answers(
    order: WorkOrder, category: str, sub_type: str, details: Mapping[str, Any], now: datetime
) -> Mapping[str, Any]:
    form = questions(category, sub_type)
    asked = {each["key"] for each in form["components"] if each.get("key")} if form else set()
    known = {key: value for key, value in order.details.items() if key in asked and value not in (None, "")}
    return checked(category, sub_type, {**known, **details}, now=now)


def _end_old(order: WorkOrder, reason: str, *, actor: Actor, now: datetime) -> None:
    limits.close_all(order, actor=actor, now=now)
    if order.instance_id is not None:
        engine.terminate(order.instance_id, reason=reason, actor=actor, now=now)


def _renew(order: WorkOrder, found: Kind, now: datetime) -> None:
    """The order as it begins again: undispatched, at the unit that leads it."""
    order.first_category = order.first_category or order.category
    order.category = found.category.code
    order.sub_type = found.sub_type.code if found.sub_type else ""
    order.item = ""
    lead = people.unit_by_code(order.lead_unit, at=now) if order.lead_unit else None
    if lead is not None:
        order.unit_code, order.unit_path = lead.code, lead.path
    if found.against and not order.against_unit:
        order.against_unit, order.against_path = order.unit_code, order.unit_path
    order.lead_unit, order.handler, order.crew_id, order.grade = "", "", None, ""
    order.status, order.step = "NEW", "dispatch"
    session.flush()
