"""Values from Python and back to JSON."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from app import feel


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        (1, 1),
        (1.5, 1.5),
        (Decimal("2.50"), 2.5),
        (Decimal("2.00"), 2),
        (float("nan"), None),
        (float("inf"), None),
        (True, True),
        (date(2026, 3, 2), "2026-03-02"),
        (datetime(2026, 3, 2, 1, tzinfo=UTC), "2026-03-02T01:00:00Z"),
        (time(9), "09:00:00"),
        (timedelta(minutes=45), "PT45M"),
        ((1, 2), [1, 2]),
        ({"b", "a"}, ["a", "b"]),
        ({"a": {"b": [1]}}, {"a": {"b": [1]}}),
    ],
)
def test_round(given: Any, stored: Any) -> None:
    assert feel.to_json(feel.to_feel(given)) == stored


def test_an_object_is_no_value() -> None:
    with pytest.raises(TypeError):
        feel.to_feel(object())


def test_functions_and_ranges_can_be_stored() -> None:
    assert feel.to_json(feel.expression("[function(x) x, [1..2]]").evaluate()) == [None, "[1..2]"]
