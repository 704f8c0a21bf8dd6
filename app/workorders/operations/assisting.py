"""Assistance (协办): other units help the lead; the lead's reply waits until all have replied."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l

from app.engine import api as engine
from app.identity import authority
from app.identity import queries as people
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Invalid
from app.workorders.models import OrderAssistant, WorkOrder
from app.workorders.operations import trace
from app.workorders.operations.allowed import require_allowed
from app.workorders.operations.find import open_order
from app.workorders.operations.process import spread
from app.workorders.queries.secrecy import spoken
from app.workorders.search import search_text, titles

PROCESS = "assistance"


def request_assistance(number: str, *, unit: str, request: str, actor: Actor, now: datetime) -> int:
    """Ask a unit for help and start its process; returns the assistant's id.

    Raises `Forbidden` (right `order.dispatch` or `crew.work`), `Invalid`, `NotAllowedNow`.
    """
    order = open_order(number)
    if not authority.may(actor, "crew.work", unit_path=order.unit_path, now=now):
        authority.require(actor, "order.dispatch", unit_path=order.unit_path, now=now)
    helper = people.unit_by_code(unit, at=now)
    if helper is None:
        message = _l("There is no such unit.")
        raise Invalid(message, errors={"unit": [message]})
    require_allowed(order, "assist", now=now)
    row = OrderAssistant(order_id=order.id, unit_code=helper.code, request=request, asked_by=actor.ref, asked_at=now)
    session.add(row)
    session.flush()
    trace.event(order, "assistance_asked", actor=actor, now=now, params={"unit": helper.code, "request": request})
    _start(order, row, actor=actor, now=now)
    return row.id


def mark_assisted(assistant_id: int, *, result: str, actor: Actor, now: datetime) -> None:
    """The helper replied; the lead's process is told."""
    row = session.get_one(OrderAssistant, assistant_id)
    row.state, row.result, row.replied_by, row.replied_at = "replied", result, actor.ref, now
    order = session.get_one(WorkOrder, row.order_id)
    trace.event(order, "assisted", actor=actor, now=now, params={"unit": row.unit_code, "result": result})
    spread(order, "assistance_replied", actor=actor, now=now)


def mark_assistance_ended(assistant_id: int, *, actor: Actor, now: datetime) -> None:
    """The order ended before the helper replied."""
    row = session.get_one(OrderAssistant, assistant_id)
    row.state, row.replied_at = "closed", now
    order = session.get_one(WorkOrder, row.order_id)
    trace.event(order, "assistance_ended", actor=actor, now=now, params={"unit": row.unit_code})


def _start(order: WorkOrder, row: OrderAssistant, *, actor: Actor, now: datetime) -> None:
    engine.start(
        PROCESS,
        data={
            "order_id": order.id,
            "number": order.number,
            "assistant_id": row.id,
            "unit": row.unit_code,
            "request": spoken(order, row.request),
            "priority": order.priority,
        },
        business_key=order.number,
        title=f"协办：{titles(order)[0]}",
        title_en=f"Assist: {titles(order)[1]}",
        unit=row.unit_code,
        priority=order.priority,
        search=search_text(order),
        actor=actor,
        now=now,
    )
