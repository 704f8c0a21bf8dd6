"""Built-in functions."""

from __future__ import annotations

from typing import Any

import pytest

from tests.feel.tables import cases, value

STRINGS = cases(r"""
    substring("foobar", 3) => "obar"
    substring("foobar", 3, 3) => "oba"
    substring("foobar", -2, 1) => "a"
    substring("电力客户服务", 3, 2) => "客户"
    substring("foobar", 0) => null
    string length("电力") => 2
    string length("\U01F40E") => 1
    upper case("aBc4") => "ABC4"
    lower case("aBc4") => "abc4"
    substring before("foobar", "bar") => "foo"
    substring before("foobar", "xyz") => ""
    substring after("foobar", "ob") => "ar"
    substring after("foobar", "") => "foobar"
    substring after("", "a") => ""
    contains("foobar", "of") => false
    starts with("foobar", "fo") => true
    ends with("foobar", "r") => true
    matches("foobar", "^fo*b") => true
    matches("FOO", "foo", "i") => true
    matches("foo", "(") => null
    replace("abcd", "(ab)|(a)", "[1=$1]") => "[1=ab]cd"
    replace("a.b", "\\.", "-") => "a-b"
    replace("abc", "b", "\\$") => "a$c"
    replace("abc", "b", "$9") => null
    split("John Doe", "\\s") => ["John", "Doe"]
    split("a;b;c;;", ";") => ["a", "b", "c", "", ""]
    string join(["a", "b", null], ",") => "a,b"
    string join(["a", 1]) => null
    string(1.50) => "1.5"
    string(1e3) => "1000"
    string(null) => null
    string("a") => "a"
    string([1, "a", null, true]) => "[1, \"a\", null, true]"
    string({a: 1, "b c": "x"}) => "{a: 1, b c: \"x\"}"
    string([1..3)) => "[1..3)"
    string((< 3)) => "(< 3)"
    string(duration("P1D")) => "P1D"
    "\u4e2d\n\"x\"" => "中\n\"x\""
    number("1 000,50", " ", ",") => 1000.5
    number("1,000.50", ",", ".") => 1000.5
    number("abc") => null
    number("1.5") => 1.5
    number("1,5", ".", ".") => null
""")

LISTS = cases("""
    list contains([1, 2, null], null) => true
    list contains([1, 2], 3) => false
    count([1, 2, 3]) => 3
    count([]) => 0
    min([1, 2, 3]) => 1
    min(3, 1, 2) => 1
    min("b", "a") => "a"
    min([]) => null
    max(1, "a") => null
    max(date("2026-03-02"), date("2026-03-01")) => "2026-03-02"
    sum([1, 2, 3]) => 6
    sum(1, 2) => 3
    sum([]) => null
    sum([1, null]) => null
    sum([duration("PT1H"), duration("PT30M")]) => "PT1H30M"
    mean([1, 2, 3]) => 2
    product([2, 3, 4]) => 24
    median([8, 2, 5, 3, 4]) => 4
    median([6, 1, 2, 3]) => 2.5
    median([]) => null
    stddev(2, 4, 7, 5) => 2.0816659994661326
    stddev([47]) => null
    mode([6, 3, 9, 6, 6]) => [6]
    mode([6, 1, 9, 6, 1]) => [1, 6]
    mode([]) => []
    all([true, null]) => null
    all([true, false, null]) => false
    all([]) => true
    any([false, true]) => true
    any([]) => false
    sublist([4, 5, 6], 1, 2) => [4, 5]
    sublist([4, 5, 6], -1) => [6]
    sublist([4, 5, 6], 4) => null
    append([1], 2, 3) => [1, 2, 3]
    concatenate([1, 2], [3]) => [1, 2, 3]
    insert before([1, 3], 1, 2) => [2, 1, 3]
    remove([1, 2, 3], 2) => [1, 3]
    list replace([2, 4, 7, 8], 3, 6) => [2, 4, 6, 8]
    list replace([2, 4, 7, 8], function(item, newItem) item < newItem, 5) => [5, 5, 7, 8]
    reverse([1, 2, 3]) => [3, 2, 1]
    index of([1, 2, 3, 2], 2) => [2, 4]
    union([1, 2], [2, 3]) => [1, 2, 3]
    distinct values([1, 2, 3, 2, 1]) => [1, 2, 3]
    flatten([[1, 2], [[3]], 4]) => [1, 2, 3, 4]
    sort([3, 1, 4, 5, 2], function(x, y) x < y) => [1, 2, 3, 4, 5]
    sort([{n: "b"}, {n: "a"}], function(x, y) x.n < y.n)[1].n => "a"
    count(1) => 1
    upper case(["a"]) => "A"
    count() => null
    count(1, 2) => null
""")

