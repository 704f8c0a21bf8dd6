"""Texts that cannot be parsed: what is said, and where."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import feel


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("1 +", 3),
        ('"abc', 0),
        ("（1）", 0),
        ("甲，乙", 1),
        ("[1, 2", 5),
        ("if 1 then 2", 11),
        ("1 2", 2),
        ("a ; b", 2),
        ("{a 1}", 1),
        ("{a: 1, a: 2}", 7),
        ("f(1, a: 2)", 10),
        ("x.", 2),
        ("@5", 1),
        ("1 between 2", 11),
        ("function(x) external {}", 12),
        ("", 0),
        ("5px", 0),
    ],
)
def test_the_position_is_named(text: str, position: int) -> None:
    with pytest.raises(feel.FeelError) as caught:
        feel.expression(text)
    assert caught.value.position == position


def test_line_and_column_count_from_one() -> None:
    with pytest.raises(feel.FeelError) as caught:
        feel.expression("1 +\n  * 2")
    assert (caught.value.line, caught.value.column) == (2, 3)


_PIECES = ["1", "x", "a b", '"s"', "+", "-", "(", ")", "[", "]", "{", "}", ",", ":", "..", "in", "if", "then", "else"]
_PIECES += ["for", "return", "?", "not", "and", "@", ".", "户号", "function", "between", "<", "=", "null"]


@given(st.lists(st.sampled_from(_PIECES), max_size=12))
def test_any_row_of_tokens_is_parsed_or_refused(pieces: list[str]) -> None:
    text = " ".join(pieces)
    for parse in (feel.expression, feel.unary):
        try:
            parsed = parse(text)
        except feel.FeelError:
            continue
        if isinstance(parsed, feel.UnaryTest):
            parsed.matches(1, {"x": 1})
        else:
            parsed.evaluate({"x": 1})


@given(st.text(max_size=40))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    try:
        feel.expression(text).evaluate()
    except feel.FeelError as error:
        assert 0 <= error.position <= len(text)  # noqa: PT017
