"""Unary tests: cells of decision tables."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app import feel

HOLDS: list[tuple[str, Any]] = [
    ("-", None),
    ("-", 5),
    ("5", 5),
    ("2, 3", 3),
    ("[1..3]", 1),
    ("]1..3]", 3),
    ("(1..3)", 2),
    ("< 5", 4),
    (">= 5", 5),
    ("!= 5", 4),
    ("= 5", 5),
    ("< 3, > 5", 7),
    ("not(2, 3)", 4),
    ("not([1..3])", 4),
    ('not("a")', "b"),
    ("not(null)", 1),
    ("null", None),
    ('"城市", "农村"', "农村"),
    ("true", True),
    ("false", False),
    ("? > 2 * x", 5),
    ("? > 2 and ? < 9", 5),
    ('starts with(?, "电")', "电力"),
    ("not(? > 9)", 5),
    ("x", 2),
    ("< x + 1", 2),
    ("xs", 1),
    ("some y in xs satisfies y = ?", 1),
    ('date("2026-03-02")', date(2026, 3, 2)),
    ('< date("2026-03-02")', date(2026, 3, 1)),
    ("x > 1", "anything"),
    ("list contains(?, 3)", [1, 3]),
    ("[1, 2]", [1, 2]),
]
FAILS: list[tuple[str, Any]] = [
    ("5", 4),
    ("5", None),
    ("< 5", None),
    ("< 5", "4"),
    ("not(2, 3)", 2),
    ("not(null)", None),
    ("not(< 5)", None),
    ('"a"', 1),
    ("true", False),
    ("false", True),
    ("null", 0),
    ("? > 2 * x", 4),
    ("x > 5", "anything"),
    ("nobody", 1),
    ("1 / 0", 1),
]


@pytest.mark.parametrize(("text", "given"), HOLDS)
def test_holds(text: str, given: Any) -> None:
    assert feel.unary(text).matches(given, {"x": 2, "xs": [1, 2]})


@pytest.mark.parametrize(("text", "given"), FAILS)
def test_does_not_hold(text: str, given: Any) -> None:
    assert not feel.unary(text).matches(given, {"x": 2, "xs": [1, 2]})


def test_names_leave_the_input_out() -> None:
    assert feel.unary("? > limit, other").names == {"limit", "other"}


@pytest.mark.parametrize("text", ["1,", "not(", "- 1 -", "> ", "1 2", "[1..2", ")"])
def test_a_faulty_cell_is_refused(text: str) -> None:
    with pytest.raises(feel.FeelError):
        feel.unary(text)
