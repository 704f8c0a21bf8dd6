"""Cases of the OMG's compatibility kit for FEEL (github.com/dmn-tck/tck, level 3), as a table.

Other than the kit asks, a context that names an entry twice is refused when it is read, and
instants are compared as such, however their zone is written; years reach from 1 to 9999,
clocks to the microsecond.
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

DATES_1115 = cases("""
    date("2012-12-25T") => null
    date("998-12-31") => null
    date("01211-12-31") => null
    date("+2012-12-02") => null
    date(2017,-8,2) => null
    date(1) => null
    date([]) => null
    date(null,2,1) => null
    date() => null
    date(date and time("2017-08-14T14:25:00.123456789")) => "2017-08-14"
    date(date and time("2017-09-03T09:45:30@Europe/Paris")) => "2017-09-03"
    date(date and time(date and time("2017-08-14T14:25:00"),time("10:50:00"))) => "2017-08-14"
    date(year:2017,month:08,day:30) => "2017-08-30"
    date(from:date and time("2017-08-30T10:25:00")) => "2017-08-30"
    date("2012T-12-2511:00:00Z") => null
    date("2012/12/25") => null
""")

TIMES_1116 = cases("""
    time(12,00,00,null) => "12:00:00"
    time(12,11,null,null) => null
    time(null,11,45,null) => null
    time("11:22:33.444") => "11:22:33.444"
    time("23:59:00z") => "23:59:00Z"
    time("13:20:00-05:00") => "13:20:00-05:00"
    time("11:22:33-00:00") => "11:22:33Z"
    time("11:22:33+00:00") => "11:22:33Z"
    string(time("00:01:00@Etc/UTC")) => "00:01:00@Etc/UTC"
    time(date and time("2017-08-10T10:20:00-00:00")) => "10:20:00Z"
    string(time(date and time("2017-09-04T11:20:00@Asia/Dhaka"))) => "11:20:00@Asia/Dhaka"
    time(11, 59, 45, duration("PT0H")) => "11:59:45Z"
    time(11, 59, 45, duration("-PT2H")) => "11:59:45-02:00"
    time(11, 59, 00, duration("PT2H1M0S")) => "11:59:00+02:01"
    string(time(11, 59, 45, duration("PT2H45M55S"))) => "11:59:45+02:45:55"
    string(time(11, 59, 45, duration("-PT2H45M55S"))) => "11:59:45-02:45:55"
    time(2017) => null
    time([]) => null
    time("") => null
    time(date("2017-08-10")) => "00:00:00Z"
    time("23:59:60") => null
    time("24:00:01") => null
    time("7:00:00") => null
    time("07:01:2") => null
    time("13:20:00@xyz/abc") => null
    time("13:20:00+19:00") => null
    time("13:20:00-19:00") => null
    time("13:20:00+5:00") => null
    time("13:20:00+02:00@Europe/Paris") => null
    time("07:2") => null
    time("11:30:00T") => null
    time("2017-08-10T10:20:00") => null
    time(24, 59, 45, null) => null
    time(-24, 59, 45, null) => null
    time(23, 59, 60, null) => null
    time(hour:11, minute:59, second:0, offset: duration("-PT2H")) => "11:59:00-02:00"
""")

INSTANTS_1117 = cases("""
    date and time("2012-12-24") => "2012-12-24T00:00:00"
    date and time("2017-12-31T11:22:33.345") => "2017-12-31T11:22:33.345"
    date and time("2017-12-31T11:22:33.567Z") => "2017-12-31T11:22:33.567Z"
    date and time("2017-12-31T11:22:33-01:35") => "2017-12-31T11:22:33-01:35"
    string(date and time("2011-12-31T10:15:30.987@Europe/Paris")) => "2011-12-31T10:15:30.987@Europe/Paris"
    date and time(date("2017-01-01"),time("23:59:01+02:00")) => "2017-01-01T23:59:01+02:00"
    string(date and time(date("2017-01-01"),time("23:59:01@Europe/Paris"))) => "2017-01-01T23:59:01@Europe/Paris"
    date and time(date and time("2017-08-10T10:20:00+02:00"),time("23:59:01")) => "2017-08-10T23:59:01"
    date and time(date and time("2017-09-05T10:20:00-01:00"),time("09:15:30Z")) => "2017-09-05T09:15:30Z"
    date and time(2017) => null
    date and time([]) => null
    date and time("11:00:00") => null
    date and time("2011-12-0310:15:30") => null
    date and time("2011-12-03T10:15:30+01:00@Europe/Paris") => null
    date and time("2017-13-10T11:22:33") => null
    date and time("2017-13-0T11:22:33") => null
    date and time("998-12-31T11:22:33") => null
    date and time("01211-12-31T11:22:33") => null
    date and time("2017-12-31T24:00:01") => null
    date and time("2017-12-31T25:00:00") => null
    date and time("2017-12-31T7:00:00") => null
    date and time("2017-12-31T13:20:00@xyz/abc") => null
    date and time("2017-12-31T13:20:00-19:00") => null
    date and time("2017-12-31T13:20:00+05:0") => null
    date and time("2017-12-31T7:20") => null
    date and time(date("2017-08-10"),null) => null
    date and time(from:"2012-12-24T23:59:00") => "2012-12-24T23:59:00"
