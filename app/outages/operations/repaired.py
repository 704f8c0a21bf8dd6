"""A fault order repaired by itself: the outage that its orders alone carry ends with them.

Most faults are one customer's: no dispatcher confirms an outage, the order's own repair is all there is. What a
dispatcher has confirmed ends by its own process and is not touched here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from app.kernel.actor import SYSTEM
from app.kernel.db import session
from app.network import grid as network
from app.outages.models import OVER, Outage, TroubleCall
from app.outages.operations import closing, ending, locks
from app.workorders.models import OrderStamp, WorkOrder

CUSTOMER = "customer"
"""The ownership of a fault that is the customer's own, as the crew found it."""

OWN_FAULT = "own_fault"
"""Why it was no outage, then."""


def note(order: WorkOrder, call: TroubleCall | None, *, now: datetime) -> None:
    """The order's supply is back, or it was archived. Doing it again changes nothing."""
    outage = _carried(call)
    if outage is None:
        if call is not None and call.outage_id is None and order.status == "ARCHIVED" and call.state != "closed":
            call.state, call.closed_at = "closed", now
        return
    locks.hold(outage, network.current(now))
    orders = _orders(outage)
    if outage.status in OVER or orders is None:
        return
    ends = [_end(each) for each in orders]
    if any(at is None for at in ends):
        return
    if all(each.ownership == CUSTOMER for each in orders):
        closing.no_outage(outage, reason=OWN_FAULT, note=order.number, actor=SYSTEM, now=now)
        return
    ending.supplied_again(outage, at=max(at for at in ends if at is not None), actor=SYSTEM, now=now)


def _carried(call: TroubleCall | None) -> Outage | None:
    """The outage of this order, where orders carry it and no process of its own."""
    outage = session.get(Outage, call.outage_id) if call is not None and call.outage_id is not None else None
    if outage is None or outage.nature != "unplanned" or outage.status in OVER:
        return None
    return outage if outage.instance_id is None or not outage.locked else None


def _orders(outage: Outage) -> Sequence[WorkOrder] | None:
    """The orders of all its calls; None where a call has none, so that others may still be out."""
    calls = session.execute(
        sa.select(TroubleCall.order_id).where(
            TroubleCall.outage_id == outage.id, TroubleCall.state == "attached", TroubleCall.suspect.is_(False)
        )
    ).all()
    if not calls or any(call.order_id is None for call in calls):
        return None
    return session.scalars(sa.select(WorkOrder).where(WorkOrder.id.in_({call.order_id for call in calls}))).all()


def _end(order: WorkOrder) -> datetime | None:
    """When the order's round brought supply back, or the order ended; None while it is under way."""
    at = session.scalar(
        sa.select(OrderStamp.at).where(
            OrderStamp.order_id == order.id, OrderStamp.round == order.round, OrderStamp.name == "restored"
        )
    )
    return at or (order.closed_at if order.status == "ARCHIVED" else None)
