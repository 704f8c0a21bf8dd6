"""Instants and durations as people read them, in the local zone and the reader's language."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import babel.dates
from flask_babel import gettext as _

from app.kernel.clock import LOCAL
from app.kernel.i18n.locale import current_locale

_LONG = {"zh": "y年M月d日 HH:mm", "en": "d MMM y, HH:mm"}
_SHORT = {"zh": "M月d日 HH:mm", "en": "d MMM, HH:mm"}
_DATE = {"zh": "y年M月d日", "en": "d MMM y"}


def format_when(instant: datetime | None, *, now: datetime | None = None) -> str:
    """`3月2日 09:00`; with `now`, the neighbouring days by name and other years in full; `` for None."""
    if instant is None:
        return ""
    local = instant.astimezone(LOCAL)
    if now is None:
        return _format(local, _LONG)
    today = now.astimezone(LOCAL).date()
    if near := _day_word((local.date() - today).days, f"{local:%H:%M}"):
        return near
    return _format(local, _SHORT if local.year == today.year else _LONG)


def format_date(day: date | datetime | None) -> str:
    """`2026年3月2日`, `2 Mar 2026`; `` for None."""
    if day is None:
        return ""
    if isinstance(day, datetime):
        day = day.astimezone(LOCAL).date()
    locale = current_locale()
    return babel.dates.format_date(day, _DATE[locale], locale=locale)


def format_duration(duration: timedelta | None) -> str:
    """The two largest units, `1小时20分`, `2 d 3 h`; seconds below a minute; a minus sign for the past."""
    if duration is None:
        return ""
    seconds = int(abs(duration).total_seconds())
    sign = "-" if duration < timedelta() and seconds else ""
    return sign + _two_units(seconds)


def _two_units(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    text: str
    if days:
        text = _("%(days)d d %(hours)d h", days=days, hours=hours) if hours else _("%(days)d d", days=days)
    elif hours and minutes:
        text = _("%(hours)d h %(minutes)d min", hours=hours, minutes=minutes)
    elif hours:
        text = _("%(hours)d h", hours=hours)
    else:
        text = _("%(minutes)d min", minutes=minutes) if minutes else _("%(seconds)d s", seconds=rest)
    return text


def _day_word(days: int, clock: str) -> str | None:
    text: str | None = None
    if days == 0:
        text = _("today %(time)s", time=clock)
    elif days == 1:
        text = _("tomorrow %(time)s", time=clock)
    elif days == -1:
        text = _("yesterday %(time)s", time=clock)
    return text


def _format(local: datetime, patterns: dict[str, str]) -> str:
    locale = current_locale()
    return babel.dates.format_datetime(local, patterns[locale], tzinfo=LOCAL, locale=locale)
