"""Which days China works: public holidays and make-up days (调休) as the State Council publishes each year.

The published years come from chinesecalendar. For a year it does not know yet, weekends
are free and all else is worked; operators add that year's days as exceptions until the
package is updated.
"""

from __future__ import annotations

from datetime import date

from chinese_calendar.constants import holidays, workdays

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


def holiday_name(day: date) -> str | None:
    """The English name of the public holiday (or of the holiday a make-up day belongs to), None for other days."""
    name = holidays.get(day) or workdays.get(day)
    return str(name) if name else None
