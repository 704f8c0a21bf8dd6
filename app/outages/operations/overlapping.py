"""Planned outages that meet others (停电重叠): a customer is in one outage at a time, and none is lost between two.

Who is out in a fault when a plan switches off stays with the fault. Where the fault gives them back while the plan
still keeps their transformer without supply, they are in the planned outage from that instant: minutes are counted
once, up to it there, from it here. Where there was no fault after all, the planned outage has had them since it began.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased

from app.customers.models import Customer
from app.kernel.actor import Actor
from app.kernel.db import is_sqlite, session, table
from app.outages import hooks
from app.outages.models import PREDICTION, Outage, OutageCustomer, OutageCut, OutageDevice
from app.outages.operations import members, steps, trace

CHUNK = 500
"""Rows of one statement."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """A customer whom an outage gives up; without supply, if at all, from `since` on."""

    customer_id: int
    transformer: str
    since: datetime


@dataclass(frozen=True, slots=True)
class _Stay:
    """A time without supply in a planned outage; `end` is None while it lasts."""

    outage_id: int
    begin: datetime
    end: datetime | None


def cut(outage: Outage, devices: Iterable[str], *, at: datetime) -> None:
    """Write what the plan keeps without supply from now on, and let predictions there be judged by a person.

    Waits for whoever is giving customers there back, so that nobody is between the two.
    """
    codes = sorted(devices)
    for part in _parts(codes):
        held = sa.select(OutageCustomer.id).where(OutageCustomer.transformer_code.in_(part), OutageCustomer.active)
        session.execute(held.with_for_update()).all()
        session.execute(
            sa.insert(OutageCut),
            [{"outage_id": outage.id, "transformer_code": code, "out_at": at} for code in part],
        )
    session.flush()


def predictions_below(devices: Iterable[str]) -> list[Outage]:
    """Mere predictions with a device or a customer below these; a trip is known from its own switch."""
    found: dict[int, Outage] = {}
    for part in _parts(sorted(devices)):
        by_device = sa.select(OutageDevice.outage_id).where(OutageDevice.active, OutageDevice.device_code.in_(part))
        by_customer = sa.select(OutageCustomer.outage_id).where(
            OutageCustomer.active, OutageCustomer.transformer_code.in_(part)
        )
        query = sa.select(Outage).where(
            Outage.id.in_(sa.union(by_device, by_customer)),
            Outage.kind != "real_device",
            PREDICTION,
        )
        found.update({outage.id: outage for outage in session.scalars(query)})
    return [found[key] for key in sorted(found)]


def keep_predictions(outage: Outage, devices: Iterable[str], *, actor: Actor, now: datetime) -> None:
    """Leave predictions below the plan as they are until somebody judges them: nothing more can be learnt there."""
    for prediction in predictions_below(devices):
        prediction.locked = True
        trace.event(prediction, "kept_below", actor=actor, now=now, params={"number": outage.number})
        session.flush()
        hooks.emit("changed", prediction, actor=actor, now=now)


def give_back(outage: Outage, covered: Collection[str] | None, *, at: datetime) -> int:
    """The plan keeps these transformers (all where None) no longer; returns how many it did until now."""
    cuts = table(OutageCut)
    where = [cuts.c.outage_id == outage.id, cuts.c.restored_at.is_(None)]
    given = 0
    for part in [None] if covered is None else _parts(sorted(covered)):
        these = where if part is None else [*where, cuts.c.transformer_code.in_(part)]
        result: Any = session.execute(sa.update(cuts).where(*these).values(restored_at=at))
        given += int(result.rowcount)
    return given


def keeps_any(outage: Outage, codes: Collection[str] | None = None) -> bool:
    """Whether the plan still keeps a transformer (of these) without supply, be its customers counted here or not."""
    query = sa.select(OutageCut.outage_id).where(OutageCut.outage_id == outage.id, OutageCut.restored_at.is_(None))
    if codes is not None:
        query = query.where(OutageCut.transformer_code.in_(codes))
    return session.scalar(query.limit(1)) is not None


def elsewhere(outage_id: int) -> list[tuple[str, int]]:
    """Other outages that hold customers below this plan now: number, how many."""
    query = (
        sa.select(Outage.number, sa.func.count())
        .join(OutageCustomer, OutageCustomer.outage_id == Outage.id)
        .join(OutageCut, OutageCut.transformer_code == OutageCustomer.transformer_code)
        .where(
            OutageCut.outage_id == outage_id,
            OutageCut.restored_at.is_(None),
            OutageCustomer.active,
            Outage.id != outage_id,
        )
        .group_by(Outage.number)
        .order_by(Outage.number)
    )
    return [(number, n) for number, n in session.execute(query)]


def never_out(outage: Outage) -> list[Leaving]:
    """The customers whom an outage is about to give up as never out in it, and who hang below a plan."""
    session.execute(
        sa.select(OutageCustomer.id)
        .where(OutageCustomer.outage_id == outage.id, OutageCustomer.active)
        .with_for_update()
    ).all()
    row = OutageCustomer
    query = _below_a_plan(outage, row.out_at).where(row.active)
    return [Leaving(*found) for found in session.execute(query)]


def back(outage: Outage, *, at: datetime) -> list[Leaving]:
    """The customers who have just been given back at this instant, and hang below a plan."""
    later = aliased(OutageCustomer)
    moved = sa.select(later.id).where(later.customer_id == OutageCustomer.customer_id, later.out_at >= at)
    query = _below_a_plan(outage, sa.literal(at, OutageCustomer.out_at.type)).where(
        OutageCustomer.restored_at == at, OutageCustomer.active.is_(False), ~moved.exists()
    )
    return [Leaving(*found) for found in session.execute(query)]


def _below_a_plan(outage: Outage, since: Any) -> sa.Select[Any]:
    """Customer, transformer and `since` of those who could have supply were it not for another outage's plan."""
    row = OutageCustomer
    kept = sa.select(OutageCut.outage_id).where(
        OutageCut.transformer_code == row.transformer_code,
        OutageCut.outage_id != outage.id,
        sa.or_(OutageCut.restored_at.is_(None), OutageCut.restored_at > since),
    )
    return (
        sa.select(row.customer_id, row.transformer_code, since)
        .join(Customer, Customer.id == row.customer_id)
        .where(row.outage_id == outage.id, Customer.cut_off.is_(False), Customer.status != "closed", kept.exists())
        .order_by(row.customer_id)
    )


