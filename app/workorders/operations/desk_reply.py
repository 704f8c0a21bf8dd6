"""The reply of whoever handled an order other than a repair (回单): checked, recorded, sent back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.kernel.actor import Actor
from app.workorders.models import WorkOrder
from app.workorders.operations import trace
from app.workorders.operations.answer_check import DeskReply, desk_problems
from app.workorders.operations.find import facts


def check_answer(order: WorkOrder, reply: DeskReply, *, actor: Actor, now: datetime) -> list[str]:
    """The codes of what is missing or contradictory; refusals stand in the time-line."""
    found = desk_problems(reply, category=order.category, anonymous=order.secrecy == "anonymous")
    if found:
        trace.event(order, "reply_refused", actor=actor, now=now, params={"problems": found})
    return found


def record_reply(order: WorkOrder, reply: DeskReply, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The reply passed its checks and goes to the reviewer."""
    order.status, order.step = "REPLIED", "review"
    order.findings, order.action, order.answer = reply.findings, reply.action, reply.answer
    order.result, order.measures = reply.result, reply.measures
    order.contacted_customer, order.customer_opinion = reply.contacted, reply.opinion
    trace.stamp(order, "replied", actor=actor, now=now)
    trace.event(order, "replied", actor=actor, now=now, params={"findings": reply.findings, "action": reply.action})
    return facts(order)


def send_back(order: WorkOrder, *, reasons: list[str], note: str, actor: Actor, now: datetime) -> dict[str, Any]:
    """The reviewer (or the head) sent the reply back; it is handled again."""
    order.status, order.step, order.review_note = "HANDLING", "handle", note
    trace.event(order, "sent_back", actor=actor, now=now, params={"reasons": reasons, "note": note})
    return facts(order)
