"""Suspend an order (挂起) for a coded reason until a time, and take it up again (恢复)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.identity import authority
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Invalid
from app.workorders.models import OrderSuspension, WorkOrder
from app.workorders.operations import limits, trace
from app.workorders.operations.allowed import require_allowed
from app.workorders.operations.coded import require_code
from app.workorders.operations.find import facts, open_order
from app.workorders.operations.process import tell

LONGEST = timedelta(days=30)
"""A guard against slips of the keyboard, not a rule of the business."""


def suspend(number: str, *, reason: str, until: datetime, note: str = "", actor: Actor, now: datetime) -> None:
    """Let the order rest until `until`. Raises `Forbidden` (right `order.manage`), `Invalid`, `NotNow`."""
    order = open_order(number)
    authority.require(actor, "order.manage", unit_path=order.unit_path, now=now)
    require_allowed(order, "suspend", now=now)
    require_code("suspend_reason", reason, field="reason", needed=_l("A reason is needed."))
    if not now < until <= now + LONGEST:
        message = _l("The time must lie within the next 30 days.")
        raise Invalid(message, errors={"until": [message]})
    session.add(
        OrderSuspension(
            order_id=order.id,
            reason=reason,
            note=note,
            status_before=order.status,
            by=actor.ref,
            at=now,
            until=until,
        )
    )
    tell(order, "order_suspended", actor=actor, now=now)


def resume(number: str, *, actor: Actor, now: datetime) -> None:
    """Take the order up again before its time. Raises `Forbidden`, `NotNow`."""
    order = open_order(number)
    authority.require(actor, "order.manage", unit_path=order.unit_path, now=now)
    require_allowed(order, "resume", now=now)
    tell(order, "order_resumed", actor=actor, now=now)


def mark_suspended(order: WorkOrder, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The order rests: clocks that its reason stops stand still. Adds `suspend_until` to the facts."""
    pause = _last(order)
    order.status = "SUSPENDED"
    limits.pause(order, pause.reason, actor=actor, now=now)
    trace.event(
        order,
        "suspended",
        actor=actor,
        now=now,
        params={"reason": pause.reason, "note": pause.note, "until": pause.until.isoformat()},
    )
    return facts(order) | {"suspend_until": pause.until.isoformat()}


def mark_resumed(order: WorkOrder, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The order goes on where it stood; its clocks go on too."""
    pause = _last(order)
    pause.resumed_at, pause.resumed_by = now, actor.ref
    order.status = pause.status_before
    limits.go_on(order, actor=actor, now=now)
    trace.event(order, "resumed", actor=actor, now=now)
    return facts(order)


def _last(order: WorkOrder) -> OrderSuspension:
    query = sa.select(OrderSuspension).where(OrderSuspension.order_id == order.id)
    return session.scalars(query.order_by(OrderSuspension.id.desc()).limit(1)).one()
