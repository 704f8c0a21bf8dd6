"""What a caller likely wants (来电意图预判), the likeliest first, each with what the agent can do at once.

Facts are gathered from bills, orders and whatever other packages add (`Sources`: the grid model
tells of outages); the table `likely_reason` says how likely each is and what to offer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.billing.queries import arrears_of, bills_of
from app.customers.phones import normalise
from app.customers.queries.lines import CustomerLine
from app.engine import api as engine
from app.identity import authority
from app.kernel.actor import Actor
from app.kernel.clock import LOCAL
from app.kernel.db import session
from app.workorders.models import CLOSED, WorkOrder
from app.workorders.queries.orders import OrderView, view
from app.workorders.queries.scope import READ, masked, readable
from app.workorders.queries.secrecy import hidden_from

DECISION = "likely_reason"
LATELY = timedelta(days=7)
"""A closed order this old is no longer what a caller means where nothing else says so."""

MOST_ORDERS = 5


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing the caller may want: `kind` (outage, order, answered, cut_off, arrears, bill …), its `facts`
    (numbers, amounts, instants: plain values), `score` and the `act` to offer, as the table says."""

    kind: str
    score: int
    act: str
    facts: Mapping[str, Any] = field(default_factory=dict)


Source = Callable[[CustomerLine, datetime], Sequence[tuple[str, Mapping[str, Any]]]]


class Sources:
    """Facts that other packages add: `add(name, source)`, where `source(customer, now)` gives (kind, facts)."""

    known: dict[str, Source] = {}  # noqa: RUF012 (one registry of the process)

    @classmethod
    def add(cls, name: str, source: Source) -> None:
        """Ask `source` too; a name given again replaces the first."""
        cls.known[name] = source


def likely(customer: CustomerLine | None, *, phone: str, actor: Actor, now: datetime) -> list[Reason]:
    """What this customer, or an unknown caller from this number, likely wants, the likeliest first."""
    facts = [*_orders(customer, phone, actor=actor, now=now)]
    if customer is not None:
        facts += [*_owed(customer, now)]
        facts += [each for source in Sources.known.values() for each in source(customer, now)]
    judged = [_judge(kind, given, customer, now) for kind, given in facts]
    return sorted((each for each in judged if each.score > 0), key=lambda each: -each.score)


def _judge(kind: str, facts: Mapping[str, Any], customer: CustomerLine | None, now: datetime) -> Reason:
    asked = {
        "kind": kind,
        "days": facts.get("days"),
        "late": bool(facts.get("late")),
        "cut_off": bool(customer and customer.cut_off),
        "importance": customer.importance if customer else "none",
    }
    found = engine.decide(DECISION, asked, now=now, record=False).result or {}
    return Reason(kind, int(found.get("score") or 0), str(found.get("act") or ""), facts)


def _orders(
    customer: CustomerLine | None, phone: str, *, actor: Actor, now: datetime
) -> list[tuple[str, Mapping[str, Any]]]:
    """Orders of the account or the number that are under way or were closed lately, as the agent may see them."""
    paths = authority.paths(actor, READ, now=now)
    number = normalise(phone)
    asked = []
    if customer is not None:
        asked.append(WorkOrder.account_no == customer.number)
    if number:
        asked.append(WorkOrder.contact_phone.in_((number, f"+86{number}")))
    if not asked or not paths:
        return []
    recent = sa.or_(WorkOrder.status.not_in(CLOSED), WorkOrder.closed_at >= now - LATELY)
    # one index range for each way of asking: an OR over two columns would read neither
    picks = [
        sa.select(WorkOrder.id).where(way, recent).order_by(WorkOrder.reported_at.desc()).limit(MOST_ORDERS)
        for way in asked
    ]
    ids = {row for pick in picks for row in session.scalars(pick)}
    query = sa.select(WorkOrder).where(WorkOrder.id.in_(ids), readable(paths)).order_by(WorkOrder.id.desc())
    rows = [row for row in session.scalars(query) if not hidden_from(row, actor=actor, now=now)]
    return [_order(masked(view(row), actor=actor, now=now), now) for row in rows]


def _order(order: OrderView, now: datetime) -> tuple[str, Mapping[str, Any]]:
    kind = "order" if order.open else "answered"
    since = order.closed_at or order.reported_at
    return kind, {"order": order, "days": (now - since).days, "late": bool(order.etr_at and order.etr_at < now)}


def _owed(customer: CustomerLine, now: datetime) -> list[tuple[str, Mapping[str, Any]]]:
    facts: list[tuple[str, Mapping[str, Any]]] = []
    owed = arrears_of(customer.id, at=now)
    today = now.astimezone(LOCAL).date()
    if customer.cut_off:
        facts.append(("cut_off", {"amount": owed.total}))
    if owed.principal > Decimal(0):
        days = (today - owed.since).days if owed.since else 0
        facts.append(("arrears", {"amount": owed.total, "since": owed.since, "days": days, "bills": len(owed.bills)}))
    bill = next(iter(bills_of(customer.id, 1, at=now)), None)
    if bill is not None and bill.issued_on is not None:
        facts.append(("bill", {"bill": bill, "days": (today - bill.issued_on).days}))
    return facts
