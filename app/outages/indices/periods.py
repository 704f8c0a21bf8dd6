"""Days, months, quarters and years: how a period is cut into lines. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

DAY = timedelta(days=1)
PERIODS = ("day", "month", "quarter", "year")


def first_day(day: date, by: str) -> date:
    """The first day of the day, month, quarter or year of this day."""
    if by == "day":
        return day
    month = {"month": day.month, "quarter": (day.month - 1) // 3 * 3 + 1}.get(by, 1)
    return date(day.year, month, 1)


def after(first: date, by: str) -> date:
    """The first day of the next one."""
    days = {"day": 1, "month": 32, "quarter": 95}.get(by, 367)
    return first_day(first + timedelta(days=days), by)


def parts(since: date, until: date, by: str) -> Iterator[tuple[date, date]]:
    """What the days from `since` to before `until` are made of; the first and last part may be cut."""
    day = since
    while day < until:
        following = min(after(first_day(day, by), by), until)
        yield day, following
        day = following
