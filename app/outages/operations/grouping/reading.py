"""What the database knows of a feeder or zone, as the prediction is told it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.kernel.db import session
from app.outages.location import Report
from app.outages.models import MeterSignal, Outage, OutageDevice, TroubleCall
from app.outages.models.outage import PREDICTION, UNDER_WAY
from app.outages.models.trouble import WAITING

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
    """The stored predictions that may be changed, and the calls to be explained by them.

    `by_hand` says how many calls that count a dispatcher placed in an outage, for those where one placed any.
    """

    outages: dict[int, Outage]
    calls: dict[int, Waiting]
    by_hand: dict[int, int]


def of_feeder(feeder: str) -> Ours:
    """Everything unlocked on a feeder."""
    return _ours(_FEEDER_OUTAGES, _FEEDER_CALLS, {"place": feeder})


def of_zone(zone: str) -> Ours:
    """Everything unlocked in an address zone that has no place in the grid."""
    return _ours(_ZONE_OUTAGES, _ZONE_CALLS, {"place": zone})


def _ours(outages: Any, calls: Any, at: dict[str, str]) -> Ours:
    rows = session.execute(outages, at).all()
    ids = {outage.id for outage, _, _ in rows}
    waiting = {row.id: _waiting(row) for row in session.execute(calls, at) if not row.outage_id or row.outage_id in ids}
    by_rule = {each.outage_id for each in waiting.values()}
    # what only calls moved by a dispatcher hold, prediction leaves as it is
    ours = [row for row in rows if row[0].id in by_rule or not row[1]]
    return Ours(
        {outage.id: outage for outage, _, _ in ours},
        waiting,
        {outage.id: counted for outage, hand, counted in ours if hand},
    )


def _asks_outages(*where: sa.ColumnElement[bool]) -> Any:
    """Unlocked predictions, with how many attached calls a dispatcher placed there, and how many of these count."""
    by_hand = (
        sa.select(sa.func.count())
        .where(
            TroubleCall.outage_id == Outage.id,
            TroubleCall.placed_by == sa.literal_column(f"'{HAND}'"),
            TroubleCall.state == "attached",
        )
        .correlate(Outage)
    )
    query = sa.select(
        Outage, by_hand.scalar_subquery(), by_hand.where(TroubleCall.suspect.is_(False)).scalar_subquery()
    )
    return query.where(
        *where,
        sa.text(f"outage.{UNDER_WAY}"),
        PREDICTION,
    ).order_by(Outage.id)


def _asks_calls(*where: sa.ColumnElement[bool]) -> Any:
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
    return sa.select(*columns).where(
        *where,
        sa.text(f"trouble_call.{WAITING}"),
        TroubleCall.suspect.is_(False),
        TroubleCall.placed_by == "rule",
        sa.or_(TroubleCall.outage_id.is_not(None), TroubleCall.screening == "passed"),
    )


_FEEDER_OUTAGES = _asks_outages(Outage.feeder_code == sa.bindparam("place"))
_FEEDER_CALLS = _asks_calls(TroubleCall.feeder_code == sa.bindparam("place"))
_ZONE_OUTAGES = _asks_outages(Outage.feeder_code == "", Outage.zone == sa.bindparam("place"))
_ZONE_CALLS = _asks_calls(TroubleCall.feeder_code == "", TroubleCall.zone == sa.bindparam("place"))
"""Built once, and in the words of the partial indexes: each call asks them."""


def _waiting(row: Any) -> Waiting:
    return Waiting(
        Report(row.id, row.transformer_code, caller_key(row.customer_id, row.phone, row.id), row.reported_at),
        row.customer_id,
        row.outage_id,
        row.unit_code,
        row.unit_path,
    )


def caller_key(customer_id: int | None, phone: str, call_id: int) -> str:
    """What makes two calls the same caller's: the customer, else the phone."""
    if customer_id is not None:
        return f"c{customer_id}"
    return f"p{phone}" if phone else f"r{call_id}"


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
        part = {"codes": wanted[start : start + 500], "ours": sorted(mine)}
        for outage_id, code in session.execute(_COVERED, part):
            found.setdefault(outage_id, set()).add(code)
    others = frozenset(code for outage_id, codes in found.items() if outage_id not in mine for code in codes)
    return Covered({outage_id: codes for outage_id, codes in found.items() if outage_id in mine}, others)


_COVERED = sa.select(OutageDevice.outage_id, OutageDevice.device_code).where(
    OutageDevice.active,
    sa.or_(
        OutageDevice.device_code.in_(sa.bindparam("codes", expanding=True)),
        OutageDevice.outage_id.in_(sa.bindparam("ours", expanding=True)),
    ),
)


def taken(transformers: Collection[str], ours: Collection[int]) -> frozenset[str]:
    """Those of these transformers that other outages cover."""
    return covered(transformers, ours).by_others


def alive(feeder: str, since: datetime) -> dict[str, datetime]:
    """When, below each transformer of a feeder, a meter last told that it has power and has said nothing else since."""
    rows = session.execute(_ALIVE, {"feeder": feeder, "since": since})
    return {code: at for code, at in rows if code}


def _asks_alive() -> sa.Select[Any]:
    """The last signal of each customer, where it says that there is power; the latest of these by transformer."""
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
        .where(
            MeterSignal.feeder_code == sa.bindparam("feeder"),
            MeterSignal.at >= sa.bindparam("since", type_=MeterSignal.at.type),
        )
        .subquery()
    )
    return (
        sa.select(last.c.transformer_code, sa.func.max(last.c.at))
        .where(last.c.place == 1, last.c.kind.in_(["ping_alive", "restored"]))
        .group_by(last.c.transformer_code)
    )


_ALIVE = _asks_alive()

MEMORY = timedelta(days=2)
"""Signals older than this say nothing of the present; calls that are older still wait with what is known."""
