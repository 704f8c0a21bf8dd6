"""Reports that become orders, and those that do not; phones, addresses, duplicates."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.customers.phones import normalise
from app.kernel.errors import Forbidden
from app.workorders.normal import normal_address
from app.workorders.operations import InvalidReport
from app.workorders.queries import possible_duplicates
from tests.workorders.house import House


@pytest.mark.parametrize(
    ("given_as", "kept"),
    [
        ("13800138000", "+8613800138000"),
        ("138 0013 8000", "+8613800138000"),
        ("+86 138-0013-8000", "+8613800138000"),
        ("0571-88000101", "+8657188000101"),
        ("", ""),
        ("abc", None),
        ("12", None),
    ],
)
def test_phones(given_as: str, kept: str | None) -> None:
    assert normalise(given_as) == kept


@given(st.text(max_size=60))
def test_any_text_is_a_phone_or_none_and_an_address_settles(words: str) -> None:
    kept = normalise(words)
    assert kept is None or normalise(kept) == kept
    assert normal_address(normal_address(words)) == normal_address(words)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"address": " "}, "address"),
        ({"description": ""}, "description"),
        ({"phone": "", "account_no": ""}, "phone"),
        ({"phone": "abc"}, "phone"),
        ({"unit": "NOWHERE"}, "unit"),
        ({"category": "reminder", "sub_type": ""}, "category"),
        ({"category": "application", "sub_type": ""}, "sub_type"),
        ({"category": "inquiry", "sub_type": "", "secrecy": "anonymous"}, "secrecy"),
        ({"category": "complaint", "sub_type": "complaint_service", "item": "outage_late"}, "item"),
        ({"category": "complaint", "sub_type": "complaint_service", "solution": "已解释"}, "solution"),
        ({"category": "poetry", "sub_type": ""}, "category"),
        ({"sub_type": "reconnection"}, "sub_type"),
        ({"mood": "sleepy"}, "mood"),
        ({"contact_name": "王" * 81}, "contact_name"),
        ({"area": "moon"}, "area"),
    ],
)
def test_a_bad_report_says_which_field(house: House, changes: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidReport) as refused:
        house.accept(**changes)
    assert field in refused.value.details["errors"]


def test_times_must_make_sense(house: House) -> None:
    later, earlier = house.now + timedelta(hours=1), house.now - timedelta(hours=1)
    with pytest.raises(InvalidReport) as refused:
        house.accept(fault_at=later, appointment_at=earlier)
    assert set(refused.value.details["errors"]) == {"fault_at", "appointment_at"}


def test_who_may_not_accept(house: House) -> None:
    with pytest.raises(Forbidden):
        house.accept(by="reviewer")


def test_duplicates_by_account_phone_and_address(house: House) -> None:
    first = house.accept()
    found = possible_duplicates(phone="138-0013-8000", address="青山县解放路12号", now=house.now)
    assert [(each.order.number, each.reasons) for each in found] == [(first.number, ("phone", "address"))]
    assert possible_duplicates(account_no="3301005566", now=house.now)[0].reasons == ("account",)
    assert possible_duplicates(account_no="3301005566", now=house.now, exclude=first.id) == []
    assert possible_duplicates(account_no="3301005566", now=house.now + timedelta(days=3)) == []
    assert possible_duplicates(phone="13900139000", address="人民路 1 号", now=house.now) == []
    assert possible_duplicates(now=house.now) == []
