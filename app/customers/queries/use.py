"""What a customer used, month by month, and the demand they drew: computed from readings.

Energy of an interval is (this reading − the one before) × the meter's multiplier; a register
that passed its end is followed round (`page.yaml` says when a smaller value is that). The
intervals are spread evenly over their days, so that calendar months can be compared whatever
day the meter is read on; the bill, which counts whole intervals, may differ by that. kWh, kW, kvarh.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import sqlalchemy as sa

from app.customers.models import Meter, Reading
from app.customers.page_rules import page_rules
from app.customers.rollover import rollover
from app.kernel.db import session

PARTS = ("sharp", "peak", "flat", "valley", "deep")
REACTIVE = "reactive"
TOTAL = "total"
SURER = ("estimated", "install", "remove", "regular", "check", "correction")
"""Of several readings of one day the later in this row counts."""

WHOLE = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class MeterView:
    """A meter with its last reading (values before the multiplier)."""

    id: int
    number: str
    kind: str
    multiplier: Decimal
    digits: int
    installed_on: date
    removed_on: date | None
    read_on: date | None
    read_kind: str
    values: dict[str, Decimal]


@dataclass(slots=True)
class MonthUse:
    """A calendar month: energy by part of the day (`total` where a meter has no parts), reactive energy, demand."""

    month: date
    parts: dict[str, Decimal] = field(default_factory=dict)
    reactive: Decimal | None = None
    demand: Decimal | None = None
    days: int = 0

    @property
    def total(self) -> Decimal:
        """All energy of the month."""
        return sum(self.parts.values(), Decimal(0))

    @property
    def power_factor(self) -> Decimal | None:
        """cos φ = P / √(P² + Q²), to 2 decimals; None where no reactive energy was measured or nothing used."""
        if self.reactive is None or not self.total:
            return None
        apparent = (self.total**2 + self.reactive**2).sqrt()
        return (self.total / apparent).quantize(Decimal("0.01"))


@dataclass(frozen=True, slots=True)
class Use:
    """`months` oldest first, without gaps; `backwards` names meters and days whose reading is refused."""

    months: Sequence[MonthUse]
    meters: Sequence[MeterView]
    backwards: Sequence[tuple[str, date]]

    @property
    def parts(self) -> list[str]:
        """The parts of the day that were measured, in the order of the trade."""
        seen = {part for month in self.months for part in month.parts}
        return [part for part in (*PARTS, TOTAL) if part in seen]


def use_of(customer_id: int, *, until: date, months: int | None = None) -> Use:
    """The use of the calendar months that end with `until`'s, from two statements."""
    count = months or page_rules().months
    first = _months_back(until.replace(day=1), count - 1)
    meters = list(
        session.scalars(sa.select(Meter).where(Meter.customer_id == customer_id).order_by(Meter.installed_on, Meter.id))
    )
    readings = _readings([meter.id for meter in meters], since=first - timedelta(days=70), until=until)
    found = {month: MonthUse(month) for month in _span(first, count)}
    backwards: list[tuple[str, date]] = []
    for meter in meters:
        backwards += _add_meter(meter, readings.get(meter.id, []), found)
    for month in found.values():
        month.parts = {part: value.quantize(WHOLE) for part, value in month.parts.items()}
    last = {meter.id: rows[-1] for meter in meters if (rows := readings.get(meter.id))}
    views = [_meter_view(meter, last.get(meter.id)) for meter in meters]
    return Use(list(found.values()), views, backwards)


def _readings(ids: Sequence[int], *, since: date, until: date) -> dict[int, list[Reading]]:
    """The readings that count, by meter in the order of days: one a day."""
    query = sa.select(Reading).where(Reading.meter_id.in_(ids), Reading.read_on >= since, Reading.read_on <= until)
    chosen: dict[tuple[int, date], Reading] = {}
    for row in session.scalars(query) if ids else ():
        key = (row.meter_id, row.read_on)
        if key not in chosen or _rank(row.kind) > _rank(chosen[key].kind):
            chosen[key] = row
    found: dict[int, list[Reading]] = defaultdict(list)
    for (meter_id, _day), row in sorted(chosen.items(), key=lambda item: item[0]):
        found[meter_id].append(row)
    return found


def _rank(kind: str) -> int:
    return SURER.index(kind) if kind in SURER else 0


def _add_meter(meter: Meter, rows: Sequence[Reading], found: dict[date, MonthUse]) -> list[tuple[str, date]]:
    """Add a meter's energy to the months; returns the days on which it read backwards."""
    backwards: list[tuple[str, date]] = []
    for before, after in pairwise(rows):
        energy = {part: _energy(meter, getattr(before, part), getattr(after, part)) for part in (*PARTS, REACTIVE)}
        if all(energy[part] is None for part in PARTS):
            energy[TOTAL] = _energy(meter, before.total, after.total)
            measured = (before.total, after.total)
            if None not in measured and energy[TOTAL] is None:
                backwards.append((meter.number, after.read_on))
        _spread(before.read_on, after.read_on, energy, found)
        _keep_demand(meter, after, found)
    return backwards


def _energy(meter: Meter, before: Decimal | None, after: Decimal | None) -> Decimal | None:
    """The energy between two registers; None where one was not read, or the meter read backwards."""
    if before is None or after is None:
        return None
    difference = after - before
    if difference < 0:
        if not rollover().happened(before, after, meter.digits):
            return None
        difference += Decimal(10) ** meter.digits
    return difference * meter.multiplier


def _spread(begin: date, end: date, energy: dict[str, Decimal | None], found: dict[date, MonthUse]) -> None:
    """Spread an interval [begin, end) over the months it touches, by days."""
    days = (end - begin).days
    for month, share in _overlap(begin, end):
        use = found.get(month)
        if use is None:
            continue
        use.days += share
        for part, value in energy.items():
            if value is None:
                continue
            piece = value * share / days
            if part == REACTIVE:
                use.reactive = (use.reactive or Decimal(0)) + piece
            else:
                use.parts[part] = use.parts.get(part, Decimal(0)) + piece


def _keep_demand(meter: Meter, row: Reading, found: dict[date, MonthUse]) -> None:
    """The register holds the highest demand since the last reading: it belongs to the month of the day before."""
    if row.demand is None:
        return
    use = found.get((row.read_on - timedelta(days=1)).replace(day=1))
    if use is not None:
        use.demand = max(use.demand or Decimal(0), row.demand * meter.multiplier)


def _overlap(begin: date, end: date) -> Iterator[tuple[date, int]]:
    """(first day of month, days of [begin, end) in it)."""
    at = begin
    while at < end:
        following = min(_months_back(at.replace(day=1), -1), end)
        yield at.replace(day=1), (following - at).days
        at = following


def _span(first: date, count: int) -> Iterable[date]:
    return (_months_back(first, -number) for number in range(count))


def _months_back(month: date, count: int) -> date:
    """The first day of the month `count` months before (after, where negative)."""
    number = month.year * 12 + month.month - 1 - count
    return date(number // 12, number % 12 + 1, 1)


def _meter_view(meter: Meter, row: Reading | None) -> MeterView:
    values = {name: value for name in (TOTAL, *PARTS, REACTIVE, "demand") if row and (value := getattr(row, name))}
    return MeterView(
        id=meter.id,
        number=meter.number,
        kind=meter.kind,
        multiplier=meter.multiplier,
        digits=meter.digits,
        installed_on=meter.installed_on,
        removed_on=meter.removed_on,
        read_on=row.read_on if row else None,
        read_kind=row.kind if row else "",
        values=values,
    )
