"""What a caller hears: recordings by name, words for the speech engine, and values spoken from recordings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

SpokenKind = Literal[
    "number", "count", "digits", "account", "money", "date", "time", "datetime", "duration", "phone", "kwh", "text"
]  # how a value is said

SPOKEN_KINDS: tuple[str, ...] = (
    "number",
    "count",
    "digits",
    "account",
    "money",
    "date",
    "time",
    "datetime",
    "duration",
    "phone",
    "kwh",
    "text",
)


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt of `ivr_flows/prompts/<language>.yaml`, by its key: in the call's language or always in its own."""

    key: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """Words that stand in no prompt file: an address, a notice typed an hour ago."""

    text: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """A value, said from recordings: number, count (before a measure word), digits, account, money (yuan), date,
    time, datetime (ISO text with offset), duration (seconds), phone, kwh. `value` is a plain JSON value."""

    kind: str
    value: Any


Piece = Prompt | Text | Spoken


def plain(piece: Piece) -> dict[str, Any]:
    """A piece as JSON: `{"prompt": key}`, with its own `language`, `{"text": …}` or `{"say": value, "as": kind}`."""
    match piece:
        case Prompt(key, language):
            return {"prompt": key, "language": language} if language else {"prompt": key}
        case Text(text):
            return {"text": text}
        case Spoken(kind, value):
            return {"say": value, "as": kind}
