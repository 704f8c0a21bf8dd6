"""Types as `instance of`, parameters and signatures name them, and whether a value fits one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from app.feel.limits import charge
from app.feel.values.kinds import FUNCTION, Function, Months, Range, Value, kind_of

ANY = "Any"

SIMPLE = {
    "number", "string", "boolean", "date", "time", "date and time",
    "days and time duration", "years and months duration",
}  # fmt: skip
ALIASES = {
    "dateTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
    "any": ANY,
}


@dataclass(frozen=True, slots=True)
class Type:
    """`list<number>` is `Type("list", (Type("number"),))`; a context's fields are in `fields`."""

    name: str
    arguments: tuple[Type, ...] = ()
    fields: tuple[tuple[str, Type], ...] = field(default=())


def fits(value: Value, wanted: Type) -> bool | None:
    """Whether a value is of a type; None for a type that FEEL does not know."""
    charge()
    if wanted.name == "Null":
        return value is None
    if value is None:
        return False
    if wanted.name == ANY:
        return True
    if wanted.name == "duration":
        return isinstance(value, (Months, timedelta))
    if wanted.name in SIMPLE:
        return kind_of(value) == wanted.name
    return _fits_structure(value, wanted)


def _fits_structure(value: Value, wanted: Type) -> bool | None:
    if wanted.name == "list":
        return isinstance(value, list) and _all_fit(value, wanted.arguments[0] if wanted.arguments else Type(ANY))
    if wanted.name == "context":
        return isinstance(value, dict) and all(
            name in value and (value[name] is None or fits(value[name], kind) is True) for name, kind in wanted.fields
        )
    if wanted.name == "range":
        ends = [end for end in (value.start, value.end) if end is not None] if isinstance(value, Range) else None
        return ends is not None and (not wanted.arguments or _all_fit(ends, wanted.arguments[0]))
    if wanted.name == FUNCTION:
        return isinstance(value, Function)
    return None


def _all_fit(values: list[Value], wanted: Type) -> bool:
    return all(value is None or fits(value, wanted) is True for value in values)


def conform(value: Value, wanted: Type) -> Value:
    """The value where it fits; a list of one for its element, an element for a list of it; else null.

    A date serves where a date and time is asked for, as its midnight in UTC (DMN 1.3, 10.3.2.9.4).
    """
    if value is None or fits(value, wanted) in {True, None}:
        return value
    if isinstance(value, list) and len(value) == 1 and fits(value[0], wanted):
        return value[0]
    if wanted.name == "list" and not isinstance(value, list) and fits([value], wanted):
        return [value]
    if wanted.name == "date and time" and type(value) is date:
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return None
