"""Taking a person out of texts, in the ways people write names, numbers and places."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.workorders.redaction import without

CLEAN = without(
    names=["钟离秀兰", "王芳"],
    numbers=["+8613877665544", "3301040000", "zl@example.com"],
    places=["光明省临江市青山县解放路 12 号 3 单元"],
)


@pytest.mark.parametrize(
    "text",
    [
        "钟离秀兰",
        "钟离女士",
        "王某",
        "王师傅",
        "13877665544",
        "138 7766 5544",
        "1387766 5544",
        "138-7766-5544",
        "+86 138 7766 5544",
        "3301 0400 00",
        "ZL@example.com",
        "解放路12号3单元",
        "解放路 12 号 3 单元",
    ],
)
def test_every_way_of_writing_is_starred(text: str) -> None:
    assert CLEAN(f"客户{text}反映") == "客户＊＊＊反映"


@pytest.mark.parametrize("text", ["王府井大街停电", "138 元", "解放路停电", "芳草", "2026-11-23 12:00", "钟离"])
def test_other_words_stay(text: str) -> None:
    assert CLEAN(text) == text


def test_without_a_person_nothing_changes() -> None:
    assert without(names=["", "王"], numbers=[""], places=[" "])("王女士，1号") == "王女士，1号"


@given(st.text(alphabet="0123456789", min_size=11, max_size=11), st.lists(st.sampled_from(["", " ", "-"]), min_size=10))
def test_no_grouping_hides_a_number(number: str, gaps: list[str]) -> None:
    written = number[0] + "".join(gap + digit for gap, digit in zip(gaps, number[1:], strict=False))
    assert without(names=[], numbers=[number], places=[])(f"电话{written}。") == "电话＊＊＊。"
