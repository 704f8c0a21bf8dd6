"""Laws that hold for all values."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app import feel

numbers = st.decimals(min_value=-(10**12), max_value=10**12, places=4)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
truths = st.sampled_from([True, False, None])
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


def evaluate(text: str, **context: Any) -> Any:
    return feel.expression(text).evaluate(context)


@given(numbers, numbers)
def test_addition_is_exact_and_turned_back(a: Decimal, b: Decimal) -> None:
    assert evaluate("a + b - b", a=a, b=b) == a
    assert evaluate("a + b = b + a", a=a, b=b) is True


@given(numbers, numbers.filter(bool))
def test_modulo_is_the_rest_of_floor_division(a: Decimal, b: Decimal) -> None:
    assert evaluate("a = b * floor(a / b) + modulo(a, b)", a=a, b=b) is True


@given(numbers, numbers, numbers)
def test_a_range_is_two_comparisons(x: Decimal, a: Decimal, b: Decimal) -> None:
    assert evaluate("x in [a..b]", x=x, a=a, b=b) is (a <= x <= b)
    assert evaluate("x in (a..b)", x=x, a=a, b=b) is (a < x < b)
    assert evaluate("x between a and b", x=x, a=a, b=b) is (a <= x <= b)


@given(truths, truths)
def test_de_morgan(p: bool | None, q: bool | None) -> None:
    assert evaluate("not(p and q)", p=p, q=q) is evaluate("not(p) or not(q)", p=p, q=q)


@given(json_values)
def test_json_goes_through_unchanged(value: Any) -> None:
    assert feel.to_json(feel.to_feel(value)) == value


@given(json_values)
def test_everything_equals_itself(value: Any) -> None:
    assert evaluate("x = x", x=value) is True


@given(texts)
def test_a_written_text_is_read_again(text: str) -> None:
    written = evaluate("string([x])", x=text)
    assert feel.expression(written).evaluate() == [text]


@given(st.lists(numbers, max_size=8))
def test_sort_agrees_with_order(values: list[Decimal]) -> None:
    assert evaluate("sort(xs, function(a, b) a < b)", xs=values) == sorted(values)


@given(st.lists(numbers, min_size=1, max_size=8))
def test_least_and_greatest(values: list[Decimal]) -> None:
    assert evaluate("min(xs)", xs=values) == min(values)
    assert evaluate("max(xs)", xs=values) == max(values)


@given(numbers, numbers)
def test_before_is_the_opposite_of_after(a: Decimal, b: Decimal) -> None:
    assert evaluate("before(a, b)", a=a, b=b) is evaluate("after(b, a)", a=a, b=b)
