"""Cancel an order (撤销): the customer no longer needs it. What depends on it ends with it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from app.identity import authority
from app.kernel import audit
from app.kernel.actor import Actor
from app.kernel.db import session
from app.workorders.models import WorkOrder
from app.workorders.operations import limits, trace
from app.workorders.operations.allowed import require_allowed
from app.workorders.operations.coded import require_code
from app.workorders.operations.find import facts, open_order
from app.workorders.operations.merging import hand_on_children
from app.workorders.operations.process import spread, tell


def cancel(number: str, *, reason: str, note: str = "", actor: Actor, now: datetime) -> None:
    """Ask the order's process to end. `reason` is a code of kind `cancel_reason`.

    Raises `Forbidden` (no right `order.cancel` there), `Invalid`, `NotNow` (already replied).
    """
    order = open_order(number)
    authority.require(actor, "order.cancel", unit_path=order.unit_path, now=now)
    require_allowed(order, "cancel", now=now)
    require_code("cancel_reason", reason, field="reason", needed=_l("A reason is needed."))
    order.closing_reason = reason
    trace.event(order, "cancel_asked", actor=actor, now=now, params={"reason": reason, "note": note})
    audit.record(
        "order.cancelled",
        actor=actor,
        now=now,
        subject_type="order",
        subject_id=order.number,
        unit_path=order.unit_path,
        details={"reason": reason},
    )
    tell(order, "order_cancelled", actor=actor, now=now)


def mark_cancelled(order: WorkOrder, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The process ended by cancellation: limits and helpers end, attached orders go on by themselves."""
    order.status, order.outcome, order.closed_at = "CANCELLED", "cancelled", now
    order.main_order_id = None
    limits.close_all(order, actor=actor, now=now)
    trace.event(order, "cancelled", actor=actor, now=now, params={"reason": order.closing_reason})
    session.flush()
    hand_on_children(order, actor=actor, now=now)
    spread(order, "order_closed", actor=actor, now=now)
    return facts(order)