NUMBERS = cases("""
    decimal(1/3, 2) => 0.33
    decimal(1.5, 0) => 2
    decimal(2.5, 0) => 2
    decimal(1234, -2) => 1200
    floor(1.5) => 1
    floor(-1.56, 1) => -1.6
    ceiling(1.5) => 2
    ceiling(-1.5) => -1
    round up(5.5, 0) => 6
    round down(-5.5, 0) => -5
    round half up(5.5, 0) => 6
    round half down(5.5, 0) => 5
    abs(-10) => 10
    abs(duration("-PT5H")) => "PT5H"
    modulo(12, 5) => 2
    modulo(-12, 5) => 3
    modulo(12, -5) => -3
    modulo(10.1, 4.5) => 1.1
    modulo(1, 0) => null
    sqrt(16) => 4
    sqrt(-3) => null
    log(10) => 2.302585092994046
    log(0) => null
    exp(5) => 148.4131591025766
    exp(100000) => null
    odd(5) => true
    even(5) => false
    odd(1.5) => null
""")

CONTEXTS = cases("""
    get value({a: 1}, "a") => 1
    get value({a: {b: 2}}, ["a", "b"]) => 2
    get entries({a: 1}) => [{"key": "a", "value": 1}]
    context([{key: "a", value: 1}, {key: "b", value: 2}]) => {"a": 1, "b": 2}
    context([{key: "a", value: 1}, {key: "a", value: 2}]) => null
    context put({x: 1}, "y", 2) => {"x": 1, "y": 2}
    context put({x: 1, y: {a: 0}}, ["y", "a"], 2) => {"x": 1, "y": {"a": 2}}
    context merge([{x: 1}, {x: 2, y: 3}]) => {"x": 2, "y": 3}
""")

INTERVALS = cases("""
    before(1, 10) => true
    before(10, 1) => false
    before([1..10), 10) => true
    before([1..10], 10) => false
    before([1..10], (10..15]) => true
    after(12, [2..5]) => true
    meets([1..5], [5..10]) => true
    meets([1..5[, [5..10]) => false
    met by([5..10], [1..5]) => true
    overlaps([5..10], [1..6]) => true
    overlaps((5..10], [1..5]) => false
    overlaps before([1..5], [4..10]) => true
    overlaps after([4..10], [1..5]) => true
    finishes(5, [1..5]) => true
    finishes([3..5], [1..5]) => true
    finished by([1..5], 5) => true
    includes([1..10], 5) => true
    includes([1..10], [4..6]) => true
    includes([1..10), 10) => false
    during(5, [1..10]) => true
    during([4..6], [1..10]) => true
    starts(1, [1..5]) => true
    started by([1..10], [1..5]) => true
    coincides([1..5], [1..5]) => true
    coincides([1..5], [1..6]) => false
    coincides(3, 3) => true
    before(1, "a") => null
    before(null, 1) => null
    range("[18..21)") => "[18..21)"
    range("nothing") => null
""")


@pytest.mark.parametrize(("text", "expected"), [*STRINGS, *LISTS, *NUMBERS, *CONTEXTS, *INTERVALS])
def test_builtin(text: str, expected: Any) -> None:
    result = value(text)
    assert result == expected
    assert isinstance(result, bool) == isinstance(expected, bool)
