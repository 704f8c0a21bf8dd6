"""Values that leave a script: plain JSON, bounded, and shared with nothing.

Dates become ISO 8601 text, exact numbers become numbers, sets become lists. What JSON
cannot carry (NaN, infinity, numbers beyond 64 bits, objects) is refused, because the
state, the history and the pages of an instance are JSON.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from app.engine.iso8601 import format_duration
from app.engine.scripting.errors import LimitExceeded, ScriptError

MAX_DEPTH = 50
MAX_NODES = 100_000
MAX_TEXT = 1_000_000
_INT64 = 2**63
_SETS = (set, frozenset)
_CONTAINERS = (Mapping, list, tuple, set, frozenset)


def plain(value: Any) -> Any:
    """A private JSON copy of a value; raises `ScriptError` for what JSON cannot carry."""
    if value is None or value is True or value is False:
        return value
    return _Copier().copy(value, 0)


class _Copier:
    def __init__(self) -> None:
        self.nodes = 0
        self.text = 0

    def copy(self, value: Any, depth: int) -> Any:
        self.nodes += 1
        if self.nodes > MAX_NODES or depth > MAX_DEPTH:
            raise LimitExceeded(_("the value is too large or too deeply nested"))
        if isinstance(value, str):
            return self._text(value)
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, (int, float, Decimal)):
            return _number(value)
        return self._many(value, depth + 1) if isinstance(value, _CONTAINERS) else _time(value)

    def _many(self, value: Any, depth: int) -> Any:
        if isinstance(value, Mapping):
            return {self._key(key): self.copy(item, depth) for key, item in value.items()}
        items = sorted(value, key=lambda item: (str(type(item)), str(item))) if isinstance(value, _SETS) else value
        return [self.copy(item, depth) for item in items]

    def _text(self, value: str) -> str:
        self.text += len(value)
        if self.text > MAX_TEXT:
            raise LimitExceeded(_("the text is too long"))
        if "\x00" in value or any("\ud800" <= char <= "\udfff" for char in value):
            raise ScriptError(_("the text holds characters that cannot be stored"))
        return value

    def _key(self, key: Any) -> str:
        if not isinstance(key, str):
            raise ScriptError(_("a key must be text, not %(kind)s", kind=type(key).__name__))
        return self._text(key)


def _number(value: Any) -> int | float:
    if isinstance(value, Decimal):
        value = int(value) if value.is_finite() and value == value.to_integral_value() else float(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ScriptError(_("the number is not finite"))
    elif not -_INT64 <= value < _INT64:
        raise LimitExceeded(_("the number has more than 64 bits"))
    return value  # type: ignore[no-any-return]


def _time(value: Any) -> str:
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return format_duration(value)
    raise ScriptError(_("a value of type %(kind)s cannot be kept", kind=type(value).__name__))
