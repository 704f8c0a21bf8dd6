"""Days as people write them: 2026-3-2, 2026/03/02, 2026年3月2日, 20260302, 二〇二六年三月二日, Excel's numbers."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal

from app.customers.importing.reading import Value
from app.customers.importing.values.bad import Bad
from app.customers.importing.values.folding import fold, plain

EPOCH = date(1899, 12, 30)
"""Day 0 of Excel's calendar, right for every day after February 1900."""

SERIALS = range(18264, 73051)
"""Excel's numbers of the days from 1950 to 2099: what a bare number of five digits can mean."""

YEARS = range(1900, 2200)

_CLOCK = r"(?:[t日号 ]*\s*\d{1,2}(?::\d{1,2}){1,2}(?:\.\d+)?\s*(?:z|[+-]\d{2}:?\d{2})?)?"
_YMD = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?" + _CLOCK)
_OTHER = re.compile(r"(\d{1,2})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{4})" + _CLOCK)
_TIGHT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\d{6}|\s+\d{1,2}:\d{2}(?::\d{2})?)?")
_PERIOD = re.compile(r"(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*月?(?:份)?")
_CHINESE = re.compile(
    r"([〇零○Oo一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月(?:([一二三四五六七八九十廿]{1,3})[日号])?"
)
_DIGITS = {character: str(value) for value, character in enumerate("〇一二三四五六七八九")} | dict.fromkeys(
    "零○Oo", "0"
)


def to_date(value: Value, *, order: str = "ymd") -> date:
    """The day of a cell. `order` (`mdy`, `dmy`) allows forms with the year at the end, else they are refused."""
    if isinstance(value, date):
        return _sane(value.date() if isinstance(value, datetime) else value, value)
    if isinstance(value, Decimal):
        return _from_number(value)
    return _from_text(plain(value), order)


def _from_text(text: str, order: str) -> date:
    folded = _in_digits(fold(text).casefold())
    if match := _YMD.fullmatch(folded) or _TIGHT.fullmatch(folded):
        return _day(int(match[1]), int(match[2]), int(match[3]), text)
    if match := _OTHER.fullmatch(folded):
        return _year_last(int(match[1]), int(match[3]), int(match[4]), order, text)
    if folded.isdigit() and len(folded) == 5:
        return _from_number(Decimal(folded))
    raise Bad("no_date", value=text)


def to_period(value: Value) -> str:
    """A month as `YYYYMM`: 202603, 2026-3, 2026年3月, or any day in it."""
    if isinstance(value, Decimal) and value == int(value) and 190000 < value < 220000:
        value = str(int(value))
    if isinstance(value, str):
        folded = _in_digits(fold(plain(value)).casefold())
        if (match := _PERIOD.fullmatch(folded)) and 1 <= int(match[2]) <= 12 and int(match[1]) in YEARS:
            return f"{match[1]}{int(match[2]):02d}"
    try:
        return f"{to_date(value):%Y%m}"
    except Bad as bad:
        raise Bad("no_period", **bad.params) from None


def _from_number(number: Decimal) -> date:
    """20260302 written as a number, else Excel's count of days."""
    whole = int(number)
    if number == whole and len(str(whole)) == 8:
        return _day(whole // 10000, whole // 100 % 100, whole % 100, str(whole))
    if whole in SERIALS:
        return EPOCH + timedelta(days=whole)
    raise Bad("no_date", value=f"{number:f}")


def _year_last(first: int, second: int, year: int, order: str, text: str) -> date:
    if order == "mdy":
        return _day(year, first, second, text)
    if order == "dmy":
        return _day(year, second, first, text)
    raise Bad("ambiguous_date", value=text)


def _day(year: int, month: int, day: int, text: str) -> date:
    try:
        return _sane(date(year, month, day), text)
    except ValueError:
        raise Bad("no_such_day", value=text) from None


def _sane(day: date, given: object) -> date:
    if day.year not in YEARS:
        raise Bad("no_such_day", value=given)
    return day


def _in_digits(text: str) -> str:
    """A date in Chinese numerals turned into digits; other texts as they are."""
    match = _CHINESE.fullmatch(text)
    if match is None:
        return text
    year = "".join(_DIGITS[character] for character in match[1])
    day = f"{_counted(match[3])}日" if match[3] else ""
    return f"{year}年{_counted(match[2])}月{day}"


def _counted(numeral: str) -> int:
    """三 is 3, 十一 is 11, 二十九 is 29, 三十 is 30, 廿一 is 21."""
    numeral = numeral.replace("廿", "二十")
    tens, ten, ones = numeral.rpartition("十")
    return (int(_DIGITS.get(tens, "1")) * 10 if ten else 0) + (int(_DIGITS.get(ones, "0")) if ones else 0)
