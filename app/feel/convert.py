"""Between Python's values and FEEL's: what an evaluation is given, and what others can store.

Given: any JSON value, dates, times, `timedelta`, `Decimal`. Stored: JSON only; a number is
an int where it is whole, else a float; dates and durations are ISO 8601 texts.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Set
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from app.feel.limits import charge
from app.feel.values.kinds import Function, Months, Range, Value
from app.feel.values.writing import write, write_temporal

_SAME = (str, bool, Decimal, date, time, timedelta, Months, Range, Function)


def to_feel(value: Any) -> Value:
    """The FEEL value of a Python value; TypeError for one that has none."""
    charge()
    if value is None or isinstance(value, _SAME):
        return value
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float):
        return Decimal(repr(value)) if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): to_feel(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_feel(item) for item in value]
    if isinstance(value, Set):
        return [to_feel(item) for item in sorted(value, key=str)]
    raise TypeError(f"a {type(value).__name__} is no value of FEEL")


def to_json(value: Value) -> Any:
    """The value as JSON can hold it; functions become null."""
    charge()
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() and value.adjusted() < 18 else float(value)
    if isinstance(value, list):
        return [to_json(item) for item in value]
    if isinstance(value, dict):
        return {key: to_json(item) for key, item in value.items()}
    if isinstance(value, Range):
        return write(value)
    return None if isinstance(value, Function) else write_temporal(value)
