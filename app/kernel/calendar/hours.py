"""The hours of a working day, written as data: `08:30-12:00,13:30-17:30`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from app.kernel.clock import LOCAL


class BadWorkingHours(ValueError):
    """The text of the working hours cannot be read or its periods overlap."""


@dataclass(frozen=True, slots=True)
class Period:
    """Half-open: worked from `opens` until just before `closes`, local time."""

    opens: time
    closes: time

    def on(self, day: date) -> tuple[datetime, datetime]:
        """Both ends on this day, as aware instants."""
        return datetime.combine(day, self.opens, LOCAL), datetime.combine(day, self.closes, LOCAL)

    @property
    def length(self) -> timedelta:
        return datetime.combine(date.min, self.closes) - datetime.combine(date.min, self.opens)


Hours = tuple[Period, ...]


def parse_hours(text: str) -> Hours:
    """Read `HH:MM-HH:MM,…`: periods in order, not overlapping, at least one; raises `BadWorkingHours`."""
    try:
        periods = tuple(_parse_period(part) for part in text.split(","))
    except ValueError as exc:
        raise BadWorkingHours(f"working hours {text!r}: write them as 08:30-12:00,13:30-17:30") from exc
    for earlier, later in pairwise(periods):
        if later.opens < earlier.closes:
            raise BadWorkingHours(f"working hours {text!r}: the periods must follow each other")
    return periods


def _parse_period(text: str) -> Period:
    opens, closes = (time.fromisoformat(part.strip()) for part in text.split("-"))
    if closes <= opens:
        raise ValueError("a period ends after it begins")
    return Period(opens, closes)
