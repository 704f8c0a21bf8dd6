"""Equality, order and membership, with null as the third truth value (DMN 1.3, 10.3.2.13, tables 51-55)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from app.feel.limits import charge
from app.feel.values.kinds import CONTEXT, DATE_TIME, FUNCTION, LIST, RANGE, TIME, Range, Value, kind_of

_UNORDERED = {"boolean", "list", "context", "range", "function", "null", "unknown"}


def equal(a: Value, b: Value) -> bool | None:
    """Whether two values are equal; null where they are of different kinds and neither is null."""
    charge()
    if a is None or b is None:
        return a is None and b is None
    kind = kind_of(a)
    if kind != kind_of(b):
        return None
    return _EQUALITIES.get(kind, _plainly_equal)(a, b)


def _plainly_equal(a: Value, b: Value) -> bool:
    return bool(a == b)


def _equal_clocks(a: datetime | time, b: datetime | time) -> bool:
    """A local time is never the same as one with a zone."""
    return _same_clock(a, b) and a == b


def _same_clock(a: datetime | time, b: datetime | time) -> bool:
    """Whether both are local, or both are instants; times of named zones, having no day, need the same zone."""
    if a.utcoffset() is None and b.utcoffset() is None:
        return a.tzinfo == b.tzinfo
    return a.utcoffset() is not None and b.utcoffset() is not None


def _equal_lists(a: list[Any], b: list[Any]) -> bool:
    return len(a) == len(b) and all(equal(x, y) is True for x, y in zip(a, b, strict=True))


def _equal_contexts(a: dict[str, Any], b: dict[str, Any]) -> bool:
    return a.keys() == b.keys() and all(equal(value, b[key]) is True for key, value in a.items())


def _equal_ranges(a: Range, b: Range) -> bool:
    same_ends = (a.start_included, a.end_included) == (b.start_included, b.end_included)
    return same_ends and equal(a.start, b.start) is True and equal(a.end, b.end) is True


_EQUALITIES: dict[str, Callable[[Any, Any], bool]] = {
    LIST: _equal_lists,
    CONTEXT: _equal_contexts,
    RANGE: _equal_ranges,
    FUNCTION: lambda a, b: a is b,
    TIME: _equal_clocks,
    DATE_TIME: _equal_clocks,
}


def same(a: Value, b: Value) -> bool:
    """Equality for lists (contains, distinct values, ...): two values or not, never null."""
    return equal(a, b) is True


def order(a: Value, b: Value) -> int | None:
    """-1, 0 or 1; null where the values cannot be ordered."""
    kind = kind_of(a)
    if kind != kind_of(b):
        a, b = _as_instants(a, b)
        kind = kind_of(a)
        if kind != kind_of(b):
            return None
    if kind in _UNORDERED:
        return None
    if isinstance(a, (datetime, time)) and not _same_clock(a, b):
        return None
    return 1 if a > b else -1 if a < b else 0


def _as_instants(a: Value, b: Value) -> tuple[Value, Value]:
    """A date beside a date and time counts as its midnight in the other's zone."""
    if type(a) is date and isinstance(b, datetime):
        return datetime.combine(a, time(0), tzinfo=b.tzinfo), b
    if type(b) is date and isinstance(a, datetime):
        return a, datetime.combine(b, time(0), tzinfo=a.tzinfo)
    return a, b


def within(value: Value, interval: Range) -> bool | None:
    """Whether a value lies in an interval; null where it cannot be compared with its ends."""
    results: list[bool | None] = []
    if interval.start is not None:
        low = order(value, interval.start)
        results.append(None if low is None else low > 0 or (low == 0 and interval.start_included))
    if interval.end is not None:
        high = order(value, interval.end)
        results.append(None if high is None else high < 0 or (high == 0 and interval.end_included))
    if False in results:
        return False
    return None if None in results or not results else True


def contains(test: Value, value: Value) -> bool | None:
    """`value in test`: in an interval, in a list (of values or intervals), or equal to it."""
    charge()
    if isinstance(test, Range) and not isinstance(value, Range):
        return within(value, test)
    if isinstance(test, list):
        return _in_list(test, value)
    return equal(value, test)


def _in_list(tests: list[Any], value: Value) -> bool:
    if isinstance(value, list) and equal(tests, value) is True:
        return True
    return any(_is_or_holds(test, value) for test in tests)


def _is_or_holds(test: Value, value: Value) -> bool:
    if isinstance(test, list) and isinstance(value, list):
        return equal(test, value) is True
    return contains(test, value) is True
