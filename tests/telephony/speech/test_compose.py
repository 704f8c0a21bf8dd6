"""Speech of numbers against a table of what is heard, and read back by an independent reader."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from app.telephony.speech import KINDS, LANGUAGES, CannotSay, compose, recordings

CASES = yaml.safe_load((Path(__file__).parent / "cases.yaml").read_text(encoding="utf-8"))
TABLE = [(kind, value, zh, en) for kind, rows in CASES.items() for value, zh, en in rows]

whole = st.one_of(st.integers(0, 10**16 - 1), st.integers(0, 10**6), st.sampled_from([10**n for n in range(16)]))


def heard(kind: str, value: Any, language: str = "zh") -> str:
    words = recordings(language)
    return ("" if language == "zh" else " ").join(words[name] or "|" for name in compose(kind, value, language))


def test_the_table_is_large() -> None:
    assert len(TABLE) >= 150
    assert set(CASES) == KINDS


@pytest.mark.parametrize(("kind", "value", "zh", "en"), TABLE, ids=[f"{k}-{v}" for k, v, *_ in TABLE])
def test_what_is_heard(kind: str, value: Any, zh: str, en: str) -> None:
    assert heard(kind, value) == zh
    assert heard(kind, value, "en") == en


DIGITS = {character: n for n, character in enumerate("零一二三四五六七八九")} | {"两": 2, "幺": 1}
UNITS = {"十": 10, "百": 100, "千": 1000}


def read_chinese(text: str) -> int:
    """A whole number back from its characters, by summing what stands before 亿, 万 and the smaller units."""
    for size, sign in ((10**8, "亿"), (10**4, "万")):
        if sign in text:
            high, _, low = text.rpartition(sign)
            return read_chinese(high) * size + (read_chinese(low) if low else 0)
    total, digit = 0, 0
    for character in text:
        if character in UNITS:
            total += (digit or 1) * UNITS[character]
            digit = 0
        else:
            digit = DIGITS[character]
    return total + digit


SMALL = {name: int(number.removeprefix("number/")) for number, name in recordings("en").items() if number[:4] == "numb"}
SCALES = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}


def read_english(text: str) -> int:
    total, part = 0, 0
    for word in text.split():
        if word == "hundred":
            part *= 100
        elif word in SCALES:
            total += part * SCALES[word]
            part = 0
        else:
            part += SMALL[word]
    return total + part


@given(whole)
def test_numbers_read_back(value: int) -> None:
    assert read_chinese(heard("number", value)) == value
    said = heard("number", value, "en")
    if "trillion" not in said or value < 10**15:
        assert read_english(said) == value


@given(whole)
def test_noughts_and_twos_stand_where_they_belong(value: int) -> None:
    said = heard("number", value)
    assert "零零" not in said
    assert value == 0 or not said.endswith("零")
    assert not said.startswith("一十")
    assert "两" not in said[1:]
    assert said[:2] not in {"二千", "二万", "二亿"}
    assert not {"两百", "两十"} & {said[at : at + 2] for at in range(len(said))}


@given(st.integers(-(10**12), 10**12))
def test_money_reads_back(cents: int) -> None:
    said = heard("money", Decimal(cents) / 100)
    sign = -1 if said.startswith("负") else 1
    yuan, found, rest = said.removeprefix("负").rpartition("元")
    value = read_chinese(yuan) * 100 if found else 0
    rest = rest.removesuffix("整")
    if "角" in rest:
        jiao, _, rest = rest.partition("角")
        value += DIGITS[jiao] * 10
    if rest:
        assert rest.endswith("分")
        value += DIGITS[rest[-2]]
    assert sign * value == cents


@given(st.dates(date(1000, 1, 1)))
def test_dates_read_back(day: date) -> None:
    said = heard("date", day.isoformat())
    year, _, rest = said.partition("年")
    month, _, number = rest.partition("月")
    assert "".join(str(DIGITS[each]) for each in year) == str(day.year)
    assert (read_chinese(month), read_chinese(number.removesuffix("日"))) == (day.month, day.day)


@given(st.integers(0, 23), st.integers(0, 59))
def test_times_read_back(hour: int, minute: int) -> None:
    first, _, rest = heard("time", f"{hour:02d}:{minute:02d}").partition("点")
    assert read_chinese(first) == hour
    assert (0 if rest == "整" else read_chinese(rest.removesuffix("分"))) == minute


@given(st.integers(0, 60 * 24 * 1000))
def test_spans_read_back(minutes: int) -> None:
    said, total = heard("duration", timedelta(minutes=minutes)), 0
    for unit, size in (("天", 1440), ("小时", 60), ("分钟", 1)):
        if unit in said:
            amount, _, said = said.partition(unit)
            total += read_chinese(amount) * size
    assert (total, said) == (minutes, "")


@given(st.text("0123456789", min_size=1, max_size=20))
def test_telephone_and_account_numbers_lose_no_digit(number: str) -> None:
    for kind in ("digits", "account"):
        said = heard(kind, number).replace("|", "")
        assert "".join(str(DIGITS[each]) for each in said) == number
    spoken = heard("phone", number).replace("|", "")
    assert number.endswith("".join(str(DIGITS[each]) for each in spoken))
    assert "一" not in heard("phone", number)


@given(st.sampled_from(sorted(KINDS)), st.sampled_from(sorted(LANGUAGES)), st.one_of(whole, st.text(max_size=70)))
def test_every_name_is_a_recording(kind: str, language: str, value: Any) -> None:
    """Whatever comes, what is played exists, or the value is refused by name."""
    try:
        names = compose(kind, value, language)
    except CannotSay:
        return
    assert names
    assert set(names) <= set(recordings(language))


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("number", "NaN"),
        ("number", "inf"),
        ("number", "ten"),
        ("number", True),
        ("number", None),
        ("number", 10**16),
        ("number", "1e999999"),
        ("number", "9" * 61),
        ("money", "12,50"),
        ("digits", ""),
        ("digits", "1" * 41),
        ("digits", "1;2"),
        ("digits", "１２"),
        ("phone", "12a4"),
        ("date", "2026-13"),
        ("date", "2026-02-30"),
        ("date", "0000-01"),
        ("time", "25:00"),
        ("datetime", "soon"),
        ("duration", -1),
        ("duration", "P"),
        ("duration", "PT"),
        ("duration", 10**12),
        ("colour", 1),
    ],
)
def test_refused(kind: str, value: Any) -> None:
    with pytest.raises(CannotSay):
        compose(kind, value, "zh")


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(CannotSay):
        compose("number", 1, "fr")


def test_each_recording_is_used() -> None:
    """No recording that nothing plays: the catalogue is what must be recorded in a studio."""
    used: dict[str, set[str]] = {language: set() for language in LANGUAGES}
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    samples = [(kind, value) for kind, value, *_ in TABLE]
    samples += [("digits", letters), ("number", 1234567890123456), ("number", "-30405060708090.1"), ("number", 1213)]
    samples += [("number", 14151617181920), ("digits", "0123456789")]
    samples += [("number", n) for n in range(100)]
    samples += [("date", f"2026-{month:02d}-28") for month in range(1, 13)]
    samples += [("date", f"2026-01-{day:02d}") for day in range(1, 32)]
    for kind, value in samples:
        for language in LANGUAGES:
            used[language] |= set(compose(kind, value, language))
    assert {language: set(recordings(language)) - used[language] for language in LANGUAGES} == {
        "zh": set(),
        "en": set(),
    }
