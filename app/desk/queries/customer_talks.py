"""What was said and sent to a customer (沟通记录): conversations at the desk and messages that left the house.

An order whose person is secret takes its conversation and its messages with it: both would tell who
stands behind it. Without the right to personal values numbers are masked and free texts left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.customers.masking import masked
from app.customers.models import Customer
from app.customers.page_rules import page_rules
from app.customers.queries.view import SENSITIVE, hidden_fields
from app.desk.models import Conversation
from app.identity import authority
from app.kernel.actor import Actor
from app.kernel.db import session
from app.notify.models import Delivery
from app.workorders.models import WorkOrder
from app.workorders.queries.scope import READ, readable
from app.workorders.queries.secrecy import hidden_from

MOST = 50
"""So many of the newest are shown; of the account's orders so many are looked at for messages."""


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation (`state` is its result) or a message (`state` is its delivery's); `kind` says which.

    `direction` is `inbound` or `outbound`, `orders` are numbers of orders, `seconds` None where not known.
    """

    kind: str
    at: datetime
    channel: str
    direction: str
    number: str
    text: str
    state: str
    category: str
    orders: Sequence[str]
    seconds: int | None


def talks_of(customer: Customer, *, actor: Actor, now: datetime, limit: int = MOST) -> list[Talk]:
    """Conversations and messages of a customer whose page the actor may see, the newest first."""
    whole = authority.may(actor, SENSITIVE, unit_path=customer.unit_path, now=now)
    hidden = frozenset[str]() if whole else hidden_fields(customer.kind, page_rules())
    found = [
        *_conversations(customer, hidden, limit, actor=actor, now=now),
        *_messages(customer, hidden, limit, actor=actor, now=now),
    ]
    return sorted(found, key=lambda one: one.at, reverse=True)[:limit]


def _conversations(
    customer: Customer, hidden: frozenset[str], limit: int, *, actor: Actor, now: datetime
) -> list[Talk]:
    query = sa.select(Conversation).where(Conversation.customer_id == customer.id)
    rows = session.scalars(query.order_by(Conversation.started_at.desc()).limit(limit)).all()
    secret = _secret({number for row in rows for number in row.orders}, actor=actor, now=now)
    return [
        Talk(
            kind="conversation",
            at=row.started_at,
            channel=row.channel,
            direction=row.direction,
            number=_number(row.number, "phone", hidden),
            text=row.note if not hidden else "",
            state=row.result,
            category=row.category,
            orders=tuple(row.orders),
            seconds=int((row.ended_at - row.started_at).total_seconds()) if row.ended_at else None,
        )
        for row in rows
        if secret.isdisjoint(row.orders)
    ]


def _messages(customer: Customer, hidden: frozenset[str], limit: int, *, actor: Actor, now: datetime) -> list[Talk]:
    """Sent about the customer, or about an order of the account that the actor may read."""
    orders = _orders_of(customer.number, actor=actor, now=now)
    about = sa.or_(
        sa.and_(Delivery.subject_type == "customer", Delivery.subject_id == customer.number),
        sa.and_(Delivery.subject_type == "order", Delivery.subject_id.in_(orders)),
    )
    rows = session.scalars(sa.select(Delivery).where(about).order_by(Delivery.id.desc()).limit(limit))
    return [
        Talk(
            kind="message",
            at=row.created_at,
            channel=row.channel,
            direction="outbound",
            number=_number(row.recipient, "email" if "@" in row.recipient else "phone", hidden),
            text=row.text if not hidden else "",
            state=row.state,
            category="",
            orders=(row.subject_id,) if row.subject_type == "order" else (),
            seconds=None,
        )
        for row in rows
    ]


def _orders_of(number: str, *, actor: Actor, now: datetime) -> list[str]:
    paths = authority.paths(actor, READ, now=now)
    query = sa.select(WorkOrder).where(WorkOrder.account_no == number, readable(paths))
    rows = session.scalars(query.order_by(WorkOrder.id.desc()).limit(MOST)) if paths else ()
    return [row.number for row in rows if not hidden_from(row, actor=actor, now=now)]


def _secret(numbers: set[str], *, actor: Actor, now: datetime) -> set[str]:
    """Those of the orders whose person the actor must not learn."""
    query = sa.select(WorkOrder).where(WorkOrder.number.in_(numbers), WorkOrder.secrecy != "none")
    return {row.number for row in session.scalars(query) if hidden_from(row, actor=actor, now=now)}


def _number(value: str, field: str, hidden: frozenset[str]) -> str:
    return masked(value, page_rules().fields[field].mask) if field in hidden else value
