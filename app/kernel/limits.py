"""When a limit ends: an amount of a unit on a clock, as decision tables state it.

Units: `min` minutes, `h` hours, `wd` working days, `day` calendar days. Clocks: `24x7`
always runs, `working` runs in working hours only. Working days and calendar days mean
the same on both clocks. The amounts themselves are data (decision tables), never here.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from app.kernel.calendar import WorkCalendar

UNITS = ("min", "h", "wd", "day")
CLOCKS = ("24x7", "working")

Amount = int | float | Decimal

_LENGTH = {"min": timedelta(minutes=1), "h": timedelta(hours=1), "day": timedelta(days=1)}


class BadLimit(ValueError):
    """A limit with an unknown unit or clock, or a negative amount."""


def due_at(start: datetime, amount: Amount, unit: str, clock: str, calendar: WorkCalendar) -> datetime:
    """The instant (UTC) at which a limit that began at `start` ends; raises `BadLimit`.

    A part of a working day is that part of its working hours, counted after its whole days.
    """
    return _end(start, _exact(amount), unit, clock, calendar)


def share_at(
    start: datetime, amount: Amount, unit: str, clock: str, calendar: WorkCalendar, *, percent: Amount
) -> datetime:
    """The instant (UTC) at which `percent` of the limit is used up, as escalation asks (50, 80, 100, 150)."""
    return _end(start, _exact(amount) * _exact(percent) / 100, unit, clock, calendar)


def _exact(number: Amount) -> Fraction:
    exact = Fraction(str(number))
    if exact < 0:
        raise BadLimit(f"a limit cannot be negative: {number}")
    return exact


def _end(start: datetime, amount: Fraction, unit: str, clock: str, calendar: WorkCalendar) -> datetime:
    if unit not in UNITS or clock not in CLOCKS:
        raise BadLimit(f"no limit is measured in {unit!r} on the clock {clock!r}")
    if unit == "wd":
        return _end_of_working_days(start, amount, calendar)
    length = timedelta(seconds=float(amount * Fraction(_LENGTH[unit].total_seconds())))
    if clock == "working" and unit != "day":
        return calendar.add_working_time(start, length)
    return start.astimezone(UTC) + length


def _end_of_working_days(start: datetime, amount: Fraction, calendar: WorkCalendar) -> datetime:
    whole, part = divmod(amount, 1)
    end = calendar.add_working_days(start, int(whole))
    if not part:
        return end
    return calendar.add_working_time(
        end, timedelta(seconds=float(part * Fraction(calendar.day_length.total_seconds())))
    )
