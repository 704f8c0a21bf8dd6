"""Fetch an order for writing, or say that there is none; and what its process is told about it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.kernel.db import session
from app.kernel.errors import Conflict
from app.workorders.models import CLOSED, Crew, OrderReturn, WorkOrder
from app.workorders.queries.orders import OrderNotFound, order_by_number

REPLIED = ("fault_type", "fault_cause", "ownership", "findings", "action")
"""What is known of a fault before the reply, offered in its form."""


class OrderClosed(Conflict):
    code = "order_closed"


def get_order(order_id: int) -> WorkOrder:
    """The order of this id; raises `OrderNotFound`."""
    order = session.get(WorkOrder, order_id)
    if order is None:
        raise OrderNotFound(_l("This order does not exist."), order_id=order_id)
    return order


def open_order(number: str) -> WorkOrder:
    """The order of this number, still under way; raises `OrderNotFound`, `OrderClosed`."""
    order = order_by_number(number)
    if order.status in CLOSED:
        raise OrderClosed(_l("Order %(number)s is closed.", number=order.number), status=order.status)
    return order


def facts(order: WorkOrder) -> dict[str, Any]:
    """What the diagrams know of an order: the variables they branch, address and time by.

    An interrupted part of a diagram forgets its variables; the row does not.
    """
    crew = session.get(Crew, order.crew_id) if order.crew_id else None
    returns = session.scalar(
        sa.select(sa.func.count()).select_from(OrderReturn).where(OrderReturn.order_id == order.id)
    )
    prefill = {f"reply_{name}": value for name in REPLIED if (value := getattr(order, name))}
    return prefill | {
        "order_id": order.id,
        "number": order.number,
        "unit": order.lead_unit or order.unit_code,
        "handle_unit": order.unit_code,
        "handler": order.handler,
        "category": order.category,
        "sub_type": order.sub_type,
        "grade": order.grade,
        "secrecy": order.secrecy,
        "phase": order.step,
        "priority": order.priority,
        "area": order.area,
        "importance": order.importance,
        "crew_unit": crew.unit_code if crew else order.unit_code,
        "leader": crew.leader if crew else "",
        "returns": returns or 0,
    }
