"""Which days China works: public holidays and make-up days (调休) as the State Council publishes each year.

The published years come from chinesecalendar. For a year it does not know yet, weekends
are free and all else is worked; operators add that year's days as exceptions until the
package is updated.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chinese_calendar.constants import Holiday, holidays, workdays

LAST_PUBLISHED_YEAR: int = max(holidays).year
FIRST_PUBLISHED_YEAR: int = min(holidays).year


def is_published(day: date) -> bool:
    """Whether the State Council's arrangement of this day's year is known here."""
    return FIRST_PUBLISHED_YEAR <= day.year <= LAST_PUBLISHED_YEAR


def is_public_working_day(day: date) -> bool:
    """Whether the day is worked by the published calendar; weekends alone count in an unknown year."""
    if day in workdays:
        return True
    return day.weekday() < 5 and day not in holidays


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day that differs from its week by the published calendar: a holiday, or a weekend day worked for one."""

    date: date
    working: bool
    name: str
    name_en: str


def special_days(year: int) -> list[SpecialDay]:
    """The published holidays and make-up days of a year, by date; none for a year not yet published."""
    free = [_special(day, name, working=False) for day, name in holidays.items() if day.year == year]
    worked = [_special(day, name, working=True) for day, name in workdays.items() if day.year == year]
    return sorted(free + worked, key=lambda special: special.date)


def _special(day: date, english: str, *, working: bool) -> SpecialDay:
    return SpecialDay(day, working, _CHINESE.get(english, english), english)


_CHINESE: dict[str, str] = {holiday.value: holiday.chinese for holiday in Holiday}
