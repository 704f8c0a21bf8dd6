"""One spelling of what looks alike: full-width digits, odd spaces, and the marks spreadsheets leave."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from app.customers.importing.reading import Trouble, Value
from app.customers.importing.values.bad import Bad

WORDS: dict[str, Any] = yaml.safe_load((Path(__file__).parents[1] / "words.yaml").read_text(encoding="utf-8"))

_EMPTY = frozenset(WORDS["empty"])
_LONGEST_EMPTY = max(len(word) for word in _EMPTY)
_AS_TEXT = re.compile(r'="(.*)"', re.S)
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\u202a\u202b\u202c\u202d\u202e"))


@lru_cache(maxsize=16384)
def fold(text: str) -> str:
    """NFKC without invisible characters and outer blanks: `１２３` becomes `123`, `（` becomes `(`."""
    return unicodedata.normalize("NFKC", text).translate(_INVISIBLE).strip()


def unquoted(text: str) -> str:
    """A text without the marks that keep spreadsheets from turning it into a number: `="0012"`, `'0012`."""
    text = text.strip().translate(_INVISIBLE) if not text.isascii() else text.strip()
    if text[:2] == '="' and (match := _AS_TEXT.fullmatch(text)):
        return match[1].strip()
    return text[1:].strip() if text[:1] == "'" and text.count("'") == 1 else text


def is_blank(value: Value) -> bool:
    """Whether a cell means "nothing": empty, or a word people write for it (`-`, `无`, `N/A`)."""
    if value is None:
        return True
    if not isinstance(value, str):
        return False
    stripped = value.strip()
    return len(stripped) <= _LONGEST_EMPTY and (not stripped or fold(unquoted(stripped)).casefold() in _EMPTY)


def plain(value: Value) -> str:
    """The cell as one line of text, for messages, lists and choices; raises `Bad` where it holds trouble."""
    if isinstance(value, Trouble):
        raise Bad(value.code, value=value.shown)
    if isinstance(value, str):
        return unquoted(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        return (
            value.isoformat(sep=" ")
            if value.time().replace(tzinfo=None) != datetime.min.time()
            else f"{value:%Y-%m-%d}"
        )
    return value.isoformat() if isinstance(value, date) else ""
