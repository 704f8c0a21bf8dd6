"""Hostile texts end soon, with an error and not with the process."""

from __future__ import annotations

import time

import pytest

from app import feel

HOSTILE = [
    "(" * 5000 + "1" + ")" * 5000,
    "+".join(["1"] * 5000),
    "1" * 30_000,
    "for a in 1..1000000, b in 1..1000000 return a",
    "count(for a in 1..100000000 return a)",
    "every x in 1..100000000 satisfies x > 0",
    "{" + ", ".join(f"a{n}: [a{n - 1}, a{n - 1}]" if n else "a0: 1" for n in range(60)) + "}",
    "{" + ", ".join(f"a{n}: a{n - 1} + a{n - 1}" if n else 'a0: "xxxxxxxxxx"' for n in range(60)) + "}",
    "{" + ", ".join(f"a{n}: concatenate(a{n - 1}, a{n - 1})" if n else "a0: [1]" for n in range(60)) + "}",
    "{f: function(x) f(x + 1), r: f(1)}.r",
    "{f: function(x) f(x) + f(x), r: f(1)}.r",
    f'matches("{"a" * 60}!", "(a|aa)+$")',
    "not(" * 200 + "true" + ")" * 200,
    "if true then " * 500 + "1" + " else 2" * 500,
    "a" + ".b" * 500,
    "-" * 10_000,
    "[" * 500,
    "x" + "[1]" * 400,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile(text: str) -> None:
    begun = time.monotonic()
    with pytest.raises(feel.FeelError), feel.bounded():
        feel.to_json(feel.expression(text).evaluate())
    assert time.monotonic() - begun < 5


def test_equality_of_shared_structures_is_bounded() -> None:
    entries = ", ".join(f"a{n}: [a{n - 1}, a{n - 1}]" if n else "a0: 1" for n in range(40))
    with pytest.raises(feel.FeelError):
        feel.expression(f"{{{entries}, r: a39 = a39}}.r").evaluate()


def test_big_powers_are_null_or_numbers() -> None:
    assert feel.expression("10 ** 1000000000").evaluate() is None
    assert feel.expression("1.0000001 ** 1e30").evaluate() is None
