"""Which unit a report belongs to, proposed from who calls and where: nobody should have to search the tree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.customers.phones import normalise
from app.identity import authority
from app.identity import queries as people
from app.identity.queries import UnitView
from app.kernel.actor import Actor
from app.kernel.db import session
from app.workorders.models import WorkOrder
from app.workorders.queries.orders import OrderView, view
from app.workorders.queries.scope import masked
from app.workorders.queries.secrecy import hidden_from

POST = "dispatcher"
"""Who takes new orders: a unit without one cannot have any."""

RECENT = 5
"""How many of the caller's orders are looked at for one that may be shown."""

LEAST = 2
"""So many characters of a unit's name must stand in the address: two are the shortest place name."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """The unit and why (`caller`: the last order of this phone or account; `address`), and that last order.

    `area` is the area of the smallest unit that the address names: a station's may differ from its county's.
    """

    unit: UnitView | None = None
    reason: str = ""
    area: str = ""
    last: OrderView | None = None


def propose(*, address: str, phone: str, account_no: str, actor: Actor, now: datetime) -> Proposal:
    """The unit in charge among those where the actor may accept orders. The address outweighs the caller."""
    units = people.subtree(authority.paths(actor, "order.create", now=now), at=now)
    open_units = _taking(units, now)
    last = _last_order(phone, account_no, actor, now)
    named = _named_in(address, units)
    if named is not None and (found := _in_charge(named, open_units)) is not None:
        return Proposal(found, "address", named.area or found.area or "", _shown(last, actor, now))
    if last is not None:
        unit = next((unit for unit in open_units if unit.code == last.unit_code), None)
        return Proposal(unit, "caller" if unit else "", last.area if unit else "", _shown(last, actor, now))
    if len(open_units) == 1:
        return Proposal(open_units[0], "only", open_units[0].area or "")
    return Proposal()


def units_to_choose(*, actor: Actor, now: datetime) -> list[UnitView]:
    """The units where the actor may accept orders and somebody dispatches them, in the order of the tree."""
    return _taking(people.subtree(authority.paths(actor, "order.create", now=now), at=now), now)


def _taking(units: Sequence[UnitView], now: datetime) -> list[UnitView]:
    staffed = people.staffed_units(POST, at=now)
    return [unit for unit in units if unit.code in staffed]


def _named_in(address: str, units: Sequence[UnitView]) -> UnitView | None:
    """The unit whose name begins with most of what the address says; of equal ones the lowest in the tree."""
    best = max(units, key=lambda unit: (_shared(unit.name, address), unit.depth), default=None)
    return best if best is not None and _shared(best.name, address) >= LEAST else None


def _shared(name: str, address: str) -> int:
    """How many first characters of the name stand together in the address."""
    count = 0
    while count < len(name) and name[: count + 1] in address:
        count += 1
    return count


def _in_charge(named: UnitView, taking: Sequence[UnitView]) -> UnitView | None:
    """The named unit or the nearest above it that takes orders."""
    above = [unit for unit in taking if named.path.startswith(unit.path)]
    return max(above, key=lambda unit: unit.depth, default=None)


def _last_order(phone: str, account_no: str, actor: Actor, now: datetime) -> OrderView | None:
    """The caller's last order, passing over those whose person this actor must not know."""
    number, account = normalise(phone) or "", account_no.strip()
    tests = [WorkOrder.contact_phone == number] * bool(number) + [WorkOrder.account_no == account] * bool(account)
    if not tests:
        return None
    query = sa.select(WorkOrder).where(sa.or_(*tests)).order_by(WorkOrder.reported_at.desc()).limit(RECENT)
    row = next((row for row in session.scalars(query) if not hidden_from(row, actor=actor, now=now)), None)
    return view(row) if row else None


def _shown(order: OrderView | None, actor: Actor, now: datetime) -> OrderView | None:
    """The last order as this actor may see it: nothing of an order outside their units."""
    if order is None or not authority.may(actor, "order.read", unit_path=order.unit_path, now=now):
        return None
    return masked(order, actor=actor, now=now)


def unit_for(code: str, *, address: str, phone: str, account_no: str, actor: Actor, now: datetime) -> UnitView | None:
    """The unit in charge for who reports without an agent: of the account's unit, else as `propose` says.

    Where nothing tells, the highest unit that takes orders: its dispatcher transfers it.
    """
    units = people.subtree(authority.paths(actor, "order.create", now=now), at=now)
    open_units = _taking(units, now)
    own = next((unit for unit in units if code and unit.code == code), None)
    if own is not None and (found := _in_charge(own, open_units)) is not None:
        return found
    proposed = propose(address=address, phone=phone, account_no=account_no, actor=actor, now=now)
    return proposed.unit or min(open_units, key=lambda unit: unit.depth, default=None)
