"""How long numbers are parted when they are read out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

PAUSE = "pause/short"

_MOBILE = re.compile(r"(1\d{2})(\d{4})(\d{4})")
_LANDLINE = re.compile(r"(010|02\d|0[3-9]\d{2})(\d{3,4})(\d{4})")
_SPECIAL = re.compile(r"([48]00)(\d{3})(\d{4})")


def phone_groups(text: str) -> list[str]:
    """Mobile 3-4-4; landline with its area code apart; 400 and 800 numbers 3-3-4; to six digits in one; else fours."""
    for form in (_MOBILE, _LANDLINE, _SPECIAL):
        if found := form.fullmatch(text):
            return list(found.groups())
    if len(text) <= 6:
        return [text]
    return _from_the_right(text)


def account_groups(text: str) -> list[str]:
    """Fours from the left."""
    return [text[at : at + 4] for at in range(0, len(text), 4)]


def with_pauses(groups: Iterable[Sequence[str]]) -> tuple[str, ...]:
    names: list[str] = []
    for group in groups:
        if names:
            names.append(PAUSE)
        names += group
    return tuple(names)


def _from_the_right(text: str) -> list[str]:
    first = len(text) % 4
    return ([text[:first]] if first else []) + [text[at : at + 4] for at in range(first, len(text), 4)]
