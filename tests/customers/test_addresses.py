"""One key for every way of writing a place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.customers.addresses import key, number

DIGITS = "零一二三四五六七八九"


@pytest.mark.parametrize(
    "text",
    [
        "阳光花园3栋2单元501室",
        "阳光花园3幢2单元501",
        "阳光花园３号楼二单元５０１室",
        "阳光花园 三号楼 二单元 五〇一室",
        "阳光花园第3栋第2单元501室",
        "阳光花园3-2-501",
        "阳光花园 3 栋 二 单元 501 室",
        "阳光花园3#楼2单元501",
        "阳光花园，3栋，2单元，501室。",
        "阳光花园03栋02单元0501室",
        "阳光花园3／2／501",
    ],
)
def test_one_home(text: str) -> None:
    assert key(text) == "阳光花园3-2-501"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("解放路12号3单元", "解放路12-3"),
        ("解放路十二号三单元", "解放路12-3"),
        ("五一路8号", "五一路8"),
        ("建国二路", "建国二路"),
        ("三里亭一区", "三里亭一区"),
        ("A座1203", "a1203"),
        ("科技大厦Ａ座－1203室", "科技大厦a1203"),
        ("柳河镇杨家村二组15号", "柳河镇杨家村2-15"),
        ("一百二十三弄45号", "123-45"),
        ("", ""),
        ("---", ""),
    ],
)
def test_other_places(text: str, expected: str) -> None:
    assert key(text) == expected


@pytest.mark.parametrize(
    ("numeral", "value"),
    [("十", 10), ("十二", 12), ("二十", 20), ("一百零三", 103), ("一二〇三", 1203), ("两千三百", 2300), ("廿五", 25)],
)
def test_numerals(numeral: str, value: int) -> None:
    assert number(numeral) == value


@given(st.text(max_size=80))
def test_a_key_is_its_own_key(text: str) -> None:
    once = key(text)
    assert key(once) == once
    assert not set(once) & set(" \t\n　")


@given(st.integers(1, 9), st.integers(1, 9), st.integers(1, 9999), st.sampled_from(["栋", "幢", "号楼", "#"]))
def test_words_and_digits_make_no_difference(house: int, door: int, room: int, word: str) -> None:
    written = f"滨湖苑{DIGITS[house]}{word if word != '#' else '栋'}{DIGITS[door]}单元{room}室"
    digits = f"滨湖苑{house}{word} {door}单元-{room}"
    assert key(written) == key(digits) == f"滨湖苑{house}-{door}-{room}"
