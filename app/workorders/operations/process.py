"""Speak to an order's process: what may happen to it at any time comes as a message the diagram catches."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l

from app.engine import api as engine
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict
from app.workorders.models import WorkOrder


class NotNow(Conflict):
    """The order's process does not wait for this at its present step."""

    code = "order_not_now"


def tell(order: WorkOrder, message: str, *, actor: Actor, now: datetime) -> None:
    """Publish a message to the order's process; raises `NotNow` where nothing waits for it."""
    session.flush()
    if not engine.publish(message, correlation={"order_id": order.id}, actor=actor, now=now):
        raise NotNow(
            _l("Order %(number)s is at a step where this is not possible.", number=order.number),
            status=order.status,
            waited_for=message,
        )


def spread(order: WorkOrder, message: str, *, actor: Actor, now: datetime) -> None:
    """Publish a message that any number of processes (none as well) may wait for."""
    session.flush()
    engine.publish(message, correlation={"order_id": order.id}, actor=actor, now=now)
