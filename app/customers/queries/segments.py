"""Rounds of reading (抄表段) and what is to be read in one: meter by meter, in the order of the houses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.customers.judging import Shown
from app.customers.models import Customer, Meter, Reading, ReadingSegment
from app.customers.queries.beginnings import under
from app.customers.queries.meters import MeterLine, meter_line, registers_of, surest
from app.kernel.db import session

PAGE = 50
MOST_METERS = 20
"""A page does not end between two meters of one customer, who has no more than these."""


@dataclass(frozen=True, slots=True)
class SegmentView:
    """A round: code, names, unit, rhythm (`month`, `two_months`) and day of the month."""

    code: str
    name: str
    name_en: str
    unit_code: str
    unit_path: str
    cycle: str
    day: int


@dataclass(frozen=True, slots=True)
class ReadingLine:
    """A meter of the round: whose it is, what it showed last, and what was entered for the day."""

    meter: MeterLine
    number: str
    name: str
    address: str
    registers: tuple[str, ...]
    last: Shown | None
    entered: Shown | None


@dataclass(frozen=True, slots=True)
class ReadingPage:
    """`after` is where the next page begins; `done` and `all` count meters of the whole round."""

    lines: Sequence[ReadingLine]
    after: str | None
    done: int
    all: int


def segments(*, paths: Sequence[str], text: str = "", limit: int = 100) -> list[SegmentView]:
    """Rounds of the units under these paths whose code or name has the text, by code."""
    query = sa.select(ReadingSegment).where(under(ReadingSegment.unit_path, tuple(paths)))
    if text:
        part = f"%{text.replace('%', '').replace('_', '')}%"
        query = query.where(sa.or_(ReadingSegment.code.ilike(part), ReadingSegment.name.ilike(part)))
    return [_view(row) for row in session.scalars(query.order_by(ReadingSegment.code).limit(limit))]


def segment(code: str, *, paths: Sequence[str]) -> SegmentView | None:
    """One round, None where there is none under these paths."""
    query = sa.select(ReadingSegment).where(ReadingSegment.code == code, under(ReadingSegment.unit_path, tuple(paths)))
    row = session.scalar(query)
    return _view(row) if row else None


def reading_page(code: str, day: date, *, after: str = "", only: int | None = None, limit: int = PAGE) -> ReadingPage:
    """A page of the meters of a round that hang on this day, by customer number (`only`: of one meter)."""
    hanging = sa.and_(Meter.installed_on <= day, sa.or_(Meter.removed_on.is_(None), Meter.removed_on > day))
    columns: tuple[Any, ...] = (Meter, Customer.number, Customer.name, Customer.address)
    base = (
        sa.select(*columns)
        .join(Customer, Customer.id == Meter.customer_id)
        .where(Customer.segment_code == code, Customer.status != "closed", hanging)
    )
    if only is not None:
        base = base.where(Meter.id == only)
    ordered = base.where(Customer.number > after).order_by(Customer.number, Meter.id)
    rows = [tuple(row) for row in session.execute(ordered.limit(limit + MOST_METERS))]
    shown = [row for place, row in enumerate(rows) if place < limit or row[1] == rows[limit - 1][1]]
    ids = [meter.id for meter, *_rest in shown]
    today, earlier = _on(ids, day), _before(ids, day)
    lines = [
        ReadingLine(
            meter_line(meter),
            number,
            name,
            address,
            registers_of(meter.kind),
            earlier.get(meter.id),
            today.get(meter.id),
        )
        for meter, number, name, address in shown
    ]
    done, everything = _count(base, day)
    return ReadingPage(lines, shown[-1][1] if len(rows) > len(shown) else None, done, everything)


def _on(ids: Sequence[int], day: date) -> dict[int, Shown]:
    rows = session.scalars(sa.select(Reading).where(Reading.meter_id.in_(ids), Reading.read_on == day)).all()
    return {key: surest([row for row in rows if row.meter_id == key])[0] for key in {row.meter_id for row in rows}}


def _before(ids: Sequence[int], day: date) -> dict[int, Shown]:
    """The last reading of each meter before the day."""
    place = sa.func.row_number().over(
        partition_by=Reading.meter_id, order_by=(Reading.read_on.desc(), Reading.id.desc())
    )
    ranked = sa.select(Reading.id, place.label("place")).where(Reading.meter_id.in_(ids), Reading.read_on < day)
    last = ranked.subquery()
    query = sa.select(Reading).join(last, last.c.id == Reading.id).where(last.c.place == 1)
    return {row.meter_id: surest([row])[0] for row in session.scalars(query)}


def _count(base: sa.Select[Any], day: date) -> tuple[int, int]:
    meters = base.with_only_columns(Meter.id).subquery()
    read = sa.select(sa.func.count(sa.distinct(Reading.meter_id))).where(
        Reading.meter_id.in_(sa.select(meters.c.id)), Reading.read_on == day
    )
    return session.scalar(read) or 0, session.scalar(sa.select(sa.func.count()).select_from(meters)) or 0


def energy(line: ReadingLine) -> Decimal | None:
    """kWh between the last reading and the one entered, None where either lacks."""
    if line.last is None or line.entered is None:
        return None
    before, now = line.last.values.get("total"), line.entered.values.get("total")
    if before is None or now is None:
        return None
    rolled = Decimal(10) ** line.meter.digits if now < before else Decimal(0)
    return (now - before + rolled) * line.meter.multiplier


def _view(row: ReadingSegment) -> SegmentView:
    return SegmentView(**{name: getattr(row, name) for name in SegmentView.__slots__})
