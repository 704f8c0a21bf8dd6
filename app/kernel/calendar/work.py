"""Counting in working days and working hours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa

from app.kernel import settings
from app.kernel.calendar.days import is_public_working_day
from app.kernel.calendar.hours import Hours, parse_hours
from app.kernel.calendar.models import CalendarDay
from app.kernel.clock import LOCAL
from app.kernel.db import session

DAY = timedelta(days=1)
MAX_FREE_RUN = 370
"""No calendar has a year without a working day: a longer search means that exceptions free every day."""


class NoWorkingDay(ValueError):
    """The exceptions leave no working day for more than a year."""


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The published calendar with exceptions (`date -> worked?`) and the hours of a working day."""

    hours: Hours
    exceptions: Mapping[date, bool] = field(default_factory=dict)

    @classmethod
    def load(cls) -> WorkCalendar:
        """The calendar in force: settings and the operators' exceptions, one query."""
        rows = session.execute(sa.select(CalendarDay.date, CalendarDay.working))
        return cls(parse_hours(settings.current().working_hours), {day: working for day, working in rows})

    def is_working_day(self, day: date) -> bool:
        """Whether this local date is worked."""
        given = self.exceptions.get(day)
        return is_public_working_day(day) if given is None else given

    def is_working_time(self, instant: datetime) -> bool:
        """Whether the instant lies in the hours of a working day."""
        local = instant.astimezone(LOCAL)
        inside = any(period.opens <= local.time() < period.closes for period in self.hours)
        return inside and self.is_working_day(local.date())

    def next_working_day(self, day: date) -> date:
        """The first working day after `day`."""
        for ahead in range(1, MAX_FREE_RUN):
            if self.is_working_day(candidate := day + ahead * DAY):
                return candidate
        raise NoWorkingDay(f"no working day within a year after {day}")

    def working_start(self, instant: datetime) -> datetime:
        """When a limit counted in working days begins to run: now, or at 00:00 of the next working day."""
        local = instant.astimezone(LOCAL)
        if self.is_working_day(local.date()):
            return instant.astimezone(UTC)
        return _midnight(self.next_working_day(local.date()))

    def add_working_days(self, instant: datetime, days: int) -> datetime:
        """The same clock time `days` working days later, in UTC.

        A start on a free day counts from the beginning of the next working day: one
        working day from a Saturday ends when Monday ends (00:00 of the working day after
        it). A later start never ends earlier.
        """
        if days < 0:
            raise ValueError("working days are counted forward")
        start = self.working_start(instant).astimezone(LOCAL)
        day = start.date()
        for _ in range(days):
            day = self.next_working_day(day)
        return datetime.combine(day, start.timetz()).astimezone(UTC)

    def add_working_time(self, instant: datetime, amount: timedelta) -> datetime:
        """When `amount` of working hours has passed since `instant`, in UTC; the instant itself for nothing."""
        if amount < timedelta():
            raise ValueError("working time is counted forward")
        left, reached = amount, instant
        for opens, closes in self._periods_from(instant):
            if not left:
                break
            begins = max(opens, instant)
            reached = begins + min(left, closes - begins)
            left -= reached - begins
        return reached.astimezone(UTC)

    def working_time_between(self, start: datetime, end: datetime) -> timedelta:
        """How much working time lies between two instants; nothing where `end` is not later."""
        total = timedelta()
        if end <= start:
            return total
        for opens, closes in self._periods_from(start):
            if opens >= end:
                break
            total += max(min(closes, end) - max(opens, start), timedelta())
        return total

    @property
    def day_length(self) -> timedelta:
        """The working time of one working day."""
        return sum((period.length for period in self.hours), timedelta())

    def _periods_from(self, instant: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The working periods that end after `instant`, without end."""
        day = instant.astimezone(LOCAL).date()
        if not self.is_working_day(day):
            day = self.next_working_day(day)
        while True:
            for period in self.hours:
                opens, closes = period.on(day)
                if closes > instant:
                    yield opens, closes
            day = self.next_working_day(day)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), LOCAL).astimezone(UTC)
