"""English: how numbers and what is made of them are read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from app.telephony.speech.grouping import account_groups, phone_groups, with_pauses

Names = tuple[str, ...]

_SCALES = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (10**3, "thousand"), (10**2, "hundred"))


def number(value: Decimal) -> Names:
    """minus thirty-two point five."""
    whole, _, decimals = f"{abs(value):f}".partition(".")
    sign = ("word/minus",) if value < 0 else ()
    behind = ("word/point", *digits(decimals)) if decimals else ()
    return (*sign, *integer(int(whole)), *behind)


counted = number


def integer(value: int) -> Names:
    """A whole number that is not negative, below ten to the sixteenth."""
    return tuple(_integer(value)) if value else ("number/0",)


def _integer(value: int) -> Iterator[str]:
    for size, name in _SCALES:
        if value >= size:
            high, value = divmod(value, size)
            yield from _integer(high)
            yield f"scale/{name}"
    if value >= 20:
        yield f"number/{value // 10 * 10}"
        value %= 10
    if value:
        yield f"number/{value}"


def digits(text: str) -> Names:
    return tuple(f"number/{each}" if each.isdigit() else f"letter/{each.lower()}" for each in text)


spelled = digits


def phone(text: str) -> Names:
    return with_pauses(digits(group) for group in phone_groups(text))


def account(text: str) -> Names:
    return with_pauses(digits(group) for group in account_groups(text))


def money(cents: int) -> Names:
    """twelve yuan; twelve point zero five yuan."""
    sign = ("word/minus",) if cents < 0 else ()
    yuan, rest = divmod(abs(cents), 100)
    behind = ("word/point", *digits(f"{rest:02d}")) if rest else ()
    return (*sign, *integer(yuan), *behind, "money/yuan")


def date(year: int, month: int, day: int) -> Names:
    """March second, twenty twenty-six."""
    return (f"month/{month}", *_day(day), *_year(year))


def time(hour: int, minute: int) -> Names:
    """two oh five p.m.; nine a.m."""
    half = "time/am" if hour < 12 else "time/pm"
    first = integer((hour - 1) % 12 + 1)
    oh = ("word/oh",) if 0 < minute < 10 else ()
    return (*first, *oh, *(integer(minute) if minute else ()), half)


def instant(at: datetime) -> Names:
    """March second, two thirty p.m.: without year, for what lies near."""
    return (f"month/{at.month}", *_day(at.day), *time(at.hour, at.minute))


def duration(minutes: int) -> Names:
    """one hour twenty minutes; what is nought is not said."""
    hours, rest = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = ((days, "day"), (hours, "hour"), (rest, "minute"))
    names = [name for amount, unit in parts if amount for name in (*integer(amount), _unit(unit, amount))]
    return tuple(names) or ("number/0", "duration/minutes")


def energy(value: Decimal) -> Names:
    return (*number(value), "unit/kilowatt-hour" if abs(value) == 1 else "unit/kilowatt-hours")


def _unit(unit: str, amount: int) -> str:
    return f"duration/{unit}" if amount == 1 else f"duration/{unit}s"


def _day(day: int) -> Names:
    return (f"ordinal/{day}",) if day else ()


def _year(year: int) -> Names:
    """twenty twenty-six, nineteen oh five, two thousand nine, nineteen hundred."""
    century, rest = divmod(year, 100)
    if year < 1000 or (century % 10 == 0 and rest < 10):
        return integer(year)
    if not rest:
        return (*integer(century), "scale/hundred")
    return (*integer(century), *(("word/oh",) if rest < 10 else ()), *integer(rest))
