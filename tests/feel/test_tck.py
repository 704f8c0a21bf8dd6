"""Cases of the OMG's compatibility kit for FEEL (github.com/dmn-tck/tck, level 3), as a table.

Other than the kit asks, a context that names an entry twice is refused when it is read, and
instants are compared as such, however their zone is written.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.feel.tables import cases, value

CONTEXTS_0057 = cases("""
    {a: "foo", b: {c: "bar", d: {e: "baz"}}} => {"a": "foo", "b": {"c": "bar", "d": {"e": "baz"}}}
    {a: 1 + 2, b: a + 3} => {"a": 3, "b": 6}
    {a: 1 + 2, b: 3, c: {d: a + b}} => {"a": 3, "b": 3, "c": {"d": 6}}
    {foo bar: "foo"} => {"foo bar": "foo"}
    {foo+bar: "foo"} => {"foo+bar": "foo"}
    {"foo+bar((!!],foo": "foo"} => {"foo+bar((!!],foo": "foo"}
    {"": "foo"} => {"": "foo"}
    { a: 1 }.b => null
""")

EQUALITY_0068 = cases("""
    null != null => false
    true != true => false
    false != false => false
    true = null => false
    false = 0 => null
    true = 1 => null
    0 = 0.00 => true
    -0 = 0 => true
    100 = null => false
    100 = "100" => null
    "foo" = "Foo" => false
    "foo" != "Foo" => true
    "foo" = 100 => null
    [1,1,1] = [1,1,1,1] => false
    [] = [] => true
    true[1] = true => true
    date("2018-12-08")[1] = date("2018-12-08") => true
    time("10:30:12")[1] = time("10:30:12") => true
    date and time("2018-12-08")[1] = date and time("2018-12-08") => true
    duration("P1D")[1] = duration("P1D") => true
    {a: "foo"}[1] = {a: "foo"} => true
    [] = null => false
    [] = 0 => null
    {} = {} => true
    {foo: "bar", bar: "baz"} = {bar: "baz", foo: "bar"} => true
    {foo: "bar"} = {"foo": "bar"} => true
    {} = null => false
    {} = [] => null
    date("2018-12-07") = 100 => null
    time("10:30:00") = time("10:30:01") => false
    time("10:30:00.0000") = time("10:30:00") => true
    time("10:30:00.0001") = time("10:30:00.0002") => false
    time("10:30:00@Europe/Paris") = time("10:30:00@Europe/Paris") => true
    time("10:30:00@Europe/Paris") = time("10:30:00") => false
    time("10:30:00@Europe/Paris") = time("10:30:00@Asia/Dhaka") => false
    time("10:30:00Z") = time("10:30:00+00:00") => true
    time("10:30:00") = null => false
    time("10:30:00") = 100 => null
    date and time("2018-12-08") = date and time("2018-12-08T00:00:00") => true
    date and time("2018-12-08T00:00:00.0001") = date and time("2018-12-08T00:00:00.0001") => true
    date and time("2018-12-08T00:00:00@Europe/Paris") = date and time("2018-12-08T00:00:00@Europe/Paris") => true
    date and time("2018-12-08T00:00:00@Europe/Paris") = date and time("2018-12-08T00:00:00@Asia/Dhaka") => false
    date and time("2018-12-08T00:00:00") = date and time("2018-12-08T00:00:00@Asia/Dhaka") => false
    date and time("2018-12-08T00:00:00+02:00") = date and time("2018-12-08T00:00:00@Europe/Paris") => false
    date and time("2018-12-08T00:00:00") = 100 => null
    duration("P1D") = duration("PT24H") => true
    duration("P1D") = duration("-P1D") => false
    duration("P0D") = duration("-P0D") => true
    duration("P0D") = 0 => null
    duration("P1Y") = duration("P12M") => true
    duration("P0Y") = duration("-P0Y") => true
    duration("P1Y") = duration("P365D") => null
    duration("P0Y") = null => false
    [1,2,{a: [3,4]}] = [1,2,{a: [3,4]}] => true
    [1,2,[3, 4]] = [1,2,[4, 3]] => false
    [1,2,{a: [3,4]}] = [1,2,{a: [3,4], b: "foo"}] => false
""")

INSTANCES_0070 = cases("""
    null instance of Any => false
    null instance of date and time => false
    null instance of list<Any> => false
    null instance of years and months duration => false
    null instance of function<> -> Any => false
    123.01 instance of Any => true
    123.01 instance of days and time duration => false
    123.01 instance of function<>->Any => false
    "foo" instance of list<Any> => false
    date("2018-12-08") instance of date => true
    date("2018-12-08") instance of date and time => false
    time("10:30:00") instance of time => true
""")

MEMBERS_0072 = cases("""
    1 in [2,3,1] => true
    1 in [[2..4], [1..3]] => true
    5 in [[2..4], [1..3]] => false
    10 in <= 10 => true
    11 in <= 10 => false
    10 in > 10 => false
    2 in (2..4) => false
    4 in (2..4] => true
    4 in [2..4) => false
    1 in 1 => true
    1 in 2 => false
    10 in (1, < 5, >=10) => true
    10 in (1, 5, 9) => false
    "b" in [["f".."h"], ["a".."c"]] => true
    "c" in <= "b" => false
    "b" in ("b".."d"] => false
    "d" in ("b".."d"] => true
    "a" in "a" => true
""")


@pytest.mark.parametrize(
    ("text", "expected"), [*CONTEXTS_0057, *EQUALITY_0068, *INSTANCES_0070, *MEMBERS_0072], ids=str
)
def test_kit(text: str, expected: Any) -> None:
    result = value(text)
    assert result == expected
    assert isinstance(result, bool) == isinstance(expected, bool)
