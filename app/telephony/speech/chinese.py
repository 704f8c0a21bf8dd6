"""Chinese: how numbers and what is made of them are read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from app.telephony.speech.grouping import account_groups, phone_groups, with_pauses

Names = tuple[str, ...]

_TENS = ("", "unit/shi", "unit/bai", "unit/qian")
_GROUPS = ((10**8, "unit/yi"), (10**4, "unit/wan"))


def number(value: Decimal) -> Names:
    """负三十二点五: sign, whole part, digits behind the point."""
    whole, _, decimals = f"{abs(value):f}".partition(".")
    sign = ("word/minus",) if value < 0 else ()
    behind = ("word/point", *digits(decimals)) if decimals else ()
    return (*sign, *integer(int(whole)), *behind)


def counted(value: Decimal) -> Names:
    """A number before a measure word: 两 where it is just 2."""
    if abs(value) == 2:
        return ("word/minus",) * (value < 0) + ("digit/liang",)
    return number(value)


def integer(value: int) -> Names:
    """A whole number that is not negative, below ten to the sixteenth."""
    return tuple(_integer(value, first=True)) if value else ("digit/0",)


def _integer(value: int, *, first: bool) -> Iterator[str]:
    """The names of a part of a number; `first` where nothing stands before it."""
    for size, unit in _GROUPS:
        if value >= size:
            high, rest = divmod(value, size)
            if high == 2 and first:
                yield "digit/liang"
            else:
                yield from _integer(high, first=first)
            yield unit
            if rest:
                if rest < size // 10:
                    yield "digit/0"
                yield from _integer(rest, first=False)
            return
    yield from _group(value, first=first)


def _group(value: int, *, first: bool) -> Iterator[str]:
    """One to four digits with 千, 百 and 十."""
    skipped = False
    begun = False
    for place in (3, 2, 1, 0):
        digit = value // 10**place % 10
        if not digit:
            skipped = begun
            continue
        if skipped:
            yield "digit/0"
            skipped = False
        if digit == 2 and place == 3 and first:
            yield "digit/liang"
        elif not (digit == 1 and place == 1 and first and not begun):
            yield f"digit/{digit}"
        if place:
            yield _TENS[place]
        begun = True


def digits(text: str) -> Names:
    """One by one: 一, and not 幺."""
    return tuple(_sign(character) for character in text)


def spelled(text: str) -> Names:
    """One by one with 幺, as numbers are read out on the telephone."""
    return tuple("digit/yao" if character == "1" else _sign(character) for character in text)


def phone(text: str) -> Names:
    return with_pauses(spelled(group) for group in phone_groups(text))


def account(text: str) -> Names:
    return with_pauses(spelled(group) for group in account_groups(text))


def money(cents: int) -> Names:
    """一百二十元零五分, 十二元整; the nought stands for 角 that are missing between 元 and 分."""
    sign = ("word/minus",) if cents < 0 else ()
    yuan, rest = divmod(abs(cents), 100)
    jiao, fen = divmod(rest, 10)
    if not rest:
        return (*sign, *counted(Decimal(yuan)), "money/yuan", "money/zheng")
    names = [*sign]
    if yuan:
        names += [*counted(Decimal(yuan)), "money/yuan"]
    if jiao:
        names += ["digit/liang" if jiao == 2 and not yuan else f"digit/{jiao}", "money/jiao"]
    elif yuan:
        names += ["digit/0"]
    if fen:
        names += ["digit/liang" if fen == 2 and not yuan and not jiao else f"digit/{fen}", "money/fen"]
    return tuple(names)


def date(year: int, month: int, day: int) -> Names:
    """二零二六年三月二日; without day a month."""
    return (*digits(f"{year:d}"), "date/year", *_month(month), *_day(day))


def time(hour: int, minute: int) -> Names:
    """十四点三十分, 九点零五分, 两点整."""
    begin = (*counted(Decimal(hour)), "time/hour")
    if not minute:
        return (*begin, "time/sharp")
    nought = ("digit/0",) if minute < 10 else ()
    return (*begin, *nought, *integer(minute), "time/minute")


def instant(at: datetime) -> Names:
    """三月二日十四点三十分: without year, for what lies near."""
    return (*_month(at.month), *_day(at.day), *time(at.hour, at.minute))


def duration(minutes: int) -> Names:
    """两天三小时二十分钟; what is nought is not said."""
    hours, rest = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = ((days, "duration/day"), (hours, "duration/hour"), (rest, "duration/minute"))
    names = [name for amount, unit in parts if amount for name in (*counted(Decimal(amount)), unit)]
    return tuple(names) or ("digit/0", "duration/minute")


def energy(value: Decimal) -> Names:
    return (*counted(value), "unit/kwh")


def _month(month: int) -> Names:
    return (*integer(month), "date/month")


def _day(day: int) -> Names:
    return (*integer(day), "date/day") if day else ()


def _sign(character: str) -> str:
    return f"digit/{character}" if character.isdigit() else f"letter/{character.lower()}"
