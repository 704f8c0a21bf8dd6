"""Whether an answer is the expected one: numbers to the kit's precision, times by their instant."""

from __future__ import annotations

import math
from typing import Any

from app.feel.values.temporal import parse_date_time, parse_duration, parse_time

PRECISION = 1e-8


def agrees(found: Any, expected: Any) -> bool:
    if isinstance(expected, dict) and isinstance(found, dict):
        return found.keys() == expected.keys() and all(agrees(found[key], expected[key]) for key in expected)
    if isinstance(expected, list) and isinstance(found, list):
        return len(found) == len(expected) and all(map(agrees, found, expected))
    if isinstance(expected, bool) or isinstance(found, bool):
        return found is expected
    if isinstance(expected, (int, float)) and isinstance(found, (int, float)):
        return math.isclose(found, expected, rel_tol=PRECISION, abs_tol=PRECISION)
    return bool(found == expected) or (isinstance(found, str) and isinstance(expected, str) and _same(found, expected))


def _same(found: str, expected: str) -> bool:
    """Two ways of writing one time or duration: `PT60M` and `PT1H`, `10:00:00Z` and `10:00:00+00:00`."""
    for parse in (parse_date_time, parse_time, parse_duration):
        value = parse(expected)
        if value is not None and value == parse(found):
            return True
    return False
