"""Signals of meters: last gasps are trouble calls, pings and returns of power speak against an outage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.customers.models import Meter
from app.kernel import db
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Invalid
from app.network import grid as network
from app.outages.models import PREDICTION, MeterSignal, Outage, OutageCustomer, TroubleCall
from app.outages.operations import ending, locks, regroup, trouble
from app.outages.operations.clocks import trusted
from app.outages.operations.thresholds import thresholds_for

KINDS = ("last_gasp", "restored", "ping_alive", "ping_dead")
MOST = 1000
"""Signals of one batch."""


class InvalidSignals(Invalid):
    code = "invalid_signals"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One signal: the meter (表号), what it says, and when by its own clock."""

    key: str
    meter_no: str
    kind: str
    device_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a batch: signals written, known before, and of meters nobody knows."""

    written: int
    known: int
    unknown: tuple[str, ...]


def receive(signals: Sequence[Signal], *, sent_at: datetime | None = None, actor: Actor, now: datetime) -> Taken:
    """Take a batch; `sent_at` is the time of sending by the clock that also stamped the signals.

    A signal sent again by its key changes nothing. Raises `InvalidSignals`.
    """
    if len(signals) > MOST:
        raise InvalidSignals(_l("At most %(most)s signals at once.", most=MOST))
    wrong = sorted({signal.kind for signal in signals} - set(KINDS))
    if wrong:
        raise InvalidSignals(_l("Unknown value “%(value)s”.", value=wrong[0]))
    db.alone("meter signals")
    keys = [signal.key for signal in signals]
    known = set(session.scalars(sa.select(MeterSignal.key).where(MeterSignal.key.in_(keys))))
    fresh = {signal.key: signal for signal in signals if signal.key not in known}
    customers = _customers([signal.meter_no for signal in fresh.values()])
    rows = [row for signal in fresh.values() if (row := _row(signal, customers.get(signal.meter_no), sent_at, now=now))]
    session.add_all(rows)
    session.flush()
    _act(rows, actor=actor, now=now)
    unknown = tuple(sorted({signal.meter_no for signal in fresh.values() if signal.meter_no not in customers}))
    return Taken(len(rows), len(signals) - len(fresh), unknown)


def _customers(numbers: Sequence[str]) -> dict[str, int]:
    query = sa.select(Meter.number, Meter.customer_id).where(Meter.number.in_(set(numbers)), Meter.removed_on.is_(None))
    return {number: customer_id for number, customer_id in session.execute(query)}


def _row(signal: Signal, customer_id: int | None, sent_at: datetime | None, *, now: datetime) -> MeterSignal | None:
    if customer_id is None:
        return None
    grid = network.current(now)
    transformer = grid.transformer_of(customer_id) or ""
    unit = grid.info(transformer).unit_code if transformer else ""
    values = thresholds_for(unit, storm=False, now=now).values
    at = trusted(signal.device_at, sent_at=sent_at, now=now, thresholds=values)
    return MeterSignal(
        key=signal.key,
        meter_no=signal.meter_no,
        customer_id=customer_id,
        transformer_code=transformer,
        feeder_code=grid.feeder_of(transformer) if transformer else "",
        kind=signal.kind,
        at=at,
        device_at=signal.device_at,
        received_at=now,
    )


def _act(rows: Sequence[MeterSignal], *, actor: Actor, now: datetime) -> None:
    locks.alone_with_all({row.feeder_code for row in rows})
    alive = [row for row in rows if row.kind in {"restored", "ping_alive"}]
    for row in sorted(alive, key=lambda each: each.at):
        _has_power(row, actor=actor, now=now)
    regroup.several({row.feeder_code for row in alive}, actor=actor, now=now)
    gasps = [row for row in rows if row.kind == "last_gasp"]
    later = _power_since(gasps)
    reports = [
        trouble.Trouble(source="meter", key=_key(row), customer_id=row.customer_id, reported_at=row.at)
        for row in gasps
        if row.customer_id not in later or later[row.customer_id] < row.at
    ]
    trouble.report_all(reports, actor=actor, now=now)


def _key(row: MeterSignal) -> str:
    """The report's key: the signal's, whose end tells signals apart where it is long."""
    return f"meter:{row.key[-(trouble.LENGTHS['key'] - 6) :]}"


def _power_since(gasps: Sequence[MeterSignal]) -> dict[int, datetime]:
    """When each of these customers' meters last told that it has power: a gasp of before came late and says nothing."""
    if not gasps:
        return {}
    query = (
        sa.select(MeterSignal.customer_id, sa.func.max(MeterSignal.at))
        .where(
            MeterSignal.customer_id.in_({row.customer_id for row in gasps}),
            MeterSignal.kind.in_(["restored", "ping_alive"]),
            MeterSignal.at >= min(row.at for row in gasps),
        )
        .group_by(MeterSignal.customer_id)
    )
    return {customer_id: at for customer_id, at in session.execute(query)}


def _has_power(row: MeterSignal, *, actor: Actor, now: datetime) -> None:
    """The customer has power: a service outage of theirs is over, their calls of before explain nothing any more."""
    outage = session.scalar(
        sa.select(Outage)
        .join(OutageCustomer, OutageCustomer.outage_id == Outage.id)
        .where(
            OutageCustomer.customer_id == row.customer_id,
            OutageCustomer.active,
            PREDICTION,
            Outage.started_at <= row.at,
        )
    )
    if outage is not None and outage.kind == "probable_service":
        ending.supplied_again(outage, at=row.at, actor=actor, now=now)
        return
    if outage is not None:
        calls = session.scalars(
            sa.select(TroubleCall).where(
                TroubleCall.outage_id == outage.id,
                TroubleCall.customer_id == row.customer_id,
                TroubleCall.reported_at <= row.at,
                TroubleCall.placed_by == "rule",
            )
        ).all()
        for call in calls:
            call.state, call.screening, call.outage_id = "screened", "meter_alive", None
            outage.calls -= 0 if call.suspect else 1
        session.flush()
