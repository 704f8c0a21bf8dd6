"""Meters and what they showed, for many customers at once, as the computation reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from app.billing.computing import MeterUse, Shown
from app.billing.computing.metering import believed
from app.customers.models import Meter, Reading
from app.kernel.db import session, table

REGISTERS = ("total", "sharp", "peak", "flat", "valley", "deep", "reactive", "demand")

ESTIMATED = "estimated"


@dataclass(slots=True)
class Device:
    """A meter and its readings; `estimates` says of an estimated one the how-many-th in a row it is."""

    number: str
    multiplier: Decimal
    digits: int
    installed_on: date
    removed_on: date | None
    readings: list[Shown] = field(default_factory=list)
    estimates: dict[date, int] = field(default_factory=dict)


Devices = Mapping[int, Sequence[Device]]
"""The meters by customer."""


def devices(customer_ids: Sequence[int], *, since: date, until: date) -> Devices:
    """The meters at the customers on some day from `since` to `until`, with their readings of those days."""
    found: dict[int, list[Device]] = {}
    by_id: dict[int, Device] = {}
    meters = table(Meter)
    query = sa.select(
        meters.c.id, meters.c.customer_id, meters.c.number, meters.c.multiplier, meters.c.digits,
        meters.c.installed_on, meters.c.removed_on,
    ).where(
        meters.c.customer_id.in_(customer_ids),
        meters.c.installed_on <= until,
        sa.or_(meters.c.removed_on.is_(None), meters.c.removed_on > since),
    )  # fmt: skip
    for meter_id, customer_id, *facts in session.execute(query.order_by(meters.c.installed_on, meters.c.id)):
        device = by_id[meter_id] = Device(*facts)
        found.setdefault(customer_id, []).append(device)
    _read(by_id, since, until)
    return found


def _read(by_id: Mapping[int, Device], since: date, until: date) -> None:
    rows = table(Reading)
    query = sa.select(rows.c.meter_id, rows.c.read_on, rows.c.kind, *(rows.c[name] for name in REGISTERS)).where(
        rows.c.meter_id.in_(list(by_id)), rows.c.read_on >= since, rows.c.read_on <= until
    )
    for meter_id, on, kind, *values in session.execute(query):
        shown = {name: value for name, value in zip(REGISTERS, values, strict=True) if value is not None}
        by_id[meter_id].readings.append(Shown(on, kind, shown))
    for device in by_id.values():
        device.readings = believed(device.readings)
    _count_estimates(by_id, until)


def _count_estimates(by_id: Mapping[int, Device], until: date) -> None:
    """Of the few meters with an estimate all readings are looked at: a row of estimates began bills ago."""
    estimated = [key for key, device in by_id.items() if any(each.kind == ESTIMATED for each in device.readings)]
    if not estimated:
        return
    rows = table(Reading)
    query = sa.select(rows.c.meter_id, rows.c.read_on, rows.c.kind).where(
        rows.c.meter_id.in_(estimated), rows.c.read_on <= until
    )
    found: dict[int, list[Shown]] = {}
    for meter_id, on, kind in session.execute(query):
        found.setdefault(meter_id, []).append(Shown(on, kind, {}))
    for meter_id, readings in found.items():
        row = 0
        for shown in believed(readings):
            row = row + 1 if shown.kind == ESTIMATED else 0
            if row:
                by_id[meter_id].estimates[shown.on] = row


def uses(meters: Sequence[Device], from_on: date, to_on: date) -> list[MeterUse]:
    """The meters within [from_on, to_on] with their readings from the first day on; those without any are left out."""
    found = []
    for device in meters:
        readings = [shown for shown in device.readings if from_on <= shown.on <= to_on]
        if device.installed_on >= to_on or (device.removed_on is not None and device.removed_on <= from_on):
            continue
        found.append(MeterUse(device.number, device.multiplier, device.digits, readings))
    return found


def closing_day(meters: Sequence[Device], after: date, until: date) -> date | None:
    """The last day on which a meter that stays was read for billing, after one day and up to another."""
    days = [
        shown.on
        for device in meters
        for shown in device.readings
        if after < shown.on <= until and shown.kind in ("regular", "correction", "estimated", "remove")
        if shown.kind != "remove" or not _replaced(meters, device)
    ]
    return max(days, default=None)


def opening_day(meters: Sequence[Device]) -> date | None:
    """The day of the first reading known: where a first bill begins."""
    return min((device.readings[0].on for device in meters if device.readings), default=None)


def _replaced(meters: Sequence[Device], gone: Device) -> bool:
    """Whether another meter took this one's place, so that its removal closes no period."""
    return any(each is not gone and each.installed_on == gone.removed_on for each in meters)
