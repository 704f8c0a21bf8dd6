"""The value types that Python lacks (years and months, ranges, functions) and the names of all kinds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True, order=True)
class Months:
    """A years and months duration, as a number of months."""

    months: int


@dataclass(frozen=True, slots=True)
class Range:
    """An interval; an end that is None is unbounded (`< 5` has no start)."""

    start: Any
    end: Any
    start_included: bool = True
    end_included: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """Something that can be called: `invoke(positional)` or `invoke_named(named)` give a value.

    `parameters` are the names of a user-defined function's parameters, for display.
    """

    name: str
    parameters: tuple[str, ...]
    invoke: Callable[[Sequence[Any]], Any]
    invoke_named: Callable[[Mapping[str, Any]], Any]


Value = Any
"""A FEEL value, as the package's table says."""

NUMBER = "number"
STRING = "string"
BOOLEAN = "boolean"
DATE = "date"
TIME = "time"
DATE_TIME = "date and time"
DAYS = "days and time duration"
MONTHS = "years and months duration"
LIST = "list"
CONTEXT = "context"
RANGE = "range"
FUNCTION = "function"
NULL = "null"

_KINDS: dict[type, str] = {
    bool: BOOLEAN,
    Decimal: NUMBER,
    str: STRING,
    datetime: DATE_TIME,
    date: DATE,
    time: TIME,
    timedelta: DAYS,
    Months: MONTHS,
    list: LIST,
    dict: CONTEXT,
    Range: RANGE,
    Function: FUNCTION,
    type(None): NULL,
}


def kind_of(value: Value) -> str:
    """The name of the value's kind, as FEEL calls it."""
    return _KINDS.get(type(value), "unknown")
