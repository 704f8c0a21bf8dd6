"""Who and what an outage covers, written by statements over whole groups: no customer passes through Python.

The order matters: `release` what an outage no longer covers before anybody `take`s it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from app.customers.models import Customer, Premises
from app.kernel import db
from app.kernel.db import session, table
from app.outages.models import Outage, OutageCustomer, OutageDevice

MEMBER = table(OutageCustomer)
DEVICE = table(OutageDevice)
LEVELS = ("special", "first", "second", "temporary")
"""Important customers, the highest level first."""


def devices_of(outage_ids: Collection[int]) -> dict[int, set[str]]:
    """The active devices of these outages."""
    found: dict[int, set[str]] = {outage_id: set() for outage_id in outage_ids}
    query = sa.select(DEVICE.c.outage_id, DEVICE.c.device_code).where(
        DEVICE.c.outage_id.in_(list(outage_ids)), DEVICE.c.active
    )
    for outage_id, code in session.execute(query) if outage_ids else ():
        found[outage_id].add(code)
    return found


def devices_elsewhere(codes: Collection[str]) -> set[str]:
    """Those of these devices that any outage covers now."""
    found: set[str] = set()
    for part in _parts(sorted(codes)):
        found.update(
            session.scalars(sa.select(DEVICE.c.device_code).where(DEVICE.c.device_code.in_(part), DEVICE.c.active))
        )
    return found


def release(outage: Outage, codes: Iterable[str]) -> None:
    """Give up devices that were predicted and their customers: they were never known to be out of supply."""
    gone = sorted(codes)
    for part in _parts(gone):
        session.execute(
            sa.delete(MEMBER).where(
                MEMBER.c.outage_id == outage.id, MEMBER.c.active, MEMBER.c.transformer_code.in_(part)
            )
        )
        session.execute(
            sa.delete(DEVICE).where(DEVICE.c.outage_id == outage.id, DEVICE.c.active, DEVICE.c.device_code.in_(part))
        )


def release_all(outage: Outage) -> None:
    """Give up everything active."""
    session.execute(sa.delete(MEMBER).where(MEMBER.c.outage_id == outage.id, MEMBER.c.active))
    session.execute(sa.delete(DEVICE).where(DEVICE.c.outage_id == outage.id, DEVICE.c.active))


def release_customers(outage: Outage, keep: Collection[int]) -> None:
    """Give up single customers of a service outage but these."""
    where = [MEMBER.c.outage_id == outage.id, MEMBER.c.active]
    if keep:
        where.append(MEMBER.c.customer_id.not_in(list(keep)))
    session.execute(sa.delete(MEMBER).where(*where))


def take(outage: Outage, codes: Iterable[str], *, out_at: datetime) -> int:
    """Cover transformers with all their customers who are in no other active outage; returns how many customers."""
    rows = [{"outage_id": outage.id, "device_code": code, "active": True} for code in sorted(codes)]
    if not rows:
        return 0
    session.execute(sa.insert(DEVICE), rows)
    supplied = sa.select(
        sa.literal(outage.id),
        Customer.id,
        Premises.transformer_code,
        sa.literal(out_at, OutageCustomer.out_at.type),
        sa.true(),
    )
    supplied = (
        supplied.join(Premises, Premises.id == Customer.premises_id)
        .join(DEVICE, DEVICE.c.device_code == Premises.transformer_code)
        .where(DEVICE.c.outage_id == outage.id, DEVICE.c.active, *_may_be_out())
    )
    return _insert(supplied)


def take_customers(outage: Outage, customer_ids: Collection[int], *, out_at: datetime) -> int:
    """Cover single customers who are in no other active outage; returns how many."""
    if not customer_ids:
        return 0
    named = sa.select(
        sa.literal(outage.id),
        Customer.id,
        Premises.transformer_code,
        sa.literal(out_at, OutageCustomer.out_at.type),
        sa.true(),
    )
    named = named.join(Premises, Premises.id == Customer.premises_id).where(
        Customer.id.in_(list(customer_ids)), *_may_be_out()
    )
    return _insert(named)


def hand_over(source: Outage, target: Outage, *, codes: Collection[str] | None = None) -> None:
    """Move active devices and customers to another outage: all, or those of these transformers."""
    for what, column in ((MEMBER, MEMBER.c.transformer_code), (DEVICE, DEVICE.c.device_code)):
        statement = sa.update(what).where(what.c.outage_id == source.id, what.c.active).values(outage_id=target.id)
        if codes is None:
            session.execute(statement)
        else:
            for part in _parts(sorted(codes)):
                session.execute(statement.where(column.in_(part)))


def hand_over_customers(source: Outage | None, target: Outage, customer_ids: Collection[int]) -> None:
    """Move single customers who are out in `source` to another outage; those who are out elsewhere stay there."""
    if customer_ids and source is not None:
        session.execute(
            sa.update(MEMBER)
            .where(MEMBER.c.outage_id == source.id, MEMBER.c.customer_id.in_(list(customer_ids)), MEMBER.c.active)
            .values(outage_id=target.id)
        )


def count(outage: Outage) -> None:
    """Set the numbers of customers, and how many important ones are among them."""
    rows = session.execute(
        sa.select(MEMBER.c.active, sa.func.count()).where(MEMBER.c.outage_id == outage.id).group_by(MEMBER.c.active)
    ).all()
    by_state: dict[bool, int] = {bool(active): number for active, number in rows}
    outage.customers_out = by_state.get(True, 0)
    outage.customers_restored = by_state.get(False, 0)
    outage.customers_total = outage.customers_out + outage.customers_restored
    _count_important(outage)


def _count_important(outage: Outage) -> None:
    members = sa.select(MEMBER.c.customer_id).where(MEMBER.c.outage_id == outage.id)
    query = (
        sa.select(Customer.importance, sa.func.count())
        .where(
            Customer.importance.in_(LEVELS),
            sa.exists(members.where(MEMBER.c.customer_id == Customer.id).correlate(Customer)),
        )
        .group_by(Customer.importance)
    )
    found: dict[str, int] = {level: number for level, number in session.execute(query).all()}
    outage.important = sum(found.values())
    outage.important_level = next((level for level in LEVELS if found.get(level)), "none")


def _may_be_out() -> tuple[Any, ...]:
    """A customer who has supply in normal times."""
    return (Customer.status != "closed", Customer.cut_off.is_(False))


def _insert(rows: Any) -> int:
    """Whoever is in an active outage stays there: the partial unique index skips them, one look a row.

    Asking with NOT EXISTS instead lets a planner with old statistics read all members for each customer.
    """
    names = ["outage_id", "customer_id", "transformer_code", "out_at", "active"]
    insert = (sqlite if db.is_sqlite() else postgresql).insert(MEMBER)
    statement = insert.from_select(names, rows, include_defaults=False).on_conflict_do_nothing(
        index_elements=["customer_id"], index_where=sa.text("active")
    )
    result: Any = session.execute(statement)
    return int(result.rowcount)


def _parts(codes: list[str], size: int = 500) -> Iterable[list[str]]:
    return (codes[start : start + size] for start in range(0, len(codes), size))
