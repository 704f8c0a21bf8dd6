"""Who is told about an outage: computed from the trace once and kept, so that later words reach the same people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from app.customers.models import Customer, Premises
from app.kernel.db import is_sqlite, session
from app.network import grid
from app.outages.models import Outage, OutageCustomer, OutagePlan, OutageRecipient

LATER = frozenset({"etr", "progress"})
"""Occasions of which only those are told who are still out."""

CHUNK = 5_000
"""Rows of one statement."""


def keep(outage: Outage, *, now: datetime) -> int:
    """Add to those who are told whoever the outage covers now; nobody is taken out. Returns how many there are."""
    if outage.status in {"drafted", "reviewed", "approved", "noticed"} or _planned_before(outage):
        _keep_planned(outage, now)
    else:
        _keep_members(outage, now)
    return count(outage)


def count(outage: Outage) -> int:
    """How many customers are told about this outage."""
    query = sa.select(sa.func.count()).select_from(OutageRecipient).where(OutageRecipient.outage_id == outage.id)
    return session.scalar(query) or 0


def batch(outage_id: int, occasion: str, *, after: int, limit: int) -> Sequence[int]:
    """The next customers to tell of an occasion, by id."""
    query = sa.select(OutageRecipient.customer_id).where(
        OutageRecipient.outage_id == outage_id, OutageRecipient.customer_id > after
    )
    if occasion in LATER:
        out = sa.select(OutageCustomer.id).where(
            OutageCustomer.customer_id == OutageRecipient.customer_id,
            OutageCustomer.outage_id == outage_id,
            OutageCustomer.active,
        )
        query = query.where(out.exists())
    return session.scalars(query.order_by(OutageRecipient.customer_id).limit(limit)).all()


def below(devices: Iterable[str], *, now: datetime) -> list[int]:
    """The customers that hang below these devices as switches stand, each once, by id."""
    seen = grid.current(now)
    found: set[int] = set()
    for code in devices:
        if seen.has(code):
            found.update(int(customer_id) for customer_id in seen.customer_ids(code))
    return sorted(found)


def _planned_before(outage: Outage) -> bool:
    return outage.nature in {"planned", "temporary", "orderly"}


def _keep_planned(outage: Outage, now: datetime) -> None:
    """Whoever hangs below the planned devices, except customers whose contract has ended."""
    plan = session.get_one(OutagePlan, outage.id)
    ids = below([device["code"] for device in plan.devices], now=now)
    for place in range(0, len(ids), CHUNK):
        rows = session.execute(
            sa.select(Customer.id, Premises.transformer_code)
            .join(Premises, Premises.id == Customer.premises_id)
            .where(Customer.id.in_(ids[place : place + CHUNK]), Customer.status != "closed")
        )
        values = [
            {"outage_id": outage.id, "customer_id": key, "transformer_code": transformer, "added_at": now}
            for key, transformer in rows
        ]
        if values:
            session.execute(_insert().on_conflict_do_nothing(), values)


def _keep_members(outage: Outage, now: datetime) -> None:
    """Whoever is or was out in this outage, in one statement."""
    members = (
        sa.select(
            OutageCustomer.outage_id,
            OutageCustomer.customer_id,
            sa.func.min(OutageCustomer.transformer_code),
            sa.literal(now, OutageRecipient.added_at.type),
        )
        .where(OutageCustomer.outage_id == outage.id)
        .group_by(OutageCustomer.outage_id, OutageCustomer.customer_id)
    )
    columns = ["outage_id", "customer_id", "transformer_code", "added_at"]
    session.execute(_insert().from_select(columns, members).on_conflict_do_nothing())


def _insert() -> sqlite.Insert | postgresql.Insert:
    return sqlite.insert(OutageRecipient) if is_sqlite() else postgresql.insert(OutageRecipient)
