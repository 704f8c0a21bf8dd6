"""Dates, times, durations and their arithmetic."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import feel
from app.feel.values import temporal
from tests.feel.tables import cases, value

CASES = cases("""
    date("2026-03-02") => "2026-03-02"
    date("2026-02-30") => null
    date("26-3-2") => null
    date(2026, 3, 2) => "2026-03-02"
    date(2026, 3.5, 2) => null
    date(date and time("2026-03-02T09:00:00")) => "2026-03-02"
    time("09:30:00") => "09:30:00"
    time("09:30:00Z") => "09:30:00Z"
    time("09:30:00+08:00") => "09:30:00+08:00"
    time("25:00:00") => null
    time(9, 30, 0) => "09:30:00"
    time(9, 30, 0, duration("PT8H")) => "09:30:00+08:00"
    date and time("2026-03-02T09:00:00+08:00") => "2026-03-02T09:00:00+08:00"
    date and time("2026-03-02T09:00:00@Asia/Shanghai") => "2026-03-02T09:00:00@Asia/Shanghai"
    date and time("2026-03-02") => "2026-03-02T00:00:00"
    date and time(date("2026-03-02"), time("09:00:00")) => "2026-03-02T09:00:00"
    @"2026-03-02" => "2026-03-02"
    @"PT45M" => "PT45M"
    @"nothing" => null
    duration("P1DT2H3M4.5S") => "P1DT2H3M4.5S"
    duration("-PT90M") => "-PT1H30M"
    duration("P14M") => "P1Y2M"
    duration("P1Y1D") => null
    duration("P") => null
    duration("PT") => null
    duration("PT0S") => "PT0S"
    date("2026-01-31") + duration("P1M") => "2026-02-28"
    date("2024-02-29") + duration("P1Y") => "2025-02-28"
    date("2026-03-02") - duration("P3M") => "2025-12-02"
    date("2026-03-02") + duration("PT25H") => "2026-03-03"
    date("9999-12-31") + duration("P1D") => null
    date("2026-03-02") - date("2026-02-28") => "P2D"
    date and time("2026-03-02T09:00:00") + duration("PT45M") => "2026-03-02T09:45:00"
    date and time("2026-03-02T09:00:00+08:00") - date and time("2026-03-02T00:00:00Z") => "PT1H"
    date and time("2026-03-02T09:00:00+08:00") - date and time("2026-03-02T00:00:00") => null
    date and time("2026-03-29T01:30:00@Europe/Berlin") + duration("PT1H") => "2026-03-29T03:30:00@Europe/Berlin"
    time("23:30:00") + duration("PT45M") => "00:15:00"
    time("10:00:00") - time("09:15:00") => "PT45M"
    duration("PT1H") + duration("PT30M") => "PT1H30M"
    duration("P1Y") - duration("P1M") => "P11M"
    duration("PT1H") * 2 => "PT2H"
    2 * duration("P1M") => "P2M"
    duration("PT1H") / 2 => "PT30M"
    duration("P1D") / duration("PT1H") => 24
    -duration("PT1H") => "-PT1H"
    duration("PT1H") + duration("P1M") => null
    years and months duration(date("2011-12-22"), date("2013-08-24")) => "P1Y8M"
    years and months duration(date("2013-08-24"), date("2011-12-22")) => "-P1Y8M"
    date("2026-03-02").weekday => 1
    date and time("2026-03-02T09:10:11Z").hour => 9
    time("09:00:00+08:00").time offset => "PT8H"
    date and time("2026-03-02T09:00:00@Asia/Shanghai").timezone => "Asia/Shanghai"
    duration("-P1DT2H").days => -1
    duration("-P1DT2H").hours => -2
    duration("P1Y2M").months => 2
    day of week(date("2026-03-02")) => "Monday"
    day of year(date("2026-03-02")) => 61
    month of year(date("2026-03-02")) => "March"
    week of year(date("2026-03-02")) => 10
    is(time("09:00:00Z"), time("09:00:00+00:00")) => true
    is(date("2026-03-02"), "2026-03-02") => false
""")


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_temporal(text: str, expected: Any) -> None:
    assert value(text) == expected


def test_the_present_is_given() -> None:
    at = datetime(2026, 3, 2, 1, tzinfo=UTC)
    assert feel.to_json(feel.expression("now()").evaluate(now=at)) == "2026-03-02T01:00:00Z"
    assert feel.to_json(feel.expression("today()").evaluate(now=at)) == "2026-03-02"
    assert feel.expression("now()").evaluate() is None


@given(st.timedeltas())
def test_a_duration_is_read_as_it_is_written(length: Any) -> None:
    assert temporal.parse_duration(temporal.write_days(length)) == length


@given(st.integers(-120_000, 120_000).filter(bool))
def test_months_are_read_as_they_are_written(months: int) -> None:
    assert temporal.parse_duration(temporal.write_months(feel.Months(months))) == feel.Months(months)


@given(st.datetimes(timezones=st.just(UTC)))
def test_an_instant_is_read_as_it_is_written(at: datetime) -> None:
    assert temporal.parse_date_time(temporal.write_date_time(at)) == at


@given(st.dates(), st.integers(-50, 50))
def test_months_there_and_back_stay_within_the_month(day: Any, months: int) -> None:
    there = feel.expression("d + m").evaluate({"d": day, "m": feel.Months(months)})
    back = feel.expression("d - m").evaluate({"d": there, "m": feel.Months(months)})
    if there is not None and back is not None:
        assert (back.year, back.month) == (day.year, day.month)
        assert back.day <= day.day


@given(st.datetimes(timezones=st.just(UTC)), st.timedeltas())
def test_what_is_added_is_the_difference(at: datetime, length: Any) -> None:
    moved = feel.expression("t + d").evaluate({"t": at, "d": length})
    if moved is not None:
        assert feel.expression("b - a").evaluate({"a": at, "b": moved}) == length
