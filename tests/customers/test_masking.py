"""What a masked value still tells."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.customers.masking import masked
from app.customers.page_rules import MASKS


@pytest.mark.parametrize(
    ("mask", "text", "shown"),
    [
        ("surname", "王芳", "王*"),
        ("surname", "欧阳小芳", "欧***"),
        ("surname", "王", "王*"),
        ("middle", "+8613800138000", "138****8000"),
        ("middle", "057188001234", "057*****1234"),
        ("middle", "8800123", "*******"),
        ("house", "解放路12号3单元502室", "解放路**号*单元***室"),
        ("house", "解放路１２号B座", "解放路**号*座"),
        ("house", "柳河镇二十三组", "柳河镇***组"),
        ("mailbox", "a.wang@example.com", "a***@example.com"),
        ("mailbox", "broken", "***"),
        ("all", "3301**********1234", "******"),
    ],
)
def test_masks(mask: str, text: str, shown: str) -> None:
    assert masked(text, mask) == shown


@given(mask=st.sampled_from(sorted(MASKS)), number=st.from_regex(r"\A1[3-9][0-9]{9}\Z"))
def test_a_phone_never_shows_whole(mask: str, number: str) -> None:
    assert number not in masked(number, mask)
    assert masked("", mask) == ""


@given(road=st.sampled_from(["解放路", "人民西路"]), house=st.integers(1, 9999), room=st.integers(1, 9999))
def test_no_door_is_told(road: str, house: int, room: int) -> None:
    shown = masked(f"{road}{house}号{room}室", "house")
    assert shown.startswith(road)
    assert not re.search(r"[0-9]", shown)
