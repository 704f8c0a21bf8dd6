"""Take a person out of texts (脱敏): names, numbers and places, in the ways people write them.

Free text knows more ways than the order's columns: a number in other groups of digits, a surname
with a form of address (沈女士), an address without its county or with other spaces.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

STARS = "＊＊＊"

SHORTEST = 2
"""Characters a word must have to be looked for in texts: a single one stands everywhere."""

FEWEST_DIGITS = 5
"""A run of digits shorter than this is a date or an amount sooner than a number of a person."""

FORMS = "先生|女士|小姐|太太|师傅|老师|同志|阿姨|叔叔|大爷|大妈|大姐|大哥|老板|某某|某"
"""Forms of address that follow a surname."""

_HAN_NAME = re.compile(r"[\u3400-\u9fff]{2,4}")
"""A Chinese name of a person; longer ones are firms', which are not called by a surname."""

_REGION = re.compile(r"^(?:\s*[\u3400-\u9fff]{1,8}?[省市县区州旗])+")
_BETWEEN = r"[\s\-－—–.·()（）]*"
"""What people write between the digits of a number."""


def without(*, names: Iterable[str], numbers: Iterable[str], places: Iterable[str]) -> Callable[[str], str]:
    """A function that stars these names (also a surname with a form of address), numbers and places."""
    named = {name.strip() for name in names}
    parts = [*map(_digits, numbers), *map(_place, places), *(_word(name) for name in named)]
    parts += [f"{surname}(?:{FORMS})" for surname in _surnames(named)]
    wanted = "|".join(sorted({part for part in parts if part}, key=len, reverse=True))
    if not wanted:
        return str
    found = re.compile(wanted, re.IGNORECASE)
    return lambda text: found.sub(STARS, text)


def _word(word: str) -> str:
    return re.escape(word) if len(word) >= SHORTEST else ""


def _digits(number: str) -> str:
    """The pattern of a number however its digits are grouped, with or without the country's code."""
    plain = number.strip().removeprefix("+86")
    digits = [char for char in plain if char.isdigit()]
    if len(digits) < FEWEST_DIGITS or any(char.isalpha() for char in plain):
        return _word(plain)
    return rf"(?:\+?86{_BETWEEN})?" + _BETWEEN.join(digits)


def _place(address: str) -> str:
    """The pattern of an address with any spaces, also without the province, city and county it begins with."""
    plain = address.strip()
    tail = "".join(_REGION.sub("", plain).split())
    if len(tail) <= SHORTEST:
        return _word(plain)
    return r"\s*".join(map(re.escape, tail))


def _surnames(names: Iterable[str]) -> set[str]:
    """The first character of a name, and the first two where that may be a double surname."""
    han = [name for name in names if _HAN_NAME.fullmatch(name)]
    return {name[:1] for name in han} | {name[:2] for name in han if len(name) > SHORTEST}
