"""Reading and writing dates, times and durations as ISO 8601 texts, with zones as FEEL writes them.

`2026-03-02`, `09:30:00+08:00`, `2026-03-02T09:30:00@Asia/Shanghai`, `P1DT2H`, `P1Y2M`.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from app.feel.values.kinds import Months

_DATE = r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)"
_TIME = (
    r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)(?:\.(?P<fraction>\d{1,9}))?"
    r"(?P<zone>Z|z|[+-]\d\d:\d\d(?::\d\d)?|@[A-Za-z0-9_+/-]{1,64})?"
)
_DATE_ONLY = re.compile(_DATE, re.ASCII)
_TIME_ONLY = re.compile(_TIME, re.ASCII)
_DATE_TIME = re.compile(f"{_DATE}T{_TIME}", re.ASCII)
_MONTHS = re.compile(r"(?P<sign>-)?P(?=\d)(?:(?P<years>\d{1,9})Y)?(?:(?P<months>\d{1,9})M)?", re.ASCII)
_DAYS = re.compile(
    r"(?P<sign>-)?P(?=\d|T\d)(?:(?P<days>\d{1,9})D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d{1,12})H)?(?:(?P<minutes>\d{1,12})M)?(?:(?P<seconds>\d{1,12}(?:\.\d{0,9})?)S)?)?",
    re.ASCII,
)


@lru_cache(maxsize=256)
def _named_zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, LookupError):
        raise ValueError(f"no zone {name}") from None


def _zone(text: str | None) -> tzinfo | None:
    if not text:
        return None
    if text in {"Z", "z"}:
        return UTC
    if text.startswith("@"):
        return _named_zone(text[1:])
    hours, minutes, *seconds = (int(part) for part in text[1:].split(":"))
    if hours > 14 or minutes > 59:
        raise ValueError(f"no offset {text}")
    offset = timedelta(hours=hours, minutes=minutes, seconds=seconds[0] if seconds else 0)
    return timezone(-offset if text[0] == "-" else offset)


def parse_date(text: str) -> date | None:
    match = _DATE_ONLY.fullmatch(text)
    if match is None:
        return None
    try:
        return date(*(int(match[part]) for part in ("year", "month", "day")))
    except ValueError:
        return None


def parse_time(text: str) -> time | None:
    match = _TIME_ONLY.fullmatch(text)
    if match is None:
        return None
    try:
        return time(*_clock(match), tzinfo=_zone(match["zone"]))
    except ValueError:
        return None


def parse_date_time(text: str) -> datetime | None:
    """A date and time; a date alone stands for its midnight."""
    match = _DATE_TIME.fullmatch(text)
    if match is None:
        day = parse_date(text)
        return None if day is None else datetime(day.year, day.month, day.day)  # noqa: DTZ001 - FEEL has local times
    try:
        day = date(*(int(match[part]) for part in ("year", "month", "day")))
        return datetime.combine(day, time(*_clock(match), tzinfo=_zone(match["zone"])))
    except ValueError:
        return None


def _clock(match: re.Match[str]) -> tuple[int, int, int, int]:
    fraction = (match["fraction"] or "").ljust(6, "0")[:6]
    return int(match["hour"]), int(match["minute"]), int(match["second"]), int(fraction)


def parse_duration(text: str) -> Months | timedelta | None:
    """A duration of either kind; None for a text that is neither, or mixes both."""
    if match := _MONTHS.fullmatch(text):
        months = int(match["years"] or 0) * 12 + int(match["months"] or 0)
        return Months(-months if match["sign"] else months)
    match = _DAYS.fullmatch(text)
    if match is None:
        return None
    try:
        seconds = Decimal(match["seconds"] or 0)
        length = timedelta(
            days=int(match["days"] or 0),
            hours=int(match["hours"] or 0),
            minutes=int(match["minutes"] or 0),
            seconds=int(seconds),
            microseconds=int(seconds % 1 * 1_000_000),
        )
    except OverflowError:
        return None
    return -length if match["sign"] else length


def parse_any(text: str) -> date | datetime | time | Months | timedelta | None:
    """The value of an at-literal: `@"2026-03-02"`."""
    return parse_date(text) or parse_time(text) or parse_date_time(text) or parse_duration(text)


def write_zone(zone: tzinfo | None, offset: timedelta | None) -> str:
    if zone is None:
        return ""
    if isinstance(zone, ZoneInfo):
        return "Z" if zone.key == "UTC" else f"@{zone.key}"
    if not offset:
        return "Z"
    seconds = int(offset.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("+", seconds)
    text = f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}"
    return f"{text}:{seconds % 60:02}" if seconds % 60 else text


def write_time(value: time | datetime) -> str:
    fraction = f".{value.microsecond:06}".rstrip("0") if value.microsecond else ""
    zone = write_zone(value.tzinfo, value.utcoffset())
    return f"{value.hour:02}:{value.minute:02}:{value.second:02}{fraction}{zone}"


def write_date_time(value: datetime) -> str:
    return f"{value.date().isoformat()}T{write_time(value)}"


def write_months(value: Months) -> str:
    years, months = divmod(abs(value.months), 12)
    body = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
    return f"{'-' if value.months < 0 else ''}P{body or '0M'}"


def write_days(value: timedelta) -> str:
    """`P1DT2H3M4.5S`, only the parts that are there; zero is `PT0S`."""
    sign, value = ("-", -value) if value < timedelta(0) else ("", value)
    hours, rest = divmod(value.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    fraction = f".{value.microseconds:06}".rstrip("0") if value.microseconds else ""
    days = f"{value.days}D" if value.days else ""
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    clock += f"{seconds}{fraction}S" if seconds or fraction else ""
    if not days and not clock:
        return "PT0S"
    return f"{sign}P{days}" + (f"T{clock}" if clock else "")
