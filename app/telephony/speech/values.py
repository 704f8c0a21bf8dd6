"""What may be spoken: values checked and brought into one form. Each function raises `CannotSay`."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from app.kernel.clock import LOCAL

MOST = Decimal(10) ** 16
"""Numbers below ten thousand million million are read; nothing we count comes near."""

MOST_DIGITS = 40
MOST_DECIMALS = 8
_DURATION = re.compile(r"P(?:(\d{1,5})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,8})M)?(?:(\d{1,9})(?:\.\d+)?S)?)?")


class CannotSay(ValueError):
    """The value cannot be spoken as this kind: no number, no date, too long."""


def number(value: Any) -> Decimal:
    """A decimal number of bounded size, without trailing noughts behind the point."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise CannotSay(f"no number: {value!r:.60}")
    text = str(value).strip()
    if len(text) > 60:
        raise CannotSay("a number of more than 60 characters")
    try:
        found = Decimal(text)
    except InvalidOperation:
        raise CannotSay(f"no number: {text!r}") from None
    if not found.is_finite() or abs(found) >= MOST:
        raise CannotSay(f"out of range: {text!r}")
    shortest = found.quantize(Decimal(1).scaleb(-MOST_DECIMALS), ROUND_HALF_UP) if _decimals(found) > 8 else found
    return abs(shortest.normalize()) if shortest == 0 else shortest.normalize()


def count(value: Any) -> int:
    """A whole number that is not negative."""
    found = number(value)
    if found != found.to_integral_value() or found < 0:
        raise CannotSay(f"no count: {value!r:.60}")
    return int(found)


def cents(value: Any) -> int:
    """Money in 分, half up."""
    return int((number(value) * 100).quantize(Decimal(1), ROUND_HALF_UP))


def digits(value: Any) -> str:
    """Digits and letters, upper case, at most forty; blanks, hyphens and full stops are not spoken."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise CannotSay(f"no digits: {value!r:.60}")
    text = re.sub(r"[\s\-.()]", "", str(value)).upper()
    if not text or len(text) > MOST_DIGITS or not re.fullmatch(r"[0-9A-Z]+", text, re.ASCII):
        raise CannotSay(f"no digits: {str(value)!r:.60}")
    return text


def phone(value: Any) -> str:
    """A national number: digits alone, without +86."""
    text = re.sub(r"[\s\-()]", "", str(value))
    text = re.sub(r"^(\+86|0086)", "", text)
    if not re.fullmatch(r"\+?[0-9]{1,20}", text, re.ASCII):
        raise CannotSay(f"no telephone number: {str(value)!r:.60}")
    return text.removeprefix("+")


def day(value: Any) -> tuple[int, int, int]:
    """Year, month, day; the day is 0 where only a month is named (`2026-03`)."""
    if isinstance(value, datetime):
        return _parts(_local(value).date())
    if isinstance(value, date):
        return _parts(value)
    text = str(value).strip()
    if month := re.fullmatch(r"(\d{4})-(\d{2})", text, re.ASCII):
        return _month(int(month[1]), int(month[2]))
    try:
        return _parts(_local(datetime.fromisoformat(text)).date() if len(text) > 10 else date.fromisoformat(text))
    except ValueError:
        raise CannotSay(f"no date: {text!r:.60}") from None


def hour(value: Any) -> tuple[int, int]:
    """Hour and minute of the local day."""
    if isinstance(value, datetime):
        value = _local(value).time()
    if not isinstance(value, time):
        text = str(value).strip()
        try:
            value = _local(datetime.fromisoformat(text)).time() if len(text) > 8 else time.fromisoformat(text)
        except ValueError:
            raise CannotSay(f"no time: {text!r:.60}") from None
    return value.hour, value.minute


def instant(value: Any) -> datetime:
    """An instant in local time; a text without offset is local."""
    try:
        found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value).strip())
    except ValueError:
        raise CannotSay(f"no instant: {str(value)!r:.60}") from None
    return _local(found)


def minutes(value: Any) -> int:
    """Whole minutes of a span: a number of seconds, `timedelta` or ISO 8601 (`PT1H30M`); begun ones count half up."""
    if isinstance(value, timedelta):
        seconds = Decimal(value.total_seconds())
    elif isinstance(value, str) and value.strip().startswith("P"):
        found = _DURATION.fullmatch(value.strip())
        if not found or not any(found.groups()):
            raise CannotSay(f"no span of time: {value!r:.60}")
        days, hours, mins, secs = (int(each or 0) for each in found.groups())
        seconds = Decimal(((days * 24 + hours) * 60 + mins) * 60 + secs)
    else:
        seconds = number(value)
    if seconds < 0:
        raise CannotSay("a span of less than nothing")
    whole = int((seconds / 60).quantize(Decimal(1), ROUND_HALF_UP))
    if whole > 60 * 24 * 10_000:
        raise CannotSay("a span of more than ten thousand days")
    return whole


def _decimals(found: Decimal) -> int:
    exponent = found.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def _local(found: datetime) -> datetime:
    return found.replace(tzinfo=LOCAL) if found.tzinfo is None else found.astimezone(LOCAL)


def _parts(found: date) -> tuple[int, int, int]:
    return found.year, found.month, found.day


def _month(year: int, month: int) -> tuple[int, int, int]:
    if not 1 <= month <= 12 or year == 0:
        raise CannotSay(f"no month: {year}-{month}")
    return year, month, 0