""")

DURATIONS_1120 = cases("""
    duration(null) => null
    duration("PT0.999S") => "PT0.999S"
    duration("PT0.000S") => "PT0S"
    duration("PT0.S") => "PT0S"
    duration("P0D") => "PT0S"
    duration("-PT1H2M") => "-PT1H2M"
    duration("PT1000M") => "PT16H40M"
    duration("PT240H") => "P10D"
    duration("P2DT274M") => "P2DT4H34M"
    duration("P0Y") => "P0M"
    duration("P26M") => "P2Y2M"
    duration("-P100M") => "-P8Y4M"
    duration("P999999999M") => "P83333333Y3M"
    duration("-P99999999Y") => "-P99999999Y"
    duration(from:"PT24H") => "P1D"
    duration("") => null
    duration(2017) => null
    duration("P") => null
    duration("P0") => null
    duration("1Y") => null
    duration("P1H") => null
    duration("P1S") => null
    duration("P-1Y") => null
""")

MONTHS_1121 = cases("""
    years and months duration(date("2017-08-11"),null) => null
    years and months duration(date("2011-12-22"),date("2013-08-24")) => "P1Y8M"
    years and months duration(date("2013-08-24"),date("2011-12-22")) => "-P1Y8M"
    years and months duration(date("2016-01-01"),date("2016-01-01")) => "P0M"
    years and months duration(date and time("2017-12-31T13:00:00"), date and time("2017-12-31T12:00:00")) => "P0M"
    years and months duration(date and time("2016-09-30T23:25:00"), date and time("2017-12-28T12:12:12")) => "P1Y2M"
    years and months duration(date and time("2010-05-30T03:55:58"), date and time("2017-12-15T00:59:59")) => "P7Y6M"
    years and months duration(date and time("2014-12-31T23:59:59"), date and time("2019-10-01T12:32:59")) => "P4Y9M"
    years and months duration(date and time("2017-09-05T10:20:00+05:00"), date and time("2019-10-01T12:32:59")) => "P2Y"
    years and months duration(date and time("2016-08-25T15:20:59+02:00"), date and time("2017-08-10T10:20:00@Europe/Paris")) => "P11M"
    years and months duration(date and time("2011-12-31T10:15:30@Etc/UTC"), date and time("2017-08-10T10:20:00@Europe/Paris")) => "P5Y7M"
    years and months duration(date and time("2017-09-05T10:20:00@Etc/UTC"), date and time("2018-10-01T23:59:59")) => "P1Y"
    years and months duration(date and time("2011-08-25T15:59:59@Europe/Paris"), date and time("2015-08-25T15:20:59+02:00")) => "P4Y"
    years and months duration(date(""),date("")) => null
    years and months duration(2017) => null
    years and months duration([],[]) => null
    years and months duration(date("2013-08-24"), date and time("2017-12-15T00:59:59")) => "P4Y3M"
    years and months duration(date and time("2017-02-28T23:59:59"), date("2019-07-23") ) => "P2Y4M"
    years and months duration(from:date and time("2014-12-31T23:59:59"),to:date and time("2016-12-31T00:00:01")) => "P2Y"
    years and months duration(from:date("2016-01-21"),to:date("2015-01-21")) => "-P1Y"
""")  # noqa: E501 - a case is a line

TEMPORAL = [*DATES_1115, *TIMES_1116, *INSTANTS_1117, *DURATIONS_1120, *MONTHS_1121]


@pytest.mark.parametrize(
    ("text", "expected"), [*CONTEXTS_0057, *EQUALITY_0068, *INSTANCES_0070, *MEMBERS_0072, *TEMPORAL], ids=str
)
def test_kit(text: str, expected: Any) -> None:
    result = value(text)
    assert result == expected
    assert isinstance(result, bool) == isinstance(expected, bool)
