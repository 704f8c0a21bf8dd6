"""Who and what an outage covers, written by statements over whole groups, and counted as it is written.

The order matters: `release` what an outage no longer covers before anybody `take`s it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
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


def outage_of(customer_id: int) -> Outage | None:
    """The outage in which a customer is out."""
    query = (
        sa.select(Outage)
        .join(OutageCustomer, OutageCustomer.outage_id == Outage.id)
        .where(OutageCustomer.customer_id == customer_id, OutageCustomer.active)
    )
    return session.scalar(query)


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
    for part in _parts(sorted(codes)):
        given = {"outage": outage.id, "codes": part}
        _count_fewer(outage, _executed(_RELEASE_BELOW, given))
        session.execute(_RELEASE_DEVICES, given)


def release_all(*outages: Outage) -> None:
    """Give up everything active of these."""
    given = {"outages": [outage.id for outage in outages]}
    session.execute(_RELEASE_ALL, given)
    session.execute(_RELEASE_ALL_DEVICES, given)
    for outage in outages:
        _count_fewer(outage, outage.customers_out)


def release_customers(outage: Outage, keep: Collection[int]) -> None:
    """Give up single customers of a service outage but these."""
    _count_fewer(outage, _executed(_RELEASE_OTHERS, {"outage": outage.id, "keep": sorted(keep)}))


def take(outage: Outage, codes: Collection[str], *, out_at: datetime) -> None:
    """Cover transformers with all their customers who are in no other active outage, and count these."""
    rows = [{"outage_id": outage.id, "device_code": code, "active": True} for code in sorted(codes)]
    if rows:
        session.execute(_COVER, rows)
    for part in _parts(sorted(codes), 100):  # more at once, and a planner may read all premises there are
        _take(outage, _BELOW, {"codes": part}, out_at)


def take_customers(outage: Outage, customer_ids: Collection[int], *, out_at: datetime) -> None:
    """Cover single customers who are in no other active outage, and count these."""
    if customer_ids:
        _take(outage, _NAMED, {"customers": sorted(customer_ids)}, out_at)


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


def out_since_it_began(outage: Outage) -> None:
    """Whoever is out lost supply when the outage began, however late they called."""
    session.execute(
        sa.update(MEMBER)
        .where(MEMBER.c.outage_id == outage.id, MEMBER.c.active, MEMBER.c.out_at != outage.started_at)
        .values(out_at=outage.started_at)
    )


def count(outage: Outage) -> None:
    """Set the numbers of customers, and how many important ones are among them."""
    by_state = {bool(active): number for active, number in session.execute(_BY_STATE, {"outage": outage.id})}
    _set_out(outage, by_state.get(True, 0), by_state.get(False, 0))
    _count_important(outage)


def _executed(statement: Any, given: Mapping[str, Any]) -> int:
    """How many rows a statement changed."""
    result: Any = session.execute(statement, given)
    return int(result.rowcount)


def _take(outage: Outage, rows: str, named: Mapping[str, Any], out_at: datetime) -> None:
    insert = _INSERT["sqlite" if db.is_sqlite() else "postgresql"][rows]
    levels = session.execute(insert, {"outage": outage.id, "out_at": out_at, **named}).scalars().all()
    _set_out(outage, outage.customers_out + len(levels), outage.customers_restored)
    came = [level for level in levels if level in LEVELS]
    if came and outage.customers_restored:  # who came may have been here before
        _count_important(outage)
    elif came:
        outage.important += len(came)
        outage.important_level = min((*came, outage.important_level), key=_rank)


def _count_fewer(outage: Outage, released: int) -> None:
    if released:
        _set_out(outage, outage.customers_out - released, outage.customers_restored)
    if released and outage.important:
        _count_important(outage)


def _rank(level: str) -> int:
    return LEVELS.index(level) if level in LEVELS else len(LEVELS)


def _count_important(outage: Outage) -> None:
    found: dict[str, int] = {level: number for level, number in session.execute(_IMPORTANT, {"outage": outage.id})}
    outage.important = sum(found.values())
    outage.important_level = next((level for level in LEVELS if found.get(level)), "none")


def _set_out(outage: Outage, out: int, restored: int) -> None:
    outage.customers_out, outage.customers_restored, outage.customers_total = out, restored, out + restored


def _of(what: sa.Table) -> tuple[Any, ...]:
    return (what.c.outage_id == sa.bindparam("outage"), what.c.active)


def _of_all(what: sa.Table) -> tuple[Any, ...]:
    return (what.c.outage_id.in_(sa.bindparam("outages", expanding=True)), what.c.active)


_CODES: Any = sa.bindparam("codes", expanding=True)
_RELEASE_BELOW = sa.delete(MEMBER).where(*_of(MEMBER), MEMBER.c.transformer_code.in_(_CODES))
_RELEASE_DEVICES = sa.delete(DEVICE).where(*_of(DEVICE), DEVICE.c.device_code.in_(_CODES))
_RELEASE_OTHERS = sa.delete(MEMBER).where(
    *_of(MEMBER), MEMBER.c.customer_id.not_in(sa.bindparam("keep", expanding=True))
)
_RELEASE_ALL, _RELEASE_ALL_DEVICES = (
    sa.delete(MEMBER).where(*_of_all(MEMBER)),
    sa.delete(DEVICE).where(*_of_all(DEVICE)),
)
_BY_STATE = (
    sa.select(MEMBER.c.active, sa.func.count())
    .where(MEMBER.c.outage_id == sa.bindparam("outage"))
    .group_by(MEMBER.c.active)
)
_IMPORTANT = (
    sa.select(Customer.importance, sa.func.count(sa.distinct(Customer.id)))
    .join(MEMBER, MEMBER.c.customer_id == Customer.id)
    .where(MEMBER.c.outage_id == sa.bindparam("outage"), Customer.importance.in_(LEVELS))
    .group_by(Customer.importance)
)
"""Built once: each call asks some of them."""


_BELOW, _NAMED = "below", "named"


def _inserts(insert: Any) -> dict[str, Any]:
    """Statements that make members of customers who have supply in normal times: of all below transformers, of some.

    Whoever is in an active outage stays there: the partial unique index skips them, one look a row. Asking with
    NOT EXISTS instead lets a planner with old statistics read all members for each customer. What comes back is the
    importance of each member made.
    """
    rows = sa.select(
        sa.bindparam("outage", type_=sa.Integer),
        Customer.id,
        Premises.transformer_code,
        sa.bindparam("out_at", type_=OutageCustomer.out_at.type),
        sa.true(),
    )
    rows = rows.join(Premises, Premises.id == Customer.premises_id).where(
        Customer.status != "closed", Customer.cut_off.is_(False)
    )
    whose = {
        _BELOW: Premises.transformer_code.in_(_CODES),
        _NAMED: Customer.id.in_(sa.bindparam("customers", expanding=True)),
    }
    names = ["outage_id", "customer_id", "transformer_code", "out_at", "active"]
    importance = "(SELECT c.importance FROM customer c WHERE c.id = outage_customer.customer_id)"
    return {
        name: insert(MEMBER)
        .from_select(names, rows.where(where), include_defaults=False)
        .on_conflict_do_nothing(index_elements=["customer_id"], index_where=sa.text("active"))
        .returning(sa.literal_column(importance, sa.String))
        for name, where in whose.items()
    }


_COVER = sa.insert(DEVICE)
_INSERT = {"sqlite": _inserts(sqlite.insert), "postgresql": _inserts(postgresql.insert)}


def _parts(codes: list[str], size: int = 500) -> Iterable[list[str]]:
    return (codes[start : start + size] for start in range(0, len(codes), size))
