"""Functions of days and of the present; names of days and months are English, as the standard has them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal

from app.feel.builtins.signature import builtin

_now: ContextVar[datetime | None] = ContextVar("feel_now", default=None)

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@contextmanager
def at(now: datetime | None) -> Iterator[None]:
    """Let `now()` and `today()` answer this instant inside; None keeps what is in force."""
    if now is None:
        yield
        return
    token = _now.set(now)
    try:
        yield
    finally:
        _now.reset(token)


@builtin("now", "")
def now() -> datetime | None:
    """The instant given to the evaluation; null where none was given."""
    return _now.get()


@builtin("today", "")
def today() -> date | None:
    instant = _now.get()
    return None if instant is None else instant.date()


@builtin("day of year", "date: date", "date: date and time")
def day_of_year(day: date) -> Decimal:
    return Decimal(day.timetuple().tm_yday)


@builtin("day of week", "date: date", "date: date and time")
def day_of_week(day: date) -> str:
    return _DAYS[day.weekday()]


@builtin("month of year", "date: date", "date: date and time")
def month_of_year(day: date) -> str:
    return _MONTHS[day.month - 1]


@builtin("week of year", "date: date", "date: date and time")
def week_of_year(day: date) -> Decimal:
    return Decimal(day.isocalendar().week)
