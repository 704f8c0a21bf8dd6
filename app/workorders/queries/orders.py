"""One order as a plain value."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.kernel.db import session
from app.kernel.errors import NotFound
from app.workorders.models import WorkOrder


class OrderNotFound(NotFound):
    code = "order_not_found"


@dataclass(frozen=True, slots=True)
class OrderView:
    """The columns of an order (`models.WorkOrder` says what they mean)."""

    id: int
    number: str
    category: str
    sub_type: str
    item: str
    first_category: str
    grade: str
    status: str
    step: str
    round: int
    outcome: str
    ruleset: str
    priority: int
    instance_id: str | None
    unit_code: str
    unit_path: str
    lead_unit: str
    handler: str
    secrecy: str
    against_unit: str
    against_path: str
    area: str
    channel: str
    urgency: str
    importance: str
    mood: str
    sensitive: bool
    supervised: bool
    calls: int
    contact_name: str
    contact_phone: str
    account_no: str
    address: str
    description: str
    details: dict[str, Any]
    external_no: str
    fault_type: str
    fault_cause: str
    symptom: str
    ownership: str
    voltage: str
    hazard: str
    line: str
    transformer_area: str
    analysis: str
    findings: str
    action: str
    contacted_customer: str
    customer_opinion: str
    review_note: str
    result: str
    measures: str
    answer: str
    answer_way: str
    answer_to: str
    crew_id: int | None
    vehicle: str
    etr_at: datetime | None
    etr_source: str
    appointment_at: datetime | None
    fault_at: datetime | None
    reported_at: datetime
    accepted_at: datetime
    accepted_by: str
    closed_at: datetime | None
    closing_reason: str
    main_order_id: int | None

    @property
    def phone(self) -> str:
        """The number as people in China write it."""
        return self.contact_phone.removeprefix("+86")

    @property
    def open(self) -> bool:
        return self.status not in {"ARCHIVED", "CANCELLED"}


_FIELDS = [field.name for field in fields(OrderView)]


def view(order: WorkOrder) -> OrderView:
    """The plain value of a row."""
    return OrderView(**{name: getattr(order, name) for name in _FIELDS})


def find(number: str) -> OrderView | None:
    """The order of this number, unmasked and without a check of rights: for services and operations."""
    row = session.scalar(sa.select(WorkOrder).where(WorkOrder.number == number.strip().upper()))
    return view(row) if row else None


def order_by_number(number: str) -> WorkOrder:
    """The order of this number; raises `OrderNotFound`."""
    order = session.scalar(sa.select(WorkOrder).where(WorkOrder.number == number.strip().upper()))
    if order is None:
        raise OrderNotFound(_l("There is no order %(number)s.", number=number), number=number)
    return order


def children(order_id: int) -> list[OrderView]:
    """The orders attached to a main order now."""
    rows = session.scalars(sa.select(WorkOrder).where(WorkOrder.main_order_id == order_id).order_by(WorkOrder.id))
    return [view(row) for row in rows]
