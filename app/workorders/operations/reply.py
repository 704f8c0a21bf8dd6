"""The crew's reply (回单): content checks, then the review (审核)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.kernel.actor import Actor
from app.kernel.db import session
from app.workorders.models import OrderAssistant, WorkOrder
from app.workorders.operations import trace
from app.workorders.operations.find import facts
from app.workorders.operations.reply_check import Reply, problems


def mark_replied(order: WorkOrder, reply: Reply, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The reply passed its checks and goes to the reviewer."""
    order.status, order.step = "REPLIED", "review"
    for name in ("fault_type", "fault_cause", "ownership", "findings", "action"):
        setattr(order, name, getattr(reply, name) or getattr(order, name))
    order.contacted_customer, order.customer_opinion = reply.contacted, reply.opinion
    trace.stamp(order, "replied", actor=actor, now=now)
    trace.event(order, "replied", actor=actor, now=now, params={"findings": reply.findings, "action": reply.action})
    return facts(order)


def check_reply(order: WorkOrder, reply: Reply, *, actor: Actor, now: datetime) -> list[str]:
    """The codes of what is missing or contradictory in a reply; refusals stand in the time-line."""
    found = problems(
        reply,
        arrived_at=trace.stamp_at(order, "arrived"),
        restored_stamp=trace.stamp_at(order, "restored"),
        now=now,
    )
    if found:
        trace.event(order, "reply_refused", actor=actor, now=now, params={"problems": found})
    return found


def open_assistants(order: WorkOrder) -> int:
    """How many assistants have not replied yet; the lead's reply waits for them."""
    query = sa.select(sa.func.count()).select_from(OrderAssistant)
    return session.scalar(query.where(OrderAssistant.order_id == order.id, OrderAssistant.state == "open")) or 0


def mark_reviewed(order: WorkOrder, *, note: str, actor: Actor, now: datetime) -> dict[str, Any]:
    """The reviewer passed the reply."""
    order.status, order.step, order.review_note = "REVIEWED", "callback", note
    trace.stamp(order, "reviewed", actor=actor, now=now)
    trace.event(order, "reviewed", actor=actor, now=now, params={"note": note})
    return facts(order)


def mark_sent_back(order: WorkOrder, *, reasons: list[str], note: str, actor: Actor, now: datetime) -> dict[str, Any]:
    """The reviewer sent the reply back to the crew, with reasons."""
    order.status, order.step, order.review_note = "RESTORED", "reply", note
    if order.ownership == "customer" and trace.stamp_at(order, "restored") is None:
        order.status = "SURVEYED"
    trace.event(order, "sent_back", actor=actor, now=now, params={"reasons": reasons, "note": note})
    return facts(order)
