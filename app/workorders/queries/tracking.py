"""What a customer may learn of an order by its number and the last digits of their phone: never personal data."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.kernel.db import session
from app.workorders.models import OrderStamp, WorkOrder

DIGITS = 4
NUMBER = 32


@dataclass(frozen=True, slots=True)
class Tracked:
    """Where an order stands. `status` and `etr_at` are the main order's for one that is attached to another.

    `steps` are the timestamps of the present round by name.
    """

    number: str
    status: str
    reported_at: datetime
    etr_at: datetime | None
    appointment_at: datetime | None
    steps: dict[str, datetime]


def track(number: str, digits: str) -> Tracked | None:
    """The order of this number whose phone ends in these four digits, None where either does not fit."""
    bare = number.strip().upper().replace(" ", "")
    if len(bare) > NUMBER or len(digits) != DIGITS or not (digits.isascii() and digits.isdigit()):
        return None
    order = session.scalar(sa.select(WorkOrder).where(WorkOrder.number == bare))
    if order is None or not order.contact_phone:
        return None
    if not hmac.compare_digest(order.contact_phone[-DIGITS:].encode(), digits.encode()):
        return None
    leading = session.get_one(WorkOrder, order.main_order_id) if order.main_order_id else order
    return Tracked(
        number=order.number,
        status=leading.status,
        reported_at=order.reported_at,
        etr_at=leading.etr_at,
        appointment_at=order.appointment_at,
        steps=_steps(leading) | _steps(order),
    )


def _steps(order: WorkOrder) -> dict[str, datetime]:
    rows = session.execute(
        sa.select(OrderStamp.name, OrderStamp.at)
        .where(OrderStamp.order_id == order.id, OrderStamp.round == order.round)
        .order_by(OrderStamp.at)
    )
    return {name: at for name, at in rows}
