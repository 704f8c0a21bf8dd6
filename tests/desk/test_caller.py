"""Who calls, and what they likely want."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from app.billing.models import Bill
from app.desk.queries import Sources, who_calls
from app.desk.queries.caller import Caller
from app.kernel.clock import LOCAL
from app.kernel.db import session
from app.workorders.operations import cancel
from tests.billing.accounts import prepare_rules
from tests.customers.accounts import make_contact, make_customer
from tests.identity.factories import actor_of, make_user
from tests.workorders.house import House

pytestmark = pytest.mark.databases

PHONE = "13800138000"


def look(house: House, typed: str, **options: str) -> Caller:
    return who_calls(typed, actor=house.actor("agent"), now=house.now, **options)


def resident(house: House, number: str = "3301005566", **columns: object):  # type: ignore[no-untyped-def]
    customer = make_customer(house.units["GM-LJ-QS"], number, **columns)
    make_contact(customer, phone=f"+86{PHONE}")
    return customer


@pytest.fixture(autouse=True)
def rules(house: House) -> None:
    prepare_rules()


def owed(house: House, customer_id: int, *, due: int, amount: str = "120.00") -> None:
    """A bill that was due so many days ago (less than 0: is still to be paid)."""
    today = house.now.astimezone(LOCAL).date()
    session.add(
        Bill(
            number=f"DF{customer_id}{due}",
            customer_id=customer_id,
            unit_path="/",
            period="202602",
            from_on=today - timedelta(days=60),
            to_on=today - timedelta(days=30),
            energy=Decimal(200),
            amount=Decimal(amount),
            paid=Decimal(0),
            state="issued",
            issued_on=today - timedelta(days=due + 20),
            due_on=today - timedelta(days=due),
        )
    )
    session.commit()


def kinds(found: Caller) -> list[str]:
    return [reason.kind for reason in found.reasons]


def test_a_number_names_its_customer(house: House) -> None:
    resident(house)
    found = look(house, "+86 138-0013-8000")
    assert found.chosen is not None
    assert (found.chosen.number, found.chosen.name, found.reasons) == ("3301005566", "王小芳", [])


def test_a_shared_number_asks_which(house: House) -> None:
    resident(house)
    resident(house, "3301005567", name="李国")
    found = look(house, PHONE)
    assert [line.number for line in found.customers] == ["3301005566", "3301005567"]
    assert found.chosen is None
    picked = look(house, PHONE, chosen="3301005567")
    assert picked.chosen is not None
    assert picked.chosen.name == "李国"


def test_an_order_under_way_is_likelier_than_arrears_and_those_than_a_bill(house: House) -> None:
    customer = resident(house)
    owed(house, customer.id, due=10)
    order = house.accept()
    found = look(house, PHONE)
    assert kinds(found) == ["order", "arrears"]
    assert found.reasons[0].facts["order"].number == order.number
    # ten days of 0.1 % a day on 120 yuan
    assert (found.reasons[0].act, found.reasons[1].facts["amount"]) == ("tell_progress", Decimal("121.20"))


def test_who_is_cut_off_most_likely_wants_power_back(house: House) -> None:
    customer = resident(house, cut_off=True)
    owed(house, customer.id, due=40)
    assert kinds(look(house, PHONE))[:2] == ["cut_off", "arrears"]


def test_an_unknown_number_is_known_by_its_orders(house: House) -> None:
    house.accept(phone="13900139000", account_no="")
    found = look(house, "13900139000")
    assert (found.chosen, kinds(found)) == (None, ["order"])


def test_an_old_order_is_no_reason(house: House) -> None:
    order = house.accept(account_no="", phone="13900139000")
    house.do(cancel, order.number, reason="restored_itself")
    house.settle()
    assert kinds(look(house, "13900139000")) == ["answered"]
    house.clock.advance(timedelta(days=8))
    assert kinds(look(house, "13900139000")) == []


def test_who_asked_for_secrecy_is_not_given_away_by_their_number(house: House) -> None:
    house.accept(category="inquiry", sub_type="", symptom="", secrecy="none", phone="13900139000", account_no="")
    elsewhere = make_user("far", posts=[("agent", house.units["GM-LJ-BH"])])
    found = who_calls("13900139000", actor=actor_of(elsewhere), now=house.now)
    assert (found.customers, found.reasons) == ([], [])


def test_other_packages_add_what_they_know(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    resident(house)
    monkeypatch.setitem(
        Sources.known, "grid", lambda customer, now: [("outage", {"title": "计划停电", "text": "16:00 恢复"})]
    )
    (reason,) = look(house, PHONE).reasons
    assert (reason.kind, reason.score, reason.act) == ("outage", 100, "tell_outage")


@pytest.mark.parametrize("typed", ["", " ", "0", "'; --", "\x00", "9" * 40, "王" * 100])
def test_anything_may_be_typed(house: House, typed: str) -> None:
    assert look(house, typed).customers == []
