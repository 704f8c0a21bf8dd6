"""Who is told about an outage: computed from the trace once and kept, so that later words reach the same people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from app.customers.models import Customer, Premises
from app.kernel.db import is_sqlite, session
from app.network import grid
from app.outages.models import Outage, OutageCustomer, OutageNotice, OutagePlan, OutageRecipient, OutageTold

OUT_ONLY = frozenset({"confirmed", "etr", "progress"})
"""Occasions of which only those are told who are still out."""

AT_END = frozenset({"restored", "cancelled"})
"""Occasions of a planned outage that concern only those who heard of it before."""

CHUNK = 5_000
"""Rows of one statement."""


def keep(outage: Outage, occasion: str, *, now: datetime) -> None:
    """Add to those who are told whoever the outage covers now; nobody is taken out.

    At the end of a planned outage nobody is added to those who heard of it before.
    """
    if outage.status in {"drafted", "reviewed", "approved", "noticed"} or _planned_before(outage):
        if occasion not in AT_END or not count(outage):
            _keep_planned(outage, now)
    else:
        _keep_members(outage, now)


def count(outage: Outage) -> int:
    """How many customers are told about this outage."""
    query = sa.select(sa.func.count()).select_from(OutageRecipient).where(OutageRecipient.outage_id == outage.id)
    return session.scalar(query) or 0


def count_of(notice: OutageNotice) -> int:
    """How many customers are told of this notice as things are now."""
    return session.scalar(sa.select(sa.func.count()).select_from(_of(notice).subquery())) or 0


def batch(notice: OutageNotice, *, after: int, limit: int) -> Sequence[int]:
    """The next customers to tell of a notice, by id."""
    query = _of(notice).where(OutageRecipient.customer_id > after)
    return session.scalars(query.order_by(OutageRecipient.customer_id).limit(limit)).all()


def _of(notice: OutageNotice) -> sa.Select[int]:
    """The customers of a notice: those still out, those whom the notices it overtook in the middle did not reach.

    That supply is back is told to nobody who is out elsewhere, that it takes longer to nobody who has it again.
    """
    query = sa.select(OutageRecipient.customer_id).where(OutageRecipient.outage_id == notice.outage_id)
    if notice.occasion in OUT_ONLY:
        query = query.where(_still_out(notice.outage_id, OutageRecipient.customer_id))
    elif notice.occasion == "restored":
        query = query.where(~_out(OutageCustomer.active))
    elif notice.occasion == "extended":
        query = query.where(sa.or_(_out(OutageCustomer.active), ~_out(OutageCustomer.outage_id == notice.outage_id)))
    elif _takes_back(notice):
        heard = sa.select(OutageTold.customer_id).join(OutageNotice, OutageNotice.id == OutageTold.notice_id)
        query = query.where(
            OutageRecipient.customer_id.in_(
                heard.where(OutageNotice.outage_id == notice.outage_id, OutageTold.state == "handed")
            )
        )
    if notice.rest_of is not None:
        earlier = sa.select(OutageNotice.id).where(
            OutageNotice.outage_id == notice.outage_id,
            OutageNotice.id >= notice.rest_of,
            OutageNotice.id < notice.id,
        )
        reached = sa.select(OutageTold.id).where(
            OutageTold.customer_id == OutageRecipient.customer_id,
            OutageTold.notice_id.in_(earlier),
            OutageTold.state.in_(("handed", "unreachable")),
        )
        query = query.where(~reached.exists())
    return query


def _out(condition: Any) -> sa.Exists:
    """Whether somebody who is told has such a row of being out."""
    return sa.exists().where(OutageCustomer.customer_id == OutageRecipient.customer_id, condition)


def _takes_back(notice: OutageNotice) -> bool:
    """Whether it says that there was no outage: of interest only to those who heard that there was one."""
    return notice.occasion == "cancelled" and session.get_one(Outage, notice.outage_id).nature == "unplanned"


def _still_out(outage_id: int, customer: sa.ColumnElement[int] | sa.orm.InstrumentedAttribute[int]) -> sa.Exists:
    return (
        sa.select(OutageCustomer.id)
        .where(OutageCustomer.customer_id == customer, OutageCustomer.outage_id == outage_id, OutageCustomer.active)
        .exists()
    )


def standing(notice: OutageNotice, ids: Sequence[int]) -> dict[int, str]:
    """Why each of these is not to be told after all: `restored`, `moved_away`, `no_customer`; empty where they are."""
    anybody = sa.literal(notice.occasion not in OUT_ONLY)
    still_out = sa.or_(anybody, _still_out(notice.outage_id, Customer.id))
    query = sa.select(Customer.id, Customer.status == "closed", still_out).where(Customer.id.in_(ids))
    rows = {key: (gone, out) for key, gone, out in session.execute(query)}
    found = {}
    for key in ids:
        gone, out = rows.get(key, (False, True))
        found[key] = "no_customer" if key not in rows else "moved_away" if gone else "" if out else "restored"
    return found


def numbers(ids: Sequence[int]) -> dict[int, str]:
    """The account numbers (户号) of these customers."""
    if not ids:
        return {}
    rows = session.execute(sa.select(Customer.id, Customer.number).where(Customer.id.in_(ids)))
    return {key: number for key, number in rows}


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
