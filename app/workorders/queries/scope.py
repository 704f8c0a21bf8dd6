"""Who may see which orders, and whose numbers are masked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.identity import authority
from app.identity import queries as people
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Forbidden
from app.workorders.models import OrderAssistant, WorkOrder
from app.workorders.queries.orders import OrderView
from app.workorders.queries.secrecy import hidden_from, without_person

READ = "order.read"
REVEAL = "customer.reveal"


def require_readable(order: OrderView, *, actor: Actor, now: datetime) -> None:
    """Raise `Forbidden` unless the actor may see the order: by its unit, or by a unit that assists."""
    if authority.may(actor, READ, unit_path=order.unit_path, now=now) or _assists(order, actor, now):
        return
    raise Forbidden(_l("Order %(number)s belongs to a unit you may not see.", number=order.number))


def readable(paths: Sequence[str]) -> sa.ColumnElement[bool]:
    """SQL: orders under these path prefixes."""
    if "/" in paths:
        return sa.true()
    return sa.or_(sa.false(), *(WorkOrder.unit_path.startswith(path, autoescape=True) for path in paths))


def masked(order: OrderView, *, actor: Actor, now: datetime) -> OrderView:
    """The order as this actor may see it: the person taken out where they asked for secrecy (`queries.secrecy`),
    phone and account masked unless the actor may see customers' data there.
    """
    if hidden_from(order, actor=actor, now=now):
        return without_person(order)
    if authority.may(actor, REVEAL, unit_path=order.unit_path, now=now):
        return order
    return replace(order, contact_phone=mask(order.contact_phone), account_no=mask(order.account_no))


def mask(text: str) -> str:
    """All but the first three and the last four characters starred; short texts wholly."""
    bare = text.removeprefix("+86")
    return bare[:3] + "*" * (len(bare) - 7) + bare[-4:] if len(bare) > 7 else "*" * len(bare)


def _assists(order: OrderView, actor: Actor, now: datetime) -> bool:
    groups = session.scalars(sa.select(OrderAssistant.unit_code).where(OrderAssistant.order_id == order.id))
    paths = authority.paths(actor, READ, now=now)
    if not paths:
        return False
    from_units = [unit for code in groups if (unit := _unit_path(code, now))]
    return any(path.startswith(tuple(paths)) for path in from_units)


def _unit_path(code: str, now: datetime) -> str | None:
    unit = people.unit_by_code(code, at=now)
    return unit.path if unit else None
