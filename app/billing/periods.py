"""Periods of billing (电费年月): `202603` is the month in which the readings that close its bills were taken."""

from __future__ import annotations

import re
from datetime import date, timedelta

from flask_babel import lazy_gettext as _l

from app.kernel.errors import Invalid

FORM = re.compile(r"^(20\d\d)(0[1-9]|1[0-2])$")


class InvalidPeriod(Invalid):
    code = "invalid_period"


def days_of(period: str) -> tuple[date, date]:
    """The first and the last day of a period; raises `InvalidPeriod`."""
    found = FORM.match(period)
    if found is None:
        message = _l("A period is a year and a month, such as 202603.")
        raise InvalidPeriod(message, errors={"period": [message]})
    begin = date(int(found[1]), int(found[2]), 1)
    return begin, following(begin) - timedelta(days=1)


def following(day: date) -> date:
    """The first day of the month after that of `day`."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def period_of(day: date) -> str:
    """The period of a day."""
    return f"{day:%Y%m}"


def months_after(day: date, months: int) -> date:
    """The same day so many months later, the last of the month where it has no such day."""
    begin = day.replace(day=1)
    for _month in range(months):
        begin = following(begin)
    last = (following(begin) - timedelta(days=1)).day
    return begin.replace(day=min(day.day, last))
