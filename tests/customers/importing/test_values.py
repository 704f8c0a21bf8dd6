"""From cells to values, in every form people write them."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.customers.importing.reading import Value
from app.customers.importing.values import Bad, is_blank, to_date, to_number, to_period, to_text, to_truth, unit_in

DAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    "text",
    [
        "2026-3-2",
        "2026-03-02",
        "2026/3/2",
        "2026.03.02",
        "2026年3月2日",
        "2026年03月02号",
        "20260302",
        "２０２６－３－２",
        " 2026-03-02 00:00:00",
        "2026-03-02T08:15:00+08:00",
        "20260302081500",
        "二〇二六年三月二日",
        "46083",
        Decimal(46083),
        Decimal(20260302),
    ],
)
def test_a_day_in_every_form(text: Value) -> None:
    assert to_date(text) == DAY


@pytest.mark.parametrize(
    ("text", "code"),
    [("3/2/2026", "ambiguous_date"), ("2026-02-30", "no_such_day"), ("昨天", "no_date"), ("26-3-2", "no_date")],
)
def test_a_day_that_cannot_be_known_is_refused(text: str, code: str) -> None:
    with pytest.raises(Bad) as refused:
        to_date(text)
    assert refused.value.code == code


def test_a_profile_may_say_the_order_of_day_and_month() -> None:
    assert to_date("3/2/2026", order="mdy") == DAY
    assert to_date("2.3.2026", order="dmy") == DAY


@given(st.dates(date(1900, 3, 1), date(2199, 12, 31)))
def test_every_way_of_writing_a_day_means_it(day: date) -> None:
    forms = (f"{day:%Y-%m-%d}", f"{day.year}/{day.month}/{day.day}", f"{day.year}年{day.month}月{day.day}日")
    assert {to_date(form) for form in (*forms, f"{day:%Y%m%d}")} == {day}


@pytest.mark.parametrize(
    "text", ["202603", "2026-3", "2026年3月", "2026/03", "2026年3月份", "2026-03-31", Decimal(202603)]
)
def test_a_month_in_every_form(text: Value) -> None:
    assert to_period(text) == "202603"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,234.50", "1234.50"),
        ("1 234 567", "1234567"),
        ("１２３．５", "123.5"),
        ("（12.00）", "-12"),
        ("−7", "-7"),
        ("7-", "-7"),
        ("+3", "3"),
        ("1.5e3", "1500"),
        (".5", "0.5"),
    ],
)
def test_a_number_in_every_form(text: str, number: str) -> None:
    assert to_number(text) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "dimension", "number"),
    [
        ("12 万kWh", "energy", "120000"),
        ("3.2万千瓦时", "energy", "32000"),
        ("5度", "energy", "5"),
        ("1.5MWh", "energy", "1500"),
        ("￥3.50元", "money", "3.50"),
        ("2万元", "money", "20000"),
        ("400W", "power", "0.4"),
        ("1.25MVA", "capacity", "1250"),
    ],
)
def test_a_unit_behind_the_number_counts(text: str, dimension: str, number: str) -> None:
    assert to_number(text, dimension=dimension) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("12,5", "comma_number"),
        ("1,23,456", "no_number"),
        ("abc", "no_number"),
        ("--5", "no_number"),
        ("1.2.3", "no_number"),
        ("9" * 60, "no_number"),
        ("Infinity", "no_number"),
        ("5 kg", "unknown_unit"),
        ("0.1234", "too_precise"),
    ],
)
def test_what_is_no_number_is_refused(text: str, code: str) -> None:
    with pytest.raises(Bad) as refused:
        to_number(text, dimension="energy", places=3)
    assert refused.value.code == code


@given(st.decimals(-(10**12), 10**12, places=2))
def test_a_number_with_thousands_separators_is_itself(number: Decimal) -> None:
    assert to_number(f"{number:,}") == number
    assert to_number(f"{number:,}".translate(str.maketrans("0123456789", "０１２３４５６７８９"))) == number


@given(st.text(max_size=40))
def test_no_text_ends_in_anything_but_a_number_or_a_refusal(text: str) -> None:
    for convert in (to_number, to_date, to_period, to_truth):
        with suppress(Bad):
            assert convert(text) is not None


@pytest.mark.parametrize("text", ['="0012"', "'0012", " ００１２ ", "00 12"])
def test_a_code_loses_what_a_spreadsheet_put_around_it(text: str) -> None:
    assert to_text(text, code=True) == "0012"


def test_a_code_that_became_a_number_gets_its_zeros_back_where_the_profile_says() -> None:
    assert to_text(Decimal(12), code=True, pad=6) == "000012"
    with pytest.raises(Bad, match="scientific"):
        to_text("3.30E+11", code=True)


@pytest.mark.parametrize("text", ["", "  ", "-", "—", "Ｎ/Ａ", "无", "NULL", None])
def test_words_for_nothing_are_nothing(text: Value) -> None:
    assert is_blank(text)


def test_nought_is_something() -> None:
    assert not is_blank("0")
    assert not is_blank(Decimal(0))


def test_units_are_found_in_headers() -> None:
    assert unit_in("电量（万kWh）", "energy") == "万kWh"
    assert unit_in("容量/kVA", "capacity") == "kVA"
    assert unit_in("电量(备注)", "energy") == ""
