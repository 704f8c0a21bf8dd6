"""Bills corrected after payment: the original is kept, a credit note undoes it, what was paid goes over."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from app.billing import operations
from app.billing.models import BillingTerms
from app.billing.operations import BillInUse, Corrected, NothingToCorrect
from app.kernel import db
from app.kernel.actor import SYSTEM
from app.kernel.clock import FrozenClock
from app.kernel.db import session
from tests.billing.accounts import Account, account, monthly

pytestmark = pytest.mark.usefixtures("rules")


def correct(clock: FrozenClock, number: str, **more: Any) -> Corrected:
    return db.run(lambda: operations.correct_bill(number, reason="抄表差错", actor=SYSTEM, now=clock.now(), **more))


def paid_bill(clock: FrozenClock, energy: int = 600) -> tuple[Account, str]:
    customer = account(clock, readings=monthly(date(2026, 1, 1), energy))
    number = customer.bill("202602", date(2026, 2, 2))
    customer.pay("306", date(2026, 3, 14))  # 300 and 6.00 late fee
    return customer, number


@pytest.mark.databases
def test_too_much_paid_is_held_after_the_correction(app: Flask, clock: FrozenClock) -> None:
    customer, number = paid_bill(clock)
    customer.read(date(2026, 2, 1), 500, "correction")
    made = correct(clock, number)
    original, credit, new = (customer.find(each) for each in (number, made.credit_note, made.bill))
    assert (original.amount, original.state, original.paid, original.late_paid) == (Decimal("300.00"), "credited", 0, 0)
    assert (credit.amount, credit.energy, credit.state, credit.kind) == (Decimal("-300.00"), -600, "credited", "credit")
    assert (new.amount, new.state, new.paid, new.corrects_id) == (
        Decimal("250.00"),
        "paid",
        Decimal("250.00"),
        original.id,
    )
    assert customer.balance == Decimal("56.00")  # the difference and the late fee on what was never owed
    assert made.difference == Decimal("-50.00")


def test_too_little_paid_is_due_by_the_new_bill(app: Flask, clock: FrozenClock) -> None:
    customer, number = paid_bill(clock)
    customer.read(date(2026, 2, 1), 700, "correction")
    new = customer.find(correct(clock, number).bill)
    assert (new.amount, new.paid, new.state) == (Decimal("350.00"), Decimal("306.00"), "part")
    assert new.due_on == date(2026, 4, 3)
    assert customer.balance == 0


def test_the_same_again_is_nothing_to_correct(app: Flask, clock: FrozenClock) -> None:
    customer, number = paid_bill(clock)
    with pytest.raises(NothingToCorrect):
        correct(clock, number)
    assert customer.find(number).state == "paid"


def test_energy_by_decision_and_a_changed_contract_are_grounds_too(app: Flask, clock: FrozenClock) -> None:
    customer, number = paid_bill(clock)
    first = correct(clock, number, adjustment=Decimal(-100))
    assert customer.find(first.bill).energy == 500
    terms = BillingTerms(customer_id=customer.id, valid_from=date(2026, 1, 1), tariff_code="GM-COM")
    db.run(lambda: session.add(terms))
    second = customer.find(correct(clock, first.bill).bill)
    assert (second.amount, second.late_class) == (Decimal("398.40"), "other")
    assert second.paid == Decimal("306.00")
    assert customer.balance == 0


def test_what_is_undone_is_not_corrected_again(app: Flask, clock: FrozenClock) -> None:
    _customer, number = paid_bill(clock)
    made = correct(clock, number, adjustment=Decimal(10))
    for each in (number, made.credit_note):
        with pytest.raises(BillInUse):
            correct(clock, each, adjustment=Decimal(20))


def test_later_bills_of_the_year_are_named(app: Flask, clock: FrozenClock) -> None:
    customer = account(clock, readings=monthly(date(2026, 1, 1), 200, 200))
    first = customer.bill("202602", date(2026, 2, 2))
    second = customer.bill("202603", date(2026, 3, 2))
    assert correct(clock, first, adjustment=Decimal(50)).later == [second]


def test_a_corrected_bill_counts_once_in_the_year(app: Flask, clock: FrozenClock) -> None:
    customer = account(clock, readings=monthly(date(2026, 1, 1), 2000, 1000))
    first = customer.bill("202602", date(2026, 2, 2))
    correct(clock, first, adjustment=Decimal(100))
    second = customer.find(customer.bill("202603", date(2026, 3, 2)))
    assert Decimal(second.facts["tiers"]["used"]) == 3100
