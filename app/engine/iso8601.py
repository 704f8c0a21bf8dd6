"""Times as diagrams write them: ISO 8601 instants, durations and repeating intervals.

An instant without an offset is refused: a diagram must not mean another moment on another
machine. Months and years are counted in the calendar of the utility's zone.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _

from app.kernel.clock import LOCAL

_DURATION = re.compile(
    r"^P(?!$)(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+(?:[.,]\d+)?)D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d+(?:[.,]\d+)?)H)?(?:(?P<minutes>\d+(?:[.,]\d+)?)M)?(?:(?P<seconds>\d+(?:[.,]\d+)?)S)?)?$"
)
_CYCLE = re.compile(r"^R(?P<times>\d*)/(?P<first>[^/]+)(?:/(?P<second>[^/]+))?$")


class InvalidTime(ValueError):
    """A text that is no instant, duration or repeating interval this engine accepts."""


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time: whole calendar months, and an exact rest."""

    months: int
    rest: timedelta

    def after(self, start: datetime) -> datetime:
        """The instant this long after `start`."""
        if not self.months:
            return start + self.rest
        local = start.astimezone(LOCAL)
        index = local.year * 12 + local.month - 1 + self.months
        year, month = divmod(index, 12)
        if not 1 <= year <= 9998:
            raise InvalidTime(_("the duration leaves the calendar"))
        day = min(local.day, calendar.monthrange(year, month + 1)[1])
        return local.replace(year=year, month=month + 1, day=day).astimezone(start.tzinfo) + self.rest

    @property
    def is_zero(self) -> bool:
        return not self.months and not self.rest


@dataclass(frozen=True, slots=True)
class Cycle:
    """A repeating interval: how many times (None: without end), how often, and when first (None: one interval on)."""

    times: int | None
    every: Duration
    first: datetime | None


def parse_instant(text: str) -> datetime:
    """An ISO 8601 instant with its offset (`2026-03-02T09:00:00+08:00`, `…Z`)."""
    try:
        value = datetime.fromisoformat(text.strip())
    except (ValueError, AttributeError):
        raise InvalidTime(_("%(text)s is not an ISO 8601 instant", text=repr(text))) from None
    if value.tzinfo is None or value.utcoffset() is None:
        raise InvalidTime(_("%(text)s has no offset: write +08:00 or Z at its end", text=repr(text)))
    return value


def parse_duration(text: str) -> Duration:
    """An ISO 8601 duration: `PT45M`, `P1DT2H`, `P1M`."""
    match = _DURATION.match(text.strip()) if isinstance(text, str) and len(text) < 100 else None
    if match is None:
        raise InvalidTime(_("%(text)s is not an ISO 8601 duration", text=repr(text)))
    part = {key: float((value or "0").replace(",", ".")) for key, value in match.groupdict().items()}
    try:
        rest = timedelta(**{name: part[name] for name in ("weeks", "days", "hours", "minutes", "seconds")})
    except OverflowError:
        raise InvalidTime(_("%(text)s is too long", text=repr(text))) from None
    return Duration(int(part["years"]) * 12 + int(part["months"]), rest)


def parse_cycle(text: str) -> Cycle:
    """A repeating interval: `R3/PT1H`, `R/PT1H`, `R3/2026-03-02T09:00:00+08:00/PT1H`."""
    match = _CYCLE.match(text.strip()) if isinstance(text, str) else None
    if match is None:
        raise InvalidTime(_("%(text)s is not an ISO 8601 repeating interval", text=repr(text)))
    times = int(match["times"]) if match["times"] else None
    if match["second"] is None:
        cycle = Cycle(times, parse_duration(match["first"]), None)
    else:
        cycle = Cycle(times, parse_duration(match["second"]), parse_instant(match["first"]))
    if cycle.every.is_zero:
        raise InvalidTime(_("%(text)s repeats without any time in between", text=repr(text)))
    return cycle


def next_after(cycle: Cycle, fired_at: datetime, now: datetime) -> datetime:
    """When a cycle fires next after `fired_at`: later than `now`, so that missed firings are made up once."""
    if cycle.every.months:
        following = cycle.every.after(fired_at)
        while following <= now:
            following = cycle.every.after(following)
        return following
    missed = max((now - fired_at) // cycle.every.rest, 0)
    return fired_at + cycle.every.rest * (missed + 1)


def due(text: str, start: datetime) -> datetime:
    """The instant a text means: an instant as it is, a duration counted from `start`."""
    text = text.strip()
    if text[:1] in "Pp":
        try:
            return parse_duration(text).after(start)
        except OverflowError:
            raise InvalidTime(_("%(text)s is too long", text=repr(text))) from None
    return parse_instant(text)


def format_duration(value: timedelta) -> str:
    """A timedelta as ISO 8601 (`PT1H30M`); a negative one has the sign in front."""
    sign = "-" if value < timedelta(0) else ""
    value = abs(value)
    hours, rest = divmod(value.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    fraction = f".{value.microseconds:06d}".rstrip("0") if value.microseconds else ""
    time = "".join(
        f"{amount}{unit}"
        for amount, unit in ((hours, "H"), (minutes, "M"), (f"{seconds}{fraction}", "S"))
        if str(amount) != "0"
    )
    days = f"{value.days}D" if value.days else ""
    return f"{sign}P{days}{'T' + time if time else ''}" if days or time else "PT0S"
