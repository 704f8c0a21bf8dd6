"""A meter with what it showed: for judging a new reading, and for lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.customers.judging import REGISTERS, MeterFacts, Shown
from app.customers.models import Meter, Reading
from app.customers.queries.codes import code
from app.kernel.db import session

HISTORY = 13
"""So many readings back are enough to know what is usual: a year of months."""

SURER = ("estimated", "install", "remove", "regular", "check", "correction")
"""Of several readings of one day the later in this row counts."""


@dataclass(frozen=True, slots=True)
class MeterLine:
    """A meter as forms and lists show it."""

    id: int
    customer_id: int
    number: str
    kind: str
    multiplier: Decimal
    digits: int
    installed_on: date
    removed_on: date | None


def meter_lines(customer_id: int) -> list[MeterLine]:
    """The meters of a customer, the present ones first."""
    query = sa.select(Meter).where(Meter.customer_id == customer_id)
    rows = session.scalars(query.order_by(Meter.removed_on.is_not(None), Meter.installed_on.desc(), Meter.id))
    return [meter_line(row) for row in rows]


def meter_line(row: Meter) -> MeterLine:
    """The plain values of a row."""
    return MeterLine(**{name: getattr(row, name) for name in MeterLine.__slots__})


def registers_of(kind: str) -> tuple[str, ...]:
    """The registers that a kind of meter has, in the order of forms."""
    word = code("meter_kind", kind)
    return tuple(word.facts.get("registers", ("total",))) if word else ("total",)


def facts_of(meter: MeterLine | Meter) -> MeterFacts:
    """What of a meter matters for judging."""
    return MeterFacts(
        installed_on=meter.installed_on,
        removed_on=meter.removed_on,
        digits=meter.digits,
        multiplier=meter.multiplier,
        registers=registers_of(meter.kind),
    )


def readings_before(meter_id: int, day: date, *, limit: int = HISTORY) -> list[Shown]:
    """What the meter showed on the days before, the latest last; one reading a day, the surest."""
    query = sa.select(Reading).where(Reading.meter_id == meter_id, Reading.read_on < day)
    rows = session.scalars(query.order_by(Reading.read_on.desc(), Reading.id.desc()).limit(limit)).all()
    return surest(rows)


def reading_after(meter_id: int, day: date) -> Shown | None:
    """The next reading after a day."""
    query = sa.select(Reading).where(Reading.meter_id == meter_id, Reading.read_on > day)
    rows = session.scalars(query.order_by(Reading.read_on, Reading.id).limit(3)).all()
    return surest(rows)[0] if rows else None


def surest(rows: Sequence[Reading]) -> list[Shown]:
    """One reading a day, by day."""
    by_day: dict[date, Reading] = {}
    for row in rows:
        present = by_day.get(row.read_on)
        if present is None or SURER.index(row.kind) > SURER.index(present.kind):
            by_day[row.read_on] = row
    return [shown_of(by_day[day]) for day in sorted(by_day)]


def shown_of(row: Any) -> Shown:
    """The plain values of a reading's row."""
    values = {name: value for name in REGISTERS if (value := getattr(row, name)) is not None}
    return Shown(row.read_on, row.kind, values)
