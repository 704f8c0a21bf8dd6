"""Addition, subtraction, multiplication, division, powers (DMN 1.3, tables 56-61). No meaning: null."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from app.feel.limits import charge
from app.feel.values.kinds import Months, Value, kind_of
from app.feel.values.numbers import CONTEXT, attempt

Operation = Callable[[Value, Value], Value]


def add_months(day: date, months: int) -> date | None:
    """The day `months` later, at most the last of its month; works on a date and time alike."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    if not 1 <= year <= 9999:
        return None
    return day.replace(year=year, month=month + 1, day=min(day.day, calendar.monthrange(year, month + 1)[1]))


def _shift(day: date, by: timedelta) -> date | None:
    """A date moved by a duration is a date: the hours left over do not count."""
    try:
        if isinstance(day, datetime):
            # across a change of daylight saving an hour is an hour: move the instant, not the wall clock
            return day + by if day.tzinfo is None else (day.astimezone(UTC) + by).astimezone(day.tzinfo)
        return (datetime.combine(day, time(0)) + by).date()
    except OverflowError:
        return None


def _shift_time(at: time, by: timedelta) -> time:
    within_day = by - timedelta(days=by.days)
    moved = datetime.combine(date(2000, 1, 1), at.replace(tzinfo=None)) + within_day
    return moved.time().replace(tzinfo=at.tzinfo)


def _instant(value: date) -> datetime:
    return value if isinstance(value, datetime) else datetime.combine(value, time(0))


def _between(later: date, earlier: date) -> timedelta | None:
    """The time from one date or date and time to another; null where only one has a zone."""
    a, b = _instant(later), _instant(earlier)
    if (a.utcoffset() is None) != (b.utcoffset() is None):
        return None
    if (a_offset := a.utcoffset()) is not None and (b_offset := b.utcoffset()) is not None:
        # Python subtracts wall clocks within one zone; FEEL subtracts instants
        return (a.replace(tzinfo=None) - a_offset) - (b.replace(tzinfo=None) - b_offset)
    return a - b


def _between_times(later: time, earlier: time) -> timedelta | None:
    day = date(2000, 1, 1)
    return _between(datetime.combine(day, later), datetime.combine(day, earlier))


def _sum_days(a: timedelta, b: timedelta) -> timedelta | None:
    try:
        return a + b
    except OverflowError:
        return None


def _join(a: str, b: str) -> str:
    charge(len(a) + len(b))
    return a + b


def _power(base: Decimal, exponent: Decimal) -> Decimal | None:
    return attempt(CONTEXT.power, base, exponent)


def _ratio(a: int, b: int) -> Decimal | None:
    return attempt(CONTEXT.divide, Decimal(a), Decimal(b))


def _microseconds(value: timedelta) -> int:
    return value // timedelta(microseconds=1)


def _scale_days(length: timedelta, factor: Decimal, operation: Callable[..., Decimal]) -> timedelta | None:
    scaled = attempt(operation, Decimal(_microseconds(length)), factor)
    try:
        return None if scaled is None else timedelta(microseconds=int(scaled))
    except OverflowError:
        return None


def _scale_months(length: Months, factor: Decimal, operation: Callable[..., Decimal]) -> Months | None:
    scaled = attempt(operation, Decimal(length.months), factor)
    return None if scaled is None or scaled.adjusted() > 12 else Months(int(scaled))


N, S, D, DT, T = "number", "string", "date", "date and time", "time"
DTD, YMD = "days and time duration", "years and months duration"

_ADD: dict[tuple[str, str], Operation] = {
    (N, N): lambda a, b: attempt(CONTEXT.add, a, b),
    (S, S): _join,
    (YMD, YMD): lambda a, b: Months(a.months + b.months),
    (DTD, DTD): _sum_days,
    (D, YMD): lambda a, b: add_months(a, b.months),
    (DT, YMD): lambda a, b: add_months(a, b.months),
    (YMD, D): lambda a, b: add_months(b, a.months),
    (YMD, DT): lambda a, b: add_months(b, a.months),
    (D, DTD): _shift,
    (DT, DTD): _shift,
    (DTD, D): lambda a, b: _shift(b, a),
    (DTD, DT): lambda a, b: _shift(b, a),
    (T, DTD): _shift_time,
    (DTD, T): lambda a, b: _shift_time(b, a),
}
_SUBTRACT: dict[tuple[str, str], Operation] = {
    (N, N): lambda a, b: attempt(CONTEXT.subtract, a, b),
    (D, D): _between,
    (DT, DT): _between,
    (D, DT): _between,
    (DT, D): _between,
    (T, T): _between_times,
    (YMD, YMD): lambda a, b: Months(a.months - b.months),
    (DTD, DTD): lambda a, b: _sum_days(a, -b),
    (D, YMD): lambda a, b: add_months(a, -b.months),
    (DT, YMD): lambda a, b: add_months(a, -b.months),
    (D, DTD): lambda a, b: _shift(a, -b),
    (DT, DTD): lambda a, b: _shift(a, -b),
    (T, DTD): lambda a, b: _shift_time(a, -b),
}
_MULTIPLY: dict[tuple[str, str], Operation] = {
    (N, N): lambda a, b: attempt(CONTEXT.multiply, a, b),
    (YMD, N): lambda a, b: _scale_months(a, b, CONTEXT.multiply),
    (N, YMD): lambda a, b: _scale_months(b, a, CONTEXT.multiply),
    (DTD, N): lambda a, b: _scale_days(a, b, CONTEXT.multiply),
    (N, DTD): lambda a, b: _scale_days(b, a, CONTEXT.multiply),
}
_DIVIDE: dict[tuple[str, str], Operation] = {
    (N, N): lambda a, b: attempt(CONTEXT.divide, a, b),
    (YMD, N): lambda a, b: _scale_months(a, b, CONTEXT.divide),
    (DTD, N): lambda a, b: _scale_days(a, b, CONTEXT.divide),
    (YMD, YMD): lambda a, b: _ratio(a.months, b.months),
    (DTD, DTD): lambda a, b: _ratio(_microseconds(a), _microseconds(b)),
}
_POWER: dict[tuple[str, str], Operation] = {(N, N): _power}

OPERATIONS: dict[str, dict[tuple[str, str], Operation]] = {
    "+": _ADD,
    "-": _SUBTRACT,
    "*": _MULTIPLY,
    "/": _DIVIDE,
    "**": _POWER,
}


def calculate(operator: str, a: Value, b: Value) -> Value:
    """`a operator b` for `+ - * / **`."""
    operation = OPERATIONS[operator].get((kind_of(a), kind_of(b)))
    return None if operation is None else operation(a, b)


def negate(value: Value) -> Value:
    kind = kind_of(value)
    if kind == N:
        return CONTEXT.minus(value)
    if kind == DTD:
        return -value
    return Months(-value.months) if kind == YMD else None
