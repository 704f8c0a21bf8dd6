"""Keep the interruptions of outages (`outage_interruption`) equal to the rows of who was out.

A job does it for an outage and those nested in it, after each step of restoration and at the end; made anew each time,
so that doing it twice, or for all (`reckon_all`), changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.kernel import db, jobs
from app.kernel.actor import Actor
from app.kernel.clock import LOCAL
from app.kernel.db import alone, session, table, write
from app.outages import hooks
from app.outages.indices.counting import packed
from app.outages.indices.interruptions import Group, Lost, groups
from app.outages.models import Outage, OutageCustomer, OutageCut, OutageDevice, OutageInterruption

JOB = "outages.reckon"
NO_INTERRUPTION = ("cancelled",)
"""States of outages that were none."""

LOW_VOLTAGE = frozenset({"lv_branch", "meter_box"})
"""Devices whose failure leaves no whole transformer without supply."""

BATCH = 200


def follow() -> None:
    """Reckon whatever is restored or closed from now on."""
    hooks.on("restored", _ask)
    hooks.on("closed", _ask_at_the_end)
    hooks.on("created", _ask_for_parent)


def _ask(outage: Outage, /, *, actor: Actor, now: datetime) -> None:  # noqa: ARG001
    jobs.enqueue(JOB, {"outage": outage.id}, now=now)


def _ask_at_the_end(outage: Outage, /, *, actor: Actor, now: datetime) -> None:
    """A mere prediction that came to nothing was never reckoned: a storm withdraws hundreds."""
    if outage.status not in NO_INTERRUPTION or outage.confirmed_at is not None or outage.customers_restored:
        _ask(outage, actor=actor, now=now)


def _ask_for_parent(outage: Outage, /, *, actor: Actor, now: datetime) -> None:
    """Somebody counted as restored was not."""
    if outage.parent_id is not None:
        _ask(outage, actor=actor, now=now)


def reckon(outage_id: int) -> int:
    """Make the interruptions of the outage and its nested ones anew; returns how many there are."""
    root = _root(outage_id)
    alone(f"{JOB}:{root}")
    family = _family(root)
    ids = [row.id for row in family]
    counted = [row for row in family if row.status not in NO_INTERRUPTION and row.kind != "non_outage"]
    found = groups(
        _lost([row.id for row in counted]), whole=_whole([row.id for row in counted if _at_medium_voltage(row)])
    )
    kept = table(OutageInterruption)
    write(kept.delete().where(kept.c.outage_id.in_(ids)))
    if found:
        write(kept.insert(), [_row(group) for group in found])
    session.expire_all()
    return len(found)


def reckon_all() -> int:
    """Reckon every outage, in transactions of its own; returns how many outages (nested ones with theirs)."""
    done, after = 0, 0
    while True:
        query = sa.select(Outage.id).where(Outage.parent_id.is_(None), Outage.id > after).order_by(Outage.id)
        roots = list(session.scalars(query.limit(BATCH)))
        session.rollback()
        if not roots:
            return done
        for root in roots:
            db.run(lambda root=root: reckon(root))  # type: ignore[misc]
        done, after = done + len(roots), roots[-1]


def _root(outage_id: int) -> int:
    """The outage in which this one is nested, outermost."""
    seen = {outage_id}
    while (above := session.scalar(sa.select(Outage.parent_id).where(Outage.id == outage_id))) and above not in seen:
        outage_id = above
        seen.add(above)
    return outage_id


def _family(root: int) -> list[Any]:
    """The outage and all that are nested in it."""
    columns = (Outage.id, Outage.status, Outage.kind, Outage.device_kind)
    found = list(session.execute(sa.select(*columns).where(Outage.id == root)))
    level = [root]
    while level:
        below = list(session.execute(sa.select(*columns).where(Outage.parent_id.in_(level))))
        level = [row.id for row in below if row.id not in {one.id for one in found}]
        found += [row for row in below if row.id in level]
    return found


def _at_medium_voltage(row: Any) -> bool:
    return not row.kind.endswith("_service") and row.device_kind not in LOW_VOLTAGE


def _whole(outage_ids: Collection[int]) -> set[tuple[int, str]]:
    """The transformers these outages cover or a plan cut: not those of which only some customers were theirs."""
    covered, cut = table(OutageDevice).c, table(OutageCut).c
    query = sa.union(
        sa.select(covered.outage_id, covered.device_code).where(covered.outage_id.in_(outage_ids)),
        sa.select(cut.outage_id, cut.transformer_code).where(cut.outage_id.in_(outage_ids)),
    )
    return {(outage_id, code) for outage_id, code in session.execute(query)}


def _lost(outage_ids: Collection[int]) -> list[Lost]:
    rows = table(OutageCustomer).c
    columns = (rows.outage_id, rows.customer_id, rows.transformer_code, rows.out_at, rows.restored_at)
    return [Lost(*row) for row in session.execute(sa.select(*columns).where(rows.outage_id.in_(outage_ids)))]


def _row(group: Group) -> dict[str, Any]:
    lasted = group.restored_at - group.out_at if group.restored_at else None
    return {
        "outage_id": group.outage_id,
        "day": group.out_at.astimezone(LOCAL).date(),
        "out_at": group.out_at,
        "restored_at": group.restored_at,
        "minutes": max(lasted.total_seconds(), 0) / 60 if lasted is not None else None,
        "customers": len(group.customers),
        "transformers": group.transformers,
        "members": packed(group.customers),
    }
