"""Answer the customer (答复客户): the finished order returns to the agent who took it.

The agent telephones or writes, or has the answer sent as a text message, an e-mail or a fax;
what is sent is a delivery of `notify`, whose end comes back as the message `delivery_done`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from app.identity import queries as people
from app.kernel.actor import Actor
from app.kernel.errors import Invalid
from app.notify import deliveries
from app.workorders.models import WorkOrder
from app.workorders.operations import trace
from app.workorders.operations.accounts import reach_of
from app.workorders.operations.find import facts
from app.workorders.queries.codes import code
from app.workorders.queries.units import unit_with

AGENT = "agent"
PHONE = "phone"
WANTED = "wanted"
"""Way of the answer table: as the customer asked."""


def plan_answer(order: WorkOrder, *, way: str, now: datetime) -> dict[str, Any]:
    """Who answers and how: the agent who took the order, where still an agent, else the agents of its area."""
    user = people.user_view(order.accepted_by)
    agents = unit_with(order.unit_path, post=AGENT, now=now)
    groups = people.groups_of(user.id, at=now) if user else frozenset()
    still = user is not None and any(group.startswith(f"{AGENT}@") for group in groups)
    chosen = order.answer_way if way == WANTED else way
    if way == PHONE:
        chosen = reach_of(order, now=now)[0] or way
    return {
        "agent": order.accepted_by if still else "",
        "agent_group": f"{AGENT}@{agents.code}" if agents else f"{AGENT}@{order.lead_unit or order.unit_code}",
        "answer_text": order.answer,
        "answer_way": chosen or PHONE,
        "answer_to": None,
        "delivery_error": None,
    }


def send_answer(
    order: WorkOrder, *, way: str, text: str, to: str, key: str, actor: Actor, now: datetime
) -> dict[str, Any]:
    """Hand the answer to its channel; `delivery_id` is what the diagram waits for. Raises `Invalid`."""
    known = code("answer_way", way)
    channel = str(known.facts.get("sends", "")) if known else ""
    recipient = to.strip() or order.answer_to or _own_address(order, channel, now)
    if not channel or not recipient:
        message = _l("A number or address for this way is needed.")
        raise Invalid(message, errors={"answer_to": [message]})
    delivery = deliveries.send(
        channel=channel,
        to=recipient,
        subject=str(_l("Answer to your request %(number)s", number=order.number)),
        text=text,
        key=key,
        subject_type="order",
        subject_id=order.number,
        unit_path=order.unit_path,
        actor=actor,
        now=now,
    )
    order.answer, order.answer_way = text, way
    trace.event(order, "answer_sent", actor=actor, now=now, params={"way": way})
    return {"delivery_id": delivery, "delivery_state": "queued"}


def _own_address(order: WorkOrder, channel: str, now: datetime) -> str:
    """The number or address the order or its account knows for a channel."""
    liked, address = reach_of(order, now=now)
    if liked == channel and address:
        return address
    return order.contact_phone if channel in ("sms", "fax") else ""


def note_delivery_failed(order: WorkOrder, *, error: str, actor: Actor, now: datetime) -> dict[str, Any]:
    """The answer did not arrive: the agent chooses another way."""
    trace.event(order, "answer_failed", actor=actor, now=now, params={"way": order.answer_way})
    return {"delivery_error": error or "—"}


def mark_answered(order: WorkOrder, *, way: str, text: str, note: str, actor: Actor, now: datetime) -> dict[str, Any]:
    """The customer knows the answer."""
    order.status, order.step = "ANSWERED", "callback"
    order.answer, order.answer_way = text or order.answer, way or order.answer_way
    trace.stamp(order, "answered", actor=actor, now=now)
    trace.event(order, "answered", actor=actor, now=now, params={"way": order.answer_way, "note": note})
    return facts(order)
