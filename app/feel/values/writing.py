"""Any value as text, as the function `string` writes it; inside lists and contexts texts are quoted."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from app.feel.limits import charge
from app.feel.values import numbers, temporal
from app.feel.values.kinds import Function, Months, Range, Value


def write(value: Value) -> str | None:
    """The text of a value; null stays null."""
    if value is None or isinstance(value, str):
        return value
    return _write(value)


def _write(value: Value) -> str:  # noqa: PLR0911 - one line a kind
    charge()
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        case Decimal():
            return numbers.plain(value)
        case list():
            return "[" + ", ".join(_write(item) for item in value) + "]"
        case dict():
            return "{" + ", ".join(f"{_key(key)}: {_write(item)}" for key, item in value.items()) + "}"
        case Range():
            return _write_range(value)
        case Function():
            return f"function({', '.join(value.parameters)})"
        case _:
            return write_temporal(value)


def _key(key: str) -> str:
    return key if all(part.isalnum() or part == "_" for part in key.replace(" ", "_")) and key else f'"{key}"'


def _write_range(value: Range) -> str:
    if value.start is None or value.end is None:
        operator, end = (">", value.start) if value.end is None else ("<", value.end)
        included = value.start_included if value.end is None else value.end_included
        return f"({operator}{'=' if included else ''} {_write(end)})"
    opening, closing = "[" if value.start_included else "(", "]" if value.end_included else ")"
    return f"{opening}{_write(value.start)}..{_write(value.end)}{closing}"


def write_temporal(value: date | datetime | time | timedelta | Months) -> str:
    """ISO 8601."""
    match value:
        case datetime():
            return temporal.write_date_time(value)
        case date():
            return value.isoformat()
        case time():
            return temporal.write_time(value)
        case timedelta():
            return temporal.write_days(value)
        case Months():
            return temporal.write_months(value)
