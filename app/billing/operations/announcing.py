"""Tell running processes what happened to a customer's money."""

from __future__ import annotations

from datetime import datetime

from app.engine import api as engine
from app.kernel.actor import Actor

PAID = "payment_received"
"""The message of a payment that leaves nothing overdue; correlated by `customer_id`."""


def tell_paid(customer_id: int, *, actor: Actor, now: datetime) -> None:
    """Nothing is overdue any more: a cut-off under way is called off, a customer cut off is to be restored."""
    engine.publish(PAID, correlation={"customer_id": customer_id}, actor=actor, now=now)