def move_on(source: Outage, leaving: Sequence[Leaving], *, actor: Actor, now: datetime) -> int:
    """Count these customers in the planned outages that keep them without supply; returns how many it concerns."""
    out = _out_now({one.customer_id for one in leaving})
    leaving = [one for one in leaving if one.customer_id not in out]
    if not leaving:
        return 0
    cuts = _cuts({one.transformer for one in leaving}, but=source.id)
    moved: dict[_Stay, list[Leaving]] = {}
    for one in leaving:
        for stay in _stays(cuts.get(one.transformer, ()), one.since):
            moved.setdefault(stay, []).append(one)
    for outage_id in sorted({stay.outage_id for stay in moved}):
        outage = session.get_one(Outage, outage_id)
        stays = {stay: these for stay, these in moved.items() if stay.outage_id == outage_id}
        _take(outage, source, stays, actor=actor, now=now)
    return len({one.customer_id for these in moved.values() for one in these})


def _out_now(customer_ids: Collection[int]) -> set[int]:
    """Those of these customers whom an outage holds."""
    found: set[int] = set()
    ids = sorted(customer_ids)
    for start in range(0, len(ids), CHUNK):
        query = sa.select(OutageCustomer.customer_id).where(
            OutageCustomer.customer_id.in_(ids[start : start + CHUNK]), OutageCustomer.active
        )
        found.update(session.scalars(query))
    return found


def _cuts(transformers: Collection[str], *, but: int) -> dict[str, list[OutageCut]]:
    """What plans keep or kept of these transformers, by transformer, the earliest first."""
    found: dict[str, list[OutageCut]] = {}
    for part in _parts(sorted(transformers)):
        query = sa.select(OutageCut).where(OutageCut.transformer_code.in_(part), OutageCut.outage_id != but)
        for row in session.scalars(query.order_by(OutageCut.out_at, OutageCut.outage_id)):
            found.setdefault(row.transformer_code, []).append(row)
    return found


def _stays(cuts: Iterable[OutageCut], since: datetime) -> list[_Stay]:
    """Where a customer of this transformer is without supply from `since` on, one outage after the other."""
    found: list[_Stay] = []
    for each in cuts:
        begin = max(since, each.out_at)
        if each.restored_at is not None and each.restored_at <= begin:
            continue
        found.append(_Stay(each.outage_id, begin, each.restored_at))
        if each.restored_at is None:
            break
        since = each.restored_at
    return found


def _take(outage: Outage, source: Outage, stays: dict[_Stay, list[Leaving]], *, actor: Actor, now: datetime) -> None:
    """Write them as customers of the planned outage, with the steps that its minutes add up from."""
    over = False
    for stay, these in sorted(stays.items(), key=lambda item: item[0].begin):
        rows = [
            {
                "outage_id": outage.id,
                "customer_id": one.customer_id,
                "transformer_code": one.transformer,
                "out_at": stay.begin,
                "restored_at": stay.end,
                "active": stay.end is None,
            }
            for one in these
        ]
        session.execute(sa.insert(OutageCustomer), rows)
        device = steps.named(sorted({one.transformer for one in these}))
        steps.add_step(outage, "out", device, len(these), 0.0, at=stay.begin, actor=actor, note=source.number)
        if stay.end is None:
            _hold({one.transformer for one in these}, outage)
        else:
            minutes = (stay.end - stay.begin).total_seconds() / 60 * len(these)
            steps.add_step(
                outage, "restored", device, len(these), minutes, at=stay.end, actor=actor, note=source.number
            )
            over = True
    members.count(outage)
    moved = sum(len(these) for these in stays.values())
    trace.event(outage, "took_over", actor=actor, now=now, params={"customers": moved, "number": source.number})
    trace.event(source, "handed_over", actor=actor, now=now, params={"customers": moved, "number": outage.number})
    session.flush()
    hooks.emit("restored" if over else "changed", outage, actor=actor, now=now)


def _hold(transformers: Collection[str], outage: Outage) -> None:
    """The planned outage covers these now, where no other does."""
    rows = [{"outage_id": outage.id, "device_code": code, "active": True} for code in sorted(transformers)]
    insert = (sqlite if is_sqlite() else postgresql).insert(OutageDevice)
    session.execute(insert.on_conflict_do_nothing(index_elements=["device_code"], index_where=sa.text("active")), rows)


def _parts(codes: Sequence[str]) -> Iterable[Sequence[str]]:
    return (codes[start : start + CHUNK] for start in range(0, len(codes), CHUNK))
