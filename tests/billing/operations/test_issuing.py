"""Bills issued one by one: their number, days, yearly tiers, refusals; and void ones."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from flask import Flask

from app.billing import operations
from app.billing.operations import BillInUse, DuplicateBill, NotBillable
from app.billing.periods import InvalidPeriod
from app.identity.queries import UnitView
from app.kernel import db
from app.kernel.actor import SYSTEM, Actor
from app.kernel.clock import FrozenClock
from app.kernel.errors import Forbidden
from tests.billing.accounts import account, monthly
from tests.identity.factories import actor_of, make_unit, make_user

pytestmark = pytest.mark.usefixtures("rules")


@pytest.mark.databases
def test_a_bill_covers_the_days_from_reading_to_reading(app: Flask, clock: FrozenClock) -> None:
    customer = account(clock, readings=monthly(date(2026, 1, 1), 200, 150))
    bill = customer.find(customer.bill("202602", date(2026, 2, 2)))
    assert bill.number == f"ZD202602{customer.number}01"
    assert (bill.from_on, bill.to_on, bill.energy) == (date(2026, 1, 1), date(2026, 2, 1), 200)
    assert (bill.amount, bill.state) == (Decimal("100.00"), "issued")
    assert (bill.issued_on, bill.due_on) == (date(2026, 2, 2), date(2026, 2, 22))
    assert bill.lines is not None
    assert sum(Decimal(line["amount"]) for line in bill.lines if line["counted"]) == bill.amount
    following = customer.find(customer.bill("202603", date(2026, 3, 2)))
    assert (following.from_on, following.to_on, following.energy) == (date(2026, 2, 1), date(2026, 3, 1), 150)


def test_yearly_tiers_count_the_bills_of_the_year(app: Flask, clock: FrozenClock) -> None:
    """The reading of 1 January closes the old year: its use does not count to the new one."""
    customer = account(clock, readings=monthly(date(2025, 12, 1), 3000, 2000, 1500))
    december = customer.find(customer.bill("202601", date(2026, 1, 2)))
    assert december.facts["tiers"]["used"] == "3000"
    customer.bill("202602", date(2026, 2, 2))
    bill = customer.find(customer.bill("202603", date(2026, 3, 2)))
    assert bill.facts["tiers"]["used"] == "3500.000"
    assert bill.amount == Decimal("781.00")  # 1500 x 0.5 + 620 x 0.05


def test_a_second_bill_of_a_period_is_refused(app: Flask, clock: FrozenClock) -> None:
    customer = account(clock, readings=monthly(date(2026, 1, 1), 200))
    customer.bill("202602")
    with pytest.raises(DuplicateBill):
        customer.bill("202602")


def test_without_a_reading_there_is_no_bill(app: Flask, clock: FrozenClock) -> None:
    customer = account(clock, readings=monthly(date(2026, 1, 1), 200))
    with pytest.raises(NotBillable) as refused:
        customer.bill("202603")
    assert refused.value.details["kind"] == "missing_reading"
    with pytest.raises(InvalidPeriod):
        customer.bill("202613")


def test_a_backward_reading_is_refused_with_its_figures(app: Flask, clock: FrozenClock) -> None:
    customer = account(clock, readings={date(2026, 1, 1): 500, date(2026, 2, 1): 400})
    with pytest.raises(NotBillable) as refused:
        customer.bill("202602")
    assert refused.value.details["kind"] == "backward"
    assert refused.value.details["facts"]["last"] == "500.000"


def test_a_void_bill_makes_room_for_another(app: Flask, clock: FrozenClock) -> None:
    customer = account(clock, readings=monthly(date(2026, 1, 1), 200))
    first = customer.bill("202602")
    db.run(lambda: operations.void_bill(first, reason="抄错户号", actor=SYSTEM, now=clock.now()))
    second = customer.bill("202602")
    assert second.endswith("02")
    assert customer.find(first).state == "void"
    customer.pay("10", date(2026, 3, 3))
    with pytest.raises(BillInUse):
        db.run(lambda: operations.void_bill(second, reason="重复", actor=SYSTEM, now=clock.now()))


def test_a_bill_that_others_follow_on_is_not_voided(app: Flask, clock: FrozenClock) -> None:
    customer = account(clock, readings=monthly(date(2026, 1, 1), 200, 100))
    first = customer.bill("202602")
    customer.bill("202603")
    with pytest.raises(BillInUse):
        db.run(lambda: operations.void_bill(first, reason="重复", actor=SYSTEM, now=clock.now()))


def test_only_those_with_the_right_at_the_unit_issue(app: Flask, clock: FrozenClock) -> None:
    here, elsewhere = make_unit(), make_unit()
    customer = account(clock, readings=monthly(date(2026, 1, 1), 200), unit_path=here.path)
    for unit, post in ((elsewhere, "billing"), (here, "agent")):
        customer.actor = clerk(unit, post)
        with pytest.raises(Forbidden):
            customer.bill("202602")
    customer.actor = clerk(here, "billing")
    customer.bill("202602")


def clerk(unit: UnitView, post: str) -> Actor:
    return actor_of(make_user(posts=[(post, unit)]))
