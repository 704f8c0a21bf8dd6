"""The functions an expression may call. Each is bounded by the size of what it is given.

Domain knowledge has no place here: that is a named service or a decision table.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from app.engine.iso8601 import InvalidTime, parse_duration, parse_instant
from app.engine.scripting.budget import weigh
from app.engine.scripting.errors import LimitExceeded, ScriptError
from app.engine.scripting.plain import MAX_NODES, MAX_TEXT, plain
from app.kernel.clock import LOCAL


def instant(value: Any) -> datetime:
    """An aware time from ISO 8601 text (`2026-03-02T09:00:00+08:00`)."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value
    try:
        return parse_instant(value if isinstance(value, str) else repr(value))
    except InvalidTime as exc:
        raise ScriptError(str(exc)) from None


def day(value: Any) -> date:
    """A calendar day, from ISO 8601 text or from an instant (its day in China)."""
    if isinstance(value, datetime):
        return value.astimezone(LOCAL).date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return instant(value).astimezone(LOCAL).date()


def duration(value: Any) -> timedelta:
    """A length of time from ISO 8601 text (`PT45M`, `P2D`); months have no fixed length and are refused."""
    if isinstance(value, timedelta):
        return value
    try:
        parsed = parse_duration(value)
    except InvalidTime as exc:
        raise ScriptError(str(exc)) from None
    if parsed.months:
        raise ScriptError(_("%(value)s: months and years have no fixed length", value=repr(value)))
    return parsed.rest


def isoformat(value: Any) -> str:
    """A time, day or duration as ISO 8601 text."""
    return str(plain(value))


def empty(value: Any) -> bool:
    """JUEL's `empty`: null, or a text, list or map without contents."""
    return value is None or (hasattr(value, "__len__") and len(value) == 0)


def text(value: Any) -> str:
    """A value as text: null is empty, booleans are `true` and `false`, times are ISO 8601."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple, set, dict)):
        raise ScriptError(_("a list or map has no text"))
    if isinstance(value, int):
        return str(plain(value))
    return value if isinstance(value, str) else str(plain(value))


def concat(*parts: Any) -> str:
    """The texts one after another (what `a-${b}` becomes)."""
    result = "".join(text(part) for part in parts)
    if len(result) > MAX_TEXT:
        raise LimitExceeded(_("the text is too long"))
    return result


def to_int(value: Any = 0) -> int:
    """A whole number from a number or a short text."""
    if isinstance(value, str) and len(value) > 40:
        raise ScriptError(_("the number is too long"))
    return int(value)


def bounded_range(*args: int) -> range:
    """Python's `range`, no longer than one step of a diagram may count."""
    result = range(*args)
    if len(result) > MAX_NODES:
        raise LimitExceeded(_("the range is too long"))
    return result


def to_dict(*args: Any, **entries: Any) -> dict[Any, Any]:
    return dict(*args, **entries)


def _weighed(function: Callable[..., Any]) -> Callable[..., Any]:
    """Charge for the arguments before a builtin walks them."""

    def call(*args: Any, **kwargs: Any) -> Any:
        for arg in args:
            weigh(arg)
        return function(*args, **kwargs)

    call.__name__ = function.__name__
    return call


FUNCTIONS: dict[str, Callable[..., Any]] = {
    **{
        function.__name__: _weighed(function)
        for function in (len, min, max, sum, sorted, any, all, enumerate, zip, list, set, tuple, round, abs, bool)
    },
    "float": float,
    "dict": to_dict,
    "int": to_int,
    "str": text,
    "range": bounded_range,
    "concat": concat,
    "empty": empty,
    "text": text,
    "instant": instant,
    "date": day,
    "duration": duration,
    "isoformat": isoformat,
}
"""Every name an expression or script may use beside the variables, except `now`."""
