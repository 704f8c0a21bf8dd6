"""How to reach a customer: the channel they like, to the right contact, never in quiet hours."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app.customers.models import Customer, CustomerSetting
from app.customers.page_rules import reach_rules
from app.customers.queries.reach import UnknownPurpose, Window, _within, how_to_reach, how_to_reach_all, next_open
from app.kernel.clock import LOCAL
from app.kernel.db import session
from tests.customers.accounts import make_contact, make_customer
from tests.identity.factories import make_unit

MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=LOCAL)
NIGHT = datetime(2026, 3, 2, 22, 30, tzinfo=LOCAL)
NOON = datetime(2026, 3, 2, 12, 30, tzinfo=LOCAL)


@pytest.fixture
def customer(app: Flask) -> Customer:
    return make_customer(make_unit())


def wish(customer: Customer, **columns: object) -> None:
    session.add(CustomerSetting(**{"customer_id": customer.id, "updated_at": MORNING, "updated_by": "t", **columns}))
    session.commit()


def test_many_at_once_are_as_one_by_one_and_the_next_way_follows(customer: Customer) -> None:
    mine = make_contact(customer, phone="+8613800138000", email="a@example.com")
    make_contact(customer, phone="+8613900139000")
    other = make_customer(make_unit("B"), number="2")
    wish(customer, language="en")
    asked = [customer.id, other.id, 999]
    found = how_to_reach_all(asked, "outage", MORNING)
    assert found == {key: how_to_reach(key, "outage", MORNING) for key in asked[:2]}
    tried: set[tuple[str, str]] = set()
    ways = []
    while (way := how_to_reach_all([customer.id], "outage", MORNING, tried={customer.id: tried})[customer.id]).channel:
        ways.append((way.channel, way.address))
        tried.add(ways[-1])
    phones = ("+8613800138000", "+8613900139000")
    assert ways == [
        *(("sms", phone) for phone in phones),
        *(("phone", phone) for phone in phones),
        ("email", mine.email),
    ]
    assert way.why == "no_address"


@pytest.mark.parametrize(
    ("asked", "open_at"),
    [
        (MORNING, MORNING),
        (NOON, NOON.replace(hour=14, minute=0)),
        (NIGHT, MORNING.replace(day=3, hour=8)),
        (MORNING.replace(hour=7), MORNING.replace(hour=8)),
    ],
)
def test_the_standard_quiet_hours(customer: Customer, asked: datetime, open_at: datetime) -> None:
    make_contact(customer)
    found = how_to_reach(customer.id, "callback", asked)
    assert (found.channel, found.address, found.at) == ("phone", "+8613800138000", open_at)
    assert found.now(asked) == (asked == open_at)


def test_an_emergency_does_not_wait(customer: Customer) -> None:
    make_contact(customer)
    assert how_to_reach(customer.id, "emergency", NIGHT).at == NIGHT


def test_the_customers_own_hours_order_language_and_contact(customer: Customer) -> None:
    make_contact(customer)
    mine = make_contact(customer, phone="+8613900139000", name="李会计", role="finance", email="li@example.com")
    wish(
        customer,
        language="en",
        channels=["email", "phone"],
        quiet_from=time(8),
        quiet_to=time(10),
        preferred_contact_id=mine.id,
    )
    found = how_to_reach(customer.id, "answer", MORNING)
    assert (found.channel, found.address, found.language) == ("email", "li@example.com", "en")
    assert found.at == MORNING, "an e-mail disturbs nobody"
    survey = how_to_reach(customer.id, "survey", MORNING)
    assert (survey.channel, survey.contact_name) == ("phone", "李会计")
    assert survey.at == MORNING.replace(hour=10)


def test_do_not_call_forbids_calls_for_what_can_wait(customer: Customer) -> None:
    make_contact(customer, phone="+8657188000000", email="a@example.com")
    wish(customer, do_not_call=True, channels=["phone"])
    refused = how_to_reach(customer.id, "arrears", MORNING)
    assert (refused.channel, refused.at, refused.why) == ("", None, "do_not_call")
    assert how_to_reach(customer.id, "outage", MORNING).why == "do_not_call", "an outage is no reason to call them"
    assert how_to_reach(customer.id, "callback", MORNING).channel == "phone"


def test_a_landline_takes_no_sms_and_nobody_is_reached_without_address(customer: Customer) -> None:
    assert how_to_reach(customer.id, "survey", MORNING).why == "no_address"
    make_contact(customer, phone="+8657188000000")
    assert how_to_reach(customer.id, "notice", MORNING).channel == "letter"
    assert how_to_reach(customer.id, "outage", MORNING).channel == "phone"


def test_what_is_urgent_takes_the_channel_that_is_open_first(customer: Customer) -> None:
    make_contact(customer, email="a@example.com")
    urgent, patient = how_to_reach(customer.id, "outage", NIGHT), how_to_reach(customer.id, "arrears", NIGHT)
    assert (urgent.channel, urgent.at) == ("email", NIGHT)
    assert (patient.channel, patient.at) == ("sms", MORNING.replace(day=3, hour=8))


def test_an_unknown_purpose_is_a_mistake(customer: Customer) -> None:
    with pytest.raises(UnknownPurpose):
        how_to_reach(customer.id, "gossip", MORNING)


TIMES = st.builds(time, st.integers(0, 23), st.sampled_from((0, 15, 30)))
WINDOWS = st.lists(st.tuples(TIMES, TIMES).filter(lambda pair: pair[0] != pair[1]), max_size=4)
INSTANTS = st.integers(0, 60 * 24 * 14).map(lambda minutes: MORNING + timedelta(minutes=minutes))


@given(at=INSTANTS, windows=WINDOWS)
def test_the_answer_is_the_first_quarter_outside_all_quiet_hours(at: datetime, windows: list[Window]) -> None:
    def quiet(instant: datetime) -> bool:
        return any(_within(instant.astimezone(LOCAL).time(), window) for window in windows)

    found = next_open(at, windows)
    steps = [at] + [
        at.replace(minute=0) + timedelta(minutes=15 * quarter)
        for quarter in range(1, 4 * 24 + 5)
        if at.replace(minute=0) + timedelta(minutes=15 * quarter) > at
    ]
    expected = next((instant for instant in steps if not quiet(instant)), None)
    assert found == expected


@pytest.mark.usefixtures("app")
def test_the_rules_that_come_with_lightline_name_each_other() -> None:
    rules = reach_rules()
    assert rules.quiet == ((time(21), time(8)), (time(12), time(14)))
    assert {channel for purpose in rules.purposes.values() for channel in purpose.order} == set(rules.channels)
