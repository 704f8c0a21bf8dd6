"""What may be done to an order at its present state: the decision table `order_actions` says."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l

from app.engine import api as engine
from app.kernel.errors import Conflict
from app.workorders.models import WorkOrder

DECISION = "order_actions"


class NotAllowedNow(Conflict):
    """The order's state does not allow this action."""

    code = "order_not_now"


def allowed_actions(status: str, *, now: datetime) -> frozenset[str]:
    """Names among cancel, suspend, resume, transfer, assist, merge, unmerge and remind."""
    result = engine.decide(DECISION, {"status": status}, now=now, record=False).result
    return frozenset(str(action) for action in result or ())


def require_allowed(order: WorkOrder, action: str, *, now: datetime) -> None:
    """Raise `NotAllowedNow` unless the order's state allows the action."""
    if action not in allowed_actions(order.status, now=now):
        raise NotAllowedNow(
            _l("Order %(number)s is at a step where this is not possible.", number=order.number),
            status=order.status,
            action=action,
        )
