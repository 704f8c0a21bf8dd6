"""`value.name`: entries of contexts, and the properties of dates, times, durations and ranges (table 65)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from app.feel.values.kinds import Months, Range, Value


def _zone_name(value: datetime | time) -> str | None:
    return value.tzinfo.key if isinstance(value.tzinfo, ZoneInfo) else None


def _number(read: Callable[[Any], int]) -> Callable[[Any], Decimal]:
    return lambda value: Decimal(read(value))


def _signed(value: timedelta, part: Callable[[timedelta], int]) -> int:
    return -part(-value) if value < timedelta(0) else part(value)


def _months_part(value: Months, part: Callable[[int], int]) -> int:
    return -part(-value.months) if value.months < 0 else part(value.months)


_DAY = {
    "year": _number(lambda v: v.year),
    "month": _number(lambda v: v.month),
    "day": _number(lambda v: v.day),
    "weekday": _number(lambda v: v.isoweekday()),
}
_CLOCK = {
    "hour": _number(lambda v: v.hour),
    "minute": _number(lambda v: v.minute),
    "second": _number(lambda v: v.second),
    "time offset": lambda v: v.utcoffset(),
    "timezone": _zone_name,
}
_DAYS = {
    "days": _number(lambda v: _signed(v, lambda d: d.days)),
    "hours": _number(lambda v: _signed(v, lambda d: d.seconds // 3600)),
    "minutes": _number(lambda v: _signed(v, lambda d: d.seconds // 60 % 60)),
    "seconds": _number(lambda v: _signed(v, lambda d: d.seconds % 60)),
}
_MONTHS = {
    "years": _number(lambda v: _months_part(v, lambda m: m // 12)),
    "months": _number(lambda v: _months_part(v, lambda m: m % 12)),
}
_RANGE = {
    "start": lambda v: v.start,
    "end": lambda v: v.end,
    "start included": lambda v: v.start_included,
    "end included": lambda v: v.end_included,
}
_PROPERTIES: dict[type, dict[str, Callable[[Any], Value]]] = {
    date: {**_DAY},
    datetime: {**_DAY, **_CLOCK},
    time: {**_CLOCK},
    timedelta: {**_DAYS},
    Months: {**_MONTHS},
    Range: {**_RANGE},
}


def property_of(value: Value, name: str) -> Value:
    """The entry or property; null where the value has none of that name."""
    if isinstance(value, dict):
        return value.get(name)
    read = _PROPERTIES.get(type(value), {}).get(name)
    return None if read is None else read(value)
