"""From registers to energy: (this - last) x multiplier, with rollover, changed meters and estimated readings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.billing.computing.case import ZERO, MeterUse, Shown
from app.billing.computing.refusals import CannotBill
from app.billing.rules import PARTS
from app.billing.rules.house import ReadingRules

COUNTED = ("total", *PARTS, "reactive")
"""Registers that count up; `demand` shows a maximum."""

TRUST = ("correction", "regular", "remove", "install", "check", "estimated")
"""Of two readings of one meter on one day the earlier kind here is believed."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Energy of one meter between two readings, after the multiplier: kWh (kvarh for `reactive`), kW of demand."""

    meter: str
    first: Shown
    last: Shown
    multiplier: Decimal
    energy: dict[str, Decimal]
    demand: Decimal | None
    rolled_over: tuple[str, ...]


def believed(readings: Iterable[Shown]) -> list[Shown]:
    """One reading a day, in order: the kind that is believed most."""
    best: dict[date, Shown] = {}
    for reading in readings:
        known = best.get(reading.on)
        if known is None or TRUST.index(reading.kind) < TRUST.index(known.kind):
            best[reading.on] = reading
    return [best[on] for on in sorted(best)]


def measure(meters: Sequence[MeterUse], rules: ReadingRules) -> list[Interval]:
    """The intervals between all readings; raises `CannotBill` for what no meter can have shown."""
    if not meters:
        raise CannotBill("no_meter")
    found = []
    for meter in meters:
        readings = meter.readings
        if len(readings) < 2:
            raise CannotBill("missing_reading", meter=meter.number)
        found += [_interval(meter, readings[at], readings[at + 1], rules) for at in range(len(readings) - 1)]
    return found


def _interval(meter: MeterUse, first: Shown, last: Shown, rules: ReadingRules) -> Interval:
    energy: dict[str, Decimal] = {}
    rolled: list[str] = []
    before = first.values
    for register, shown in last.values.items():
        if register == "demand":
            continue
        began = before.get(register)
        if began is None:
            continue
        difference = shown - began
        if difference < 0 or shown >= 10**meter.digits:
            difference = _rollover(meter, register, first, last, rules)
            rolled.append(register)
        energy[register] = difference * meter.multiplier
    if not energy:
        raise CannotBill("missing_reading", meter=meter.number, on=last.on)
    shown_demand = last.values.get("demand")
    demand = None if shown_demand is None else shown_demand * meter.multiplier
    return Interval(meter.number, first, last, meter.multiplier, energy, demand, tuple(rolled))


def _rollover(meter: MeterUse, register: str, first: Shown, last: Shown, rules: ReadingRules) -> Decimal:
    """The difference over a rollover, where the rule believes one; else the reading is refused."""
    size = Decimal(10) ** meter.digits
    began, shown = first.values[register], last.values[register]
    facts = {"meter": meter.number, "register": register, "last": began, "this": shown, "on": last.on}
    if shown >= size:
        raise CannotBill("beyond_register", digits=meter.digits, **facts)
    if began >= rules.rollover_last * size and shown <= rules.rollover_this * size:
        return size - began + shown
    raise CannotBill("estimate_too_high" if first.kind == "estimated" else "backward", **facts)


def split_parts(
    energy: dict[str, Decimal], priced: Iterable[str], meter: str, fold: Mapping[str, str] | None = None
) -> dict[str, Decimal]:
    """Energy by the priced parts of the day; `fold` says to which of them a part without a price belongs.

    Where the total is read, what it holds beyond the parts read belongs to `flat`, or, where that has no
    price of its own, to the first priced part that was not read; else it is shared out with the last part.
    """
    wanted = list(priced)
    parts = _folded(energy, wanted, fold or {})
    if "total" not in energy:
        if len(parts) < len(wanted):
            raise CannotBill("parts_missing", meter=meter)
        return parts
    rest_of = "flat" if "flat" in wanted else next((part for part in wanted if part not in parts), wanted[-1])
    if not parts:
        raise CannotBill("parts_missing", meter=meter)
    others = sum((amount for part, amount in parts.items() if part != rest_of), ZERO)
    rest = energy["total"] - others
    if rest < 0:
        raise CannotBill("parts_exceed_total", meter=meter, parts=others, total=energy["total"])
    return {part: rest if part == rest_of else parts.get(part, ZERO) for part in wanted}


def _folded(energy: Mapping[str, Decimal], wanted: Sequence[str], fold: Mapping[str, str]) -> dict[str, Decimal]:
    parts: dict[str, Decimal] = {}
    for name, amount in energy.items():
        part = name if name in wanted else fold.get(name, "")
        if part in wanted:
            parts[part] = parts.get(part, ZERO) + amount
    return parts
