"""Judge a reading before it is kept: against the meter, the readings before and after, and the usual use.

Pure: rows in, findings out. An `error` refuses the reading; a `warning` asks for a second look and is kept
with the reading once somebody says that it is right.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from app.customers.reading_rules import ReadingRules

PARTS = ("sharp", "peak", "flat", "valley", "deep")
RISING = ("total", *PARTS, "reactive")
REGISTERS = (*RISING, "demand")
UNMEASURED = frozenset({"estimated"})
"""Kinds that nobody read: a true reading may lie below them."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A reading: day, kind, and registers that were read (before the multiplier)."""

    read_on: date
    kind: str
    values: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class MeterFacts:
    """What of a meter matters for a reading; `registers` are those that its kind has."""

    installed_on: date
    removed_on: date | None
    digits: int
    multiplier: Decimal
    registers: Sequence[str]


@dataclass(frozen=True, slots=True)
class Finding:
    """`code` names what is wrong, `register` where, `params` the figures of the sentence."""

    code: str
    severity: str
    register: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)


def judge(
    shown: Shown, meter: MeterFacts, before: Sequence[Shown], after: Shown | None, *, rules: ReadingRules, today: date
) -> list[Finding]:
    """Everything that stands against a reading. `before` are earlier readings of the meter, the latest last."""
    found = [*_days(shown, meter, rules, today), *_values(shown, meter)]
    if any(one.severity == "error" for one in found):
        return found
    last = before[-1] if before else None
    if last is not None and last.kind not in UNMEASURED:
        found += _order(last, shown, meter, rules, "backwards")
    if after is not None and after.kind not in UNMEASURED:
        found += _order(shown, after, meter, rules, "above_later")
    if not any(one.severity == "error" for one in found):
        found += [*_parts(last, shown, meter, rules), *_usual(before, shown, meter, rules)]
    return found


def used(before: Decimal, now: Decimal, digits: int) -> Decimal:
    """Register units between two values, through zero where the later is smaller."""
    return now - before if now >= before else now - before + Decimal(10) ** digits


def _days(shown: Shown, meter: MeterFacts, rules: ReadingRules, today: date) -> Iterator[Finding]:
    if shown.read_on > today:
        yield Finding("future", "error")
    if shown.read_on < meter.installed_on:
        yield Finding("before_installation", "error", params={"day": meter.installed_on})
    if meter.removed_on is not None and shown.read_on > meter.removed_on:
        yield Finding("after_removal", "error", params={"day": meter.removed_on})
    if (today - shown.read_on).days > rules.oldest_days:
        yield Finding("long_ago", "warning")


def _values(shown: Shown, meter: MeterFacts) -> Iterator[Finding]:
    if not any(name in shown.values for name in meter.registers):
        yield Finding("nothing_read", "error", "total")
    for name, value in shown.values.items():
        if name not in meter.registers:
            yield Finding("no_such_register", "error", name)
        elif value < 0:
            yield Finding("negative", "error", name)
        elif name in RISING and value >= Decimal(10) ** meter.digits:
            yield Finding("too_many_digits", "error", name, {"digits": meter.digits})


def _order(earlier: Shown, later: Shown, meter: MeterFacts, rules: ReadingRules, code: str) -> Iterator[Finding]:
    for name in RISING:
        first, second = earlier.values.get(name), later.values.get(name)
        if first is None or second is None or second >= first:
            continue
        if rules.rollover.happened(first, second, meter.digits):
            yield Finding("rollover", "warning", name, {"before": first})
        else:
            other = earlier if code == "backwards" else later
            yield Finding(code, "error", name, {"other": other.values[name], "day": other.read_on})


def _parts(last: Shown | None, shown: Shown, meter: MeterFacts, rules: ReadingRules) -> Iterator[Finding]:
    """The energy of the parts of the day must be that of the total."""
    names = [name for name in PARTS if name in meter.registers]
    if last is None or not names or "total" not in shown.values or "total" not in last.values:
        return
    if any(name not in shown.values or name not in last.values for name in names):
        return
    total = used(last.values["total"], shown.values["total"], meter.digits)
    parts = sum((used(last.values[name], shown.values[name], meter.digits) for name in names), Decimal(0))
    if abs(total - parts) > rules.parts_differ_by:
        yield Finding("parts_differ", "warning", "total", {"total": total, "parts": parts})


def _usual(before: Sequence[Shown], shown: Shown, meter: MeterFacts, rules: ReadingRules) -> Iterator[Finding]:
    """The use of a day against that of the last intervals."""
    read = [one for one in before if "total" in one.values and one.kind not in UNMEASURED][-rules.intervals - 1 :]
    if len(read) < 2 or "total" not in shown.values or shown.read_on <= read[-1].read_on:
        return
    days = (read[-1].read_on - read[0].read_on).days
    if days <= 0:
        return
    earlier = sum((used(a.values["total"], b.values["total"], meter.digits) for a, b in pairwise(read)), Decimal(0))
    usual = earlier * meter.multiplier / days
    span = (shown.read_on - read[-1].read_on).days
    now = used(read[-1].values["total"], shown.values["total"], meter.digits) * meter.multiplier / span
    params = {"now": round(now, 1), "usual": round(usual, 1)}
    if now > usual * rules.high and now - usual > rules.least_a_day:
        yield Finding("unusually_high", "warning", "total", params)
    elif now < usual * rules.low and usual - now > rules.least_a_day:
        yield Finding("unusually_low", "warning", "total", params)
