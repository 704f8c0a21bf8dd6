"""Orders that may be about the same fault as a report that is being taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from app.customers.phones import normalise
from app.kernel.actor import Actor
from app.kernel.db import session
from app.workorders.models import CLOSED, WorkOrder
from app.workorders.normal import normal_address
from app.workorders.queries.orders import OrderView, view
from app.workorders.queries.secrecy import hidden_from

WINDOW = timedelta(days=2)
"""How far back an open order is looked for where the caller names no window."""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """An order under way and why it may be the same: reasons among account, phone, address, area."""

    order: OrderView
    reasons: tuple[str, ...]


def possible_duplicates(
    *,
    unit_path: str = "/",
    account_no: str = "",
    phone: str = "",
    address: str = "",
    transformer_area: str = "",
    now: datetime,
    window: timedelta = WINDOW,
    exclude: int | None = None,
    category: str = "",
    actor: Actor | None = None,
    limit: int = 10,
) -> list[Duplicate]:
    """Open orders of the last `window` with the same account, phone, address or transformer area; surest first.

    An order of a person who asked for secrecy is found only by an `actor` who may know them:
    a number that is asked for must not tell whose complaint it was. With a `category` only
    orders of that category are looked at. An address is the same when one contains the other,
    spaces and punctuation apart.
    """
    number, key = normalise(phone) or "", normal_address(address)
    tests = _tests(account_no.strip(), number, key, transformer_area.strip())
    if not tests:
        return []
    query = (
        sa.select(WorkOrder)
        .where(WorkOrder.status.not_in(CLOSED), WorkOrder.reported_at >= now - window, sa.or_(*tests.values()))
        .order_by(WorkOrder.reported_at.desc())
        .limit(limit * 3)
    )
    if unit_path != "/":
        query = query.where(WorkOrder.unit_path.startswith(unit_path, autoescape=True))
    if exclude is not None:
        query = query.where(WorkOrder.id != exclude)
    if category:
        query = query.where(WorkOrder.category == category)
    if actor is None:
        query = query.where(WorkOrder.secrecy == "none")
    columns = [test.label(name) for name, test in tests.items()]
    found = [
        Duplicate(view(row[0]), tuple(name for name, hit in zip(tests, row[1:], strict=True) if hit))
        for row in session.execute(query.add_columns(*columns))
        if actor is None or not hidden_from(row[0], actor=actor, now=now)
    ]
    return sorted(found, key=lambda each: -len(each.reasons))[:limit]


def _tests(account_no: str, phone: str, address: str, transformer_area: str) -> dict[str, sa.ColumnElement[bool]]:
    tests: dict[str, sa.ColumnElement[bool]] = {}
    if account_no:
        tests["account"] = WorkOrder.account_no == account_no
    if phone:
        tests["phone"] = WorkOrder.contact_phone == phone
    if len(address) >= 4:
        contained = sa.literal(address).contains(WorkOrder.address_key)
        longer = WorkOrder.address_key.contains(address, autoescape=True)
        tests["address"] = sa.and_(sa.func.length(WorkOrder.address_key) >= 4, sa.or_(longer, contained))
    if transformer_area:
        tests["area"] = WorkOrder.transformer_area == transformer_area
    return tests
