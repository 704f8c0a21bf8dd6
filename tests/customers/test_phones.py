"""Phone numbers in the forms people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.customers.phones import Phone, national, normalise, numbers_in, reversed_digits, shown

MOBILE = "+8613800138000"
LANDLINE = "+8657188000101"


@pytest.mark.parametrize(
    "text",
    [
        "13800138000",
        "138 0013 8000",
        "138-0013-8000",
        "１３８００１３８０００",
        "+86 138 0013 8000",
        "(+86)13800138000",
        "0086-13800138000",
        "8613800138000",
        "013800138000",
        "17951 13800138000",
        "1795113800138000",
        "12593013800138000",
        "手机：13800138000",
        "13800138000（王先生）",
        "tel:13800138000",
        "138OO138OO0",
        "13800l38000",
        "一三八零零一三八零零零",
        "幺三八〇〇幺三八〇〇〇",
        "138—0013—8000",
    ],
)
def test_a_mobile_number(text: str) -> None:
    assert normalise(text) == MOBILE


@pytest.mark.parametrize(
    "text",
    [
        "057188000101",
        "0571-88000101",
        "(0571)88000101",
        "（０５７１）８８０００１０１",
        "0571 8800 0101",
        "+86 571 8800 0101",
        "+86-0571-88000101",
        "0086 571 88000101",
        "0571—88000101",
        "电话 0571-88000101",
        "0571-88000101转802",
        "0571-88000101-802",
        "0571-88000101 分机：802",
        "0571-88000101 ext. 802",
        "0571-88000101#802",
        "57188000101",
    ],
)
def test_a_landline_number(text: str) -> None:
    assert normalise(text) == LANDLINE


@pytest.mark.parametrize(
    "text",
    ["0571-88000101转802", "0571-88000101-802", "0571-88000101 分机：802", "0571-88000101ext802", "0571-88000101x802"],
)
def test_the_extension_is_kept_apart(text: str) -> None:
    assert numbers_in(text) == [Phone(LANDLINE, "802", "landline")]


@pytest.mark.parametrize(
    ("text", "number", "kind"),
    [
        ("95598", "95598", "short"),
        ("12345", "12345", "short"),
        ("110", "110", "short"),
        ("400-800-1234", "+864008001234", "service"),
        ("010-12345", "+861012345", "landline"),
        ("021-62000000", "+862162000000", "landline"),
        ("0571-95598", "+8657195598", "landline"),
        ("88000101", "88000101", "local"),
        ("8800101", "8800101", "local"),
        ("+852 2345 6789", "+85223456789", "foreign"),
        ("00852-23456789", "+85223456789", "foreign"),
        ("+1 650-253-0000", "+16502530000", "foreign"),
    ],
)
def test_other_numbers(text: str, number: str, kind: str) -> None:
    assert [(phone.number, phone.kind) for phone in numbers_in(text)] == [(number, kind)]


@pytest.mark.parametrize("text", ["", " ", "　"])
def test_nothing_stays_nothing(text: str) -> None:
    assert normalise(text) == ""


@pytest.mark.parametrize("text", ["无", "12", "1380013800", "13800138000138", "abc", "+", "()", "0000000", "同上"])
def test_no_number(text: str) -> None:
    assert normalise(text) is None


@pytest.mark.parametrize("sign", ["/", "、", ";", "，", " / ", " ", "或"])
def test_several_numbers(sign: str) -> None:
    text = f"13800138000{sign}0571-88000101"
    assert [phone.number for phone in numbers_in(text)] == [MOBILE, LANDLINE]
    assert normalise(text) is None


def test_how_numbers_are_shown_and_dialled() -> None:
    assert [shown(n) for n in (MOBILE, LANDLINE, "+861062000000", "95598", "+85223456789", "+864008001234")] == [
        "138 0013 8000",
        "0571-88000101",
        "010-62000000",
        "95598",
        "+85223456789",
        "4008001234",
    ]
    assert [national(n) for n in (MOBILE, LANDLINE, "95598")] == ["13800138000", "057188000101", "95598"]
    assert reversed_digits(MOBILE).startswith("0008")


@given(st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    number = normalise(text)
    if number:
        assert normalise(number) == number
        assert number.lstrip("+").isascii()
        assert number.lstrip("+").isdigit()
        assert len(number) <= 17


@given(
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.sampled_from(["", "+86", "0086", "86", "0", "+86 ", "86-", "(86)"]),
    st.sampled_from(["", " ", "-", "　", "—"]),
    st.booleans(),
)
def test_every_way_of_writing_a_mobile_is_one(digits: str, before: str, between: str, wide: bool) -> None:
    text = before + between.join((digits[:3], digits[3:7], digits[7:]))
    text = text.translate({ord(str(d)): chr(0xFF10 + d) for d in range(10)}) if wide else text
    assert normalise(text) == "+86" + digits
    assert national(normalise(text) or "") == digits
