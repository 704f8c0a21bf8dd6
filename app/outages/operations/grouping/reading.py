"""What the database knows of a feeder or zone, as the prediction is told it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from app.kernel.db import session
from app.outages.location import Report
from app.outages.models import OVER, MeterSignal, Outage, OutageDevice, TroubleCall

HAND = "hand"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A call that the prediction places: the report, and the outage it is attached to now."""

    report: Report
    customer_id: int | None
    outage_id: int | None
    unit_code: str
    unit_path: str


@dataclass(frozen=True, slots=True)
class Ours:
    """The stored predictions that may be changed, and the calls to be explained by them."""

    outages: dict[int, Outage]
    calls: dict[int, Waiting]


def of_feeder(feeder: str) -> Ours:
    """Everything unlocked on a feeder."""
    return _ours(Outage.feeder_code == feeder, TroubleCall.feeder_code == feeder)


def of_zone(zone: str) -> Ours:
    """Everything unlocked in an address zone that has no place in the grid."""
    return _ours(
        sa.and_(Outage.feeder_code == "", Outage.zone == zone),
        sa.and_(TroubleCall.feeder_code == "", TroubleCall.zone == zone),
    )


def _ours(outages: sa.ColumnElement[bool], calls: sa.ColumnElement[bool]) -> Ours:
    rows = session.scalars(
        sa.select(Outage)
        .where(
            outages,
            Outage.status.not_in(OVER),
            Outage.status == "predicted",
            Outage.locked.is_(False),
            Outage.nature == "unplanned",
        )
        .order_by(Outage.id)
    )
    found = {outage.id: outage for outage in rows}
    waiting = {each.report.id: each for each in _calls(calls) if each.outage_id is None or each.outage_id in found}
    for outage_id in _by_hand_alone(found, waiting.values()):
        del found[outage_id]
    return Ours(found, waiting)


def _calls(where: sa.ColumnElement[bool]) -> Sequence[Waiting]:
    columns = (
        TroubleCall.id,
        TroubleCall.transformer_code,
        TroubleCall.customer_id,
        TroubleCall.phone,
        TroubleCall.reported_at,
        TroubleCall.outage_id,
        TroubleCall.unit_code,
        TroubleCall.unit_path,
    )
    query = sa.select(*columns).where(
        where,
        TroubleCall.state.in_(["open", "attached"]),
        TroubleCall.suspect.is_(False),
        TroubleCall.placed_by == "rule",
        sa.or_(TroubleCall.outage_id.is_not(None), TroubleCall.screening == "passed"),
    )
    return [
        Waiting(
            Report(row.id, row.transformer_code, caller_key(row.customer_id, row.phone, row.id), row.reported_at),
            row.customer_id,
            row.outage_id,
            row.unit_code,
            row.unit_path,
        )
        for row in session.execute(query)
    ]


def caller_key(customer_id: int | None, phone: str, call_id: int) -> str:
    """What makes two calls the same caller's: the customer, else the phone."""
    if customer_id is not None:
        return f"c{customer_id}"
    return f"p{phone}" if phone else f"r{call_id}"


def _by_hand_alone(outages: dict[int, Outage], calls: Collection[Waiting]) -> set[int]:
    """Outages that only calls moved by a dispatcher hold: prediction leaves them as they are."""
    by_rule = {each.outage_id for each in calls}
    candidates = [outage_id for outage_id in outages if outage_id not in by_rule]
    if not candidates:
        return set()
    query = sa.select(TroubleCall.outage_id).where(
        TroubleCall.outage_id.in_(candidates), TroubleCall.placed_by == HAND, TroubleCall.state == "attached"
    )
    return {outage_id for outage_id in session.scalars(query) if outage_id is not None}


@dataclass(frozen=True, slots=True)
class Covered:
    """Active devices: of `ours` by outage, and which of the reach `by_others`."""

    ours: dict[int, set[str]]
    by_others: frozenset[str]


def covered(reach: Collection[str], ours: Collection[int]) -> Covered:
    """Who covers these transformers, and what our outages cover wherever it is."""
    wanted, mine = sorted(reach), set(ours)
    found: dict[int, set[str]] = {}
    for start in range(0, max(1, len(wanted)), 500):
        query = sa.select(OutageDevice.outage_id, OutageDevice.device_code).where(
            OutageDevice.active,
            sa.or_(
                OutageDevice.device_code.in_(wanted[start : start + 500]),
                OutageDevice.outage_id.in_(list(mine)),
            ),
        )
        for outage_id, code in session.execute(query):
            found.setdefault(outage_id, set()).add(code)
    others = frozenset(code for outage_id, codes in found.items() if outage_id not in mine for code in codes)
    return Covered({outage_id: codes for outage_id, codes in found.items() if outage_id in mine}, others)


def taken(transformers: Collection[str], ours: Collection[int]) -> frozenset[str]:
    """Those of these transformers that other outages cover."""
    return covered(transformers, ours).by_others


def alive(feeder: str, since: datetime) -> dict[str, datetime]:
    """When, below each transformer of a feeder, a meter last told that it has power and has said nothing else since."""
    last = (
        sa.select(
            MeterSignal.customer_id,
            MeterSignal.transformer_code,
            MeterSignal.kind,
            MeterSignal.at,
            sa.func.row_number()
            .over(partition_by=MeterSignal.customer_id, order_by=(MeterSignal.at.desc(), MeterSignal.id.desc()))
            .label("place"),
        )
        .where(MeterSignal.feeder_code == feeder, MeterSignal.at >= since)
        .subquery()
    )
    query = (
        sa.select(last.c.transformer_code, sa.func.max(last.c.at))
        .where(last.c.place == 1, last.c.kind.in_(["ping_alive", "restored"]))
        .group_by(last.c.transformer_code)
    )
    return {code: at for code, at in session.execute(query) if code}


MEMORY = timedelta(days=2)
"""Signals older than this say nothing of the present; calls that are older still wait with what is known."""
