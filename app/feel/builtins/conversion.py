"""Functions that make a value of one kind from another."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

from app.feel.builtins.signature import builtin
from app.feel.values import numbers, temporal
from app.feel.values.kinds import Months, Value
from app.feel.values.writing import write

_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


@builtin("string", "from: Any")
def string(value: Value) -> str | None:
    return write(value)


@builtin("number", "from: number")
def number(value: Decimal) -> Decimal:
    return value


@builtin("number", "from: string, grouping separator?: string, decimal separator?: string")
def parse_number(text: str, grouping: str | None = None, point: str | None = None) -> Decimal | None:
    """`number("1 000,50", " ", ",")` is 1000.5; null for a text that is no number."""
    if grouping not in {None, " ", ",", "."} or point not in {None, ".", ","} or (point and grouping == point):
        return None
    if grouping:
        text = text.replace(grouping, "")
    if point:
        text = text.replace(point, ".")
    return numbers.parse(text) if _NUMBER.fullmatch(text) else None


@builtin("date", "from: string")
def parse_date(text: str) -> date | None:
    return temporal.parse_date(text)


@builtin("date", "from: date")
def same_date(value: date) -> date:
    return value


@builtin("date", "from: date and time")
def date_of(value: datetime) -> date:
    return value.date()


@builtin("date", "year: number, month: number, day: number")
def make_date(year: Decimal, month: Decimal, day: Decimal) -> date | None:
    parts = _integers(year, month, day)
    try:
        return date(*parts) if parts else None
    except (ValueError, OverflowError):
        return None


def _integers(*values: Decimal) -> list[int] | None:
    whole = [int(value) for value in values if value.adjusted() < 18 and value == value.to_integral_value()]
    return whole if len(whole) == len(values) else None


@builtin("time", "from: string")
def parse_time(text: str) -> time | None:
    return temporal.parse_time(text)


@builtin("time", "from: time")
def same_time(value: time) -> time:
    return value


@builtin("time", "from: date and time")
def time_of(value: datetime) -> time:
    return value.timetz()


@builtin("time", "from: date")
def midnight_of(value: date) -> time:  # noqa: ARG001 - every date has the same midnight
    return time(0, tzinfo=UTC)


@builtin("time", "hour: number, minute: number, second: number, offset?: days and time duration")
def make_time(hour: Decimal, minute: Decimal, second: Decimal, offset: timedelta | None = None) -> time | None:
    parts = _integers(hour, minute, second // 1)
    try:
        zone = None if offset is None else timezone(offset)
        return time(*parts, int(second % 1 * 1_000_000), tzinfo=zone) if parts else None  # type: ignore[misc,arg-type]
    except (ValueError, OverflowError):
        return None


@builtin("date and time", "from: string")
def parse_date_time(text: str) -> datetime | None:
    return temporal.parse_date_time(text)


@builtin("date and time", "from: date and time")
def same_date_time(value: datetime) -> datetime:
    return value


@builtin("date and time", "date: date, time: time", "date: date and time, time: time")
def make_date_time(day: date, at: time) -> datetime:
    return datetime.combine(day.date() if isinstance(day, datetime) else day, at)


@builtin("duration", "from: string")
def duration(text: str) -> Months | timedelta | None:
    return temporal.parse_duration(text)


@builtin("duration", "from: days and time duration", "from: years and months duration")
def same_duration(value: Months | timedelta) -> Months | timedelta:
    return value


@builtin(
    "years and months duration",
    "from: date, to: date",
    "from: date and time, to: date and time",
    "from: date, to: date and time",
    "from: date and time, to: date",
)
def months_between(start: date, end: date) -> Months:
    """Whole months from one day to another, negative backwards; clock and zone do not count."""
    if _day(start) > _day(end):
        return Months(-months_between(end, start).months)
    months = (end.year - start.year) * 12 + end.month - start.month
    return Months(months - (end.day < start.day))


def _day(moment: date) -> tuple[int, int, int]:
    return moment.year, moment.month, moment.day
