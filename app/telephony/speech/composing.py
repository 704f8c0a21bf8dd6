"""`compose`: which recordings say a value."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

from app.telephony.speech import chinese, english, values
from app.telephony.speech.values import CannotSay

__all__ = ["KINDS", "LANGUAGES", "CannotSay", "compose"]

Names = tuple[str, ...]

LANGUAGES: dict[str, ModuleType] = {"zh": chinese, "en": english}

_SAID: dict[str, Callable[[Any, ModuleType], Names]] = {
    "number": lambda value, words: words.number(values.number(value)),
    "count": lambda value, words: words.counted(values.number(value)),
    "digits": lambda value, words: words.digits(values.digits(value)),
    "account": lambda value, words: words.account(values.digits(value)),
    "phone": lambda value, words: words.phone(values.phone(value)),
    "money": lambda value, words: words.money(values.cents(value)),
    "date": lambda value, words: words.date(*values.day(value)),
    "time": lambda value, words: words.time(*values.hour(value)),
    "datetime": lambda value, words: words.instant(values.instant(value)),
    "duration": lambda value, words: words.duration(values.minutes(value)),
    "kwh": lambda value, words: words.energy(values.number(value)),
}

KINDS = frozenset(_SAID)
"""number: 二; count: before a measure word, 两; digits: one by one; account: in fours, 幺; phone: grouped, 幺;
money: yuan; date: ISO day or month; time, datetime: local, without year; duration: seconds or `PT1H30M`; kwh."""


def compose(kind: str, value: Any, language: str) -> Names:
    """The names of the recordings that say `value`, in their order.

    `kind` is one of `KINDS`, `language` one of `LANGUAGES`; money is in yuan, spans of time in
    seconds (or ISO 8601), instants in ISO 8601 (without offset: local). Raises `CannotSay`.
    """
    try:
        said, words = _SAID[kind], LANGUAGES[language]
    except KeyError as unknown:
        raise CannotSay(f"nothing is spoken as {unknown}") from None
    return said(value, words)
