"""What a loop runs through: the elements of a list, the numbers or days of an interval."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from app.feel.values.kinds import Range, Value
from app.feel.values.numbers import CONTEXT

ONE = Decimal(1)


def elements(source: Value) -> Iterator[Value] | None:
    """A value alone counts as a list of one; an interval of numbers or days as its members."""
    if source is None:
        return None
    if isinstance(source, Range):
        return steps(source.start, source.end, source.start_included, source.end_included)
    return iter(source if isinstance(source, list) else [source])


def steps(start: Value, end: Value, start_included: bool = True, end_included: bool = True) -> Iterator[Value] | None:
    """From `start` to `end` by ones (or days), down where the end is less; None for other values."""
    if type(start) is Decimal and type(end) is Decimal:
        step: Any = ONE if start <= end else -ONE
    elif _is_day(start) and _is_day(end):
        step = timedelta(days=1 if start <= end else -1)
    else:
        return None
    return _walk(start, end, step, start_included, end_included)


def _is_day(value: Value) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _walk(start: Any, end: Any, step: Any, start_included: bool, end_included: bool) -> Iterator[Value]:
    up = start <= end
    value = start if start_included else _next(start, step)
    while value < end if up else value > end:
        yield value
        value = _next(value, step)
    if value == end and end_included and (start_included or start != end):
        yield value


def _next(value: Any, step: Any) -> Any:
    return CONTEXT.add(value, step) if isinstance(value, Decimal) else value + step
