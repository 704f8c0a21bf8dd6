"""Expressions: arithmetic, logic of three values, comparisons, structures, control."""

from __future__ import annotations

from typing import Any

import pytest

from tests.feel.tables import cases, value

ARITHMETIC = cases("""
    1 + 2 * 3 => 7
    (1 + 2) * 3 => 9
    10 - 2 - 3 => 5
    -10--5 => -5
    -10*-5 => 50
    2 ** 3 ** 2 => 64
    -5 ** 2 => 25
    10**-5 => 0.00001
    1.2*10**3 => 1200
    1.5e3 => 1500
    .5 + .25 => 0.75
    0.1 + 0.2 = 0.3 => true
    (10 + 20) / 0 => null
    10 + null => null
    "a" + "b" => "ab"
    "a" + 1 => null
    "a" + null => null
    - "a" => null
    - - 3 => 3
    1 / 3 => 0.3333333333333333
""")

LOGIC = cases("""
    true and true => true
    true and false => false
    true and null => null
    false and null => false
    null and false => false
    null and null => null
    1 and true => null
    false and 1 => false
    true or null => true
    null or true => true
    false or null => null
    false or 1 => null
    false or false => false
    not(true) => false
    not(null) => null
    not("a") => null
    true or 1 / 0 > 0 => true
""")

COMPARISON = cases("""
    1 = 1.0 => true
    1 != 2 => true
    1 = "1" => null
    null = null => true
    null = 1 => false
    1 != null => true
    null < 1 => null
    "a" < "b" => true
    true < false => null
    [1, 2] = [1, 2] => true
    [1, 2] = [2, 1] => false
    {a: 1, b: 2} = {b: 2, a: 1} => true
    {a: 1} = {a: 2} => false
    [1..3] = [1..3] => true
    [1..3] = [1..3) => false
    5 between 1 and 5 => true
    5 between 6 and 9 => false
    null between 6 and 9 => null
    1 between 0 and 2 and true => true
    date("2026-03-02") > date("2026-03-01") => true
    time("09:00:00") < time("10:00:00") => true
    duration("PT1H") > duration("PT59M") => true
    duration("P1Y") = duration("P12M") => true
    duration("P1M") = duration("P30D") => null
    time("09:00:00+08:00") = time("01:00:00Z") => true
""")

MEMBERSHIP = cases("""
    5 in (1..5] => true
    1 in (1..5] => false
    5 in ]1..5[ => false
    5 in [1..5) => false
    5 in (1, 2, 5) => true
    5 in > 3 => true
    5 in (< 3, > 4) => true
    5 in [1, 5] => true
    5 in [[2..4], [5..6]] => true
    [1, 2] in [[1, 2], [3]] => true
    "b" in ["a".."c"] => true
    null in [1..3] => null
    1 in null => false
    5 in (? > 3) => true
    date("2026-03-02") in [date("2026-03-01")..date("2026-03-31")] => true
    (> 5).start => 5
    7 in (> 5) => true
""")

STRUCTURES = cases("""
    [1, 2, 3][2] => 2
    [1, 2, 3][-1] => 3
    [1, 2, 3][4] => null
    [1, 2, 3][0] => null
    [1, 2, 3][item > 1] => [2, 3]
    [{p: 1}, {p: 2}][p > 1].p => [2]
    [{p: 1}, {p: 2}][p > 1][1].p => 2
    [{a: {b: 1}}].a.b => [1]
    [] [item > 1] => []
    1[item = 1] => [1]
    null[1] => null
    {a: 1, b: a + 1}.b => 2
    {"a b": 1}.a b => 1
    {a: 1}.x => null
    (1).x => null
    {f: function(x) x + 1, r: f(2)}.r => 3
    [1..3].start included => true
    {a: [1, 2]}.a[1] => 1
""")

CONTROL = cases("""
    if 1 > 0 then "yes" else "no" => "yes"
    if null then 1 else 2 => 2
    if "true" then 1 else 2 => 2
    1 + if true then 2 else 3 => 3
    for i in [1, 2, 3] return i * 2 => [2, 4, 6]
    for i in 1..3 return i => [1, 2, 3]
    for i in 3..1 return i => [3, 2, 1]
    for i in [1..3) return i => [1, 2]
    for i in (1..3) return i => [2]
    for i in 1..2, j in [10, 20] return i + j => [11, 21, 12, 22]
    for i in 1..3, j in 1..i return j => [1, 1, 2, 1, 2, 3]
    for i in 1..4 return if i = 1 then 1 else partial[-1] * i => [1, 2, 6, 24]
    for i in null return i => null
    for i in 5 return i => [5]
    for d in @"2026-03-01"..@"2026-03-03" return d.day => [1, 2, 3]
    some x in [1, 2] satisfies x > 1 => true
    some x in [] satisfies x > 1 => false
    some x in [1, null] satisfies x > 1 => null
    every x in [1, 2] satisfies x > 0 => true
    every x in [1, null] satisfies x > 1 => false
    every x in [] satisfies false => true
    some x in [1, 2], y in [2, 3] satisfies x = y => true
""")

TYPES = cases("""
    1 instance of number => true
    "1" instance of number => false
    null instance of number => false
    null instance of Null => true
    [1] instance of list<number> => true
    [1, "a"] instance of list<number> => false
    {a: 1} instance of context<a: number> => true
    {a: "1"} instance of context<a: number> => false
    {} instance of context<a: number> => false
    date("2026-03-02") instance of date => true
    date("2026-03-02") instance of date and time => false
    duration("P1D") instance of days and time duration => true
    duration("P1M") instance of years and months duration => true
    [1..2] instance of range<number> => true
    (function(x) x) instance of function<number> -> number => true
    1 + 1 instance of number => null
    true instance of Any => true
    1 instance of unheard of => null
""")

FUNCTIONS = cases("""
    (function(a, b) a - b)(3, 1) => 2
    (function(a, b) a - b)(b: 3, a: 1) => -2
    (function(a: number) a)("x") => null
    (function(a) a)() => null
    substring(string: "foobar", start position: 3) => "obar"
    {n: 3, add: function(x) x + n, r: add(1)}.r => 4
    (5)(1) => null
    {fact: function(n) if n < 2 then 1 else n * fact(n - 1), r: fact(10)}.r => 3628800
""")


@pytest.mark.parametrize(
    ("text", "expected"),
    [*ARITHMETIC, *LOGIC, *COMPARISON, *MEMBERSHIP, *STRUCTURES, *CONTROL, *TYPES, *FUNCTIONS],
)
def test_expression(text: str, expected: Any) -> None:
    result = value(text)
    assert result == expected
    assert isinstance(result, bool) == isinstance(expected, bool)


def test_an_unknown_name_is_null() -> None:
    assert value("nobody + 1") is None


def test_a_variable_hides_a_built_in_function() -> None:
    assert value("count", count=3) == 3


def test_numbers_have_34_digits() -> None:
    assert value("string(1 / 3)") == "0." + "3" * 34


def test_comments_are_space() -> None:
    assert value("1 /* one */ + // and\n 2") == 3
