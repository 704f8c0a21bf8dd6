"""Payments: once each, oldest bill first with its late fee, the rest in advance; and taken back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.billing import operations
from app.billing.models import Bill, Payment, PaymentShare
from app.billing.operations import AlreadyReversed, InvalidPayment, ReferenceReused
from app.billing.queries import arrears_of
from app.kernel import db
from app.kernel.actor import SYSTEM
from app.kernel.clock import FrozenClock
from app.kernel.db import session
from tests.billing.accounts import Account, account, monthly

pytestmark = pytest.mark.usefixtures("rules")


def billed(clock: FrozenClock, *energies: int) -> tuple[Account, list[str]]:
    """Bills of February 2026 and on, issued on the second of the month, due twenty days later."""
    customer = account(clock, readings=monthly(date(2026, 1, 1), *energies))
    numbers = [customer.bill(f"2026{month:02d}", date(2026, month, 2)) for month in range(2, len(energies) + 2)]
    return customer, numbers


@pytest.mark.databases
def test_300_yuan_20_days_late_cost_306(app: Flask, clock: FrozenClock) -> None:
    customer, (number,) = billed(clock, 600)
    assert customer.find(number).due_on == date(2026, 2, 22)
    recorded = customer.pay("306.00", date(2026, 3, 14))
    bill = customer.find(number)
    assert (bill.state, bill.paid, bill.late_paid) == ("paid", Decimal("300.00"), Decimal("6.00"))
    assert recorded.balance == 0


def test_a_payment_in_time_costs_nothing_more(app: Flask, clock: FrozenClock) -> None:
    customer, (number,) = billed(clock, 600)
    customer.pay("300", date(2026, 2, 22))
    assert customer.find(number).state == "paid"
    assert arrears_of(customer.id, at=clock.now()).total == 0


def test_the_oldest_bill_is_served_first_and_the_rest_is_held(app: Flask, clock: FrozenClock) -> None:
    customer, (first, second) = billed(clock, 200, 200)
    customer.pay("150", date(2026, 3, 2))  # 8 days late: the least late fee, 1 yuan
    assert customer.find(first).state == "paid"
    assert (customer.find(second).state, customer.find(second).paid) == ("part", Decimal("49.00"))
    recorded = customer.pay("100", date(2026, 3, 3))
    assert customer.find(second).state == "paid"
    assert recorded.balance == customer.balance == Decimal("49.00")


def test_money_held_in_advance_pays_the_next_bill(app: Flask, clock: FrozenClock) -> None:
    customer = account(clock, readings=monthly(date(2026, 1, 1), 200, 200))
    customer.pay("130", date(2026, 3, 2))
    first = customer.bill("202602")
    second = customer.bill("202603")
    assert customer.find(first).state == "paid"
    assert (customer.find(second).state, customer.find(second).paid) == ("part", Decimal("30.00"))
    assert customer.balance == 0


@pytest.mark.databases
def test_the_same_payment_twice_is_one(app: Flask, clock: FrozenClock) -> None:
    customer, (number,) = billed(clock, 200)
    first = customer.pay("40", date(2026, 2, 3), reference="B1")
    again = customer.pay("40", date(2026, 2, 3), reference="B1")
    assert (first.new, again.new, again.number) == (True, False, first.number)
    assert customer.find(number).paid == Decimal("40.00")
    with pytest.raises(ReferenceReused):
        customer.pay("41", date(2026, 2, 3), reference="B1")


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"amount": Decimal(0)}, "amount"),
        ({"amount": Decimal("-5")}, "amount"),
        ({"amount": Decimal("1.001")}, "amount"),
        ({"amount": Decimal("NaN")}, "amount"),
        ({"amount": Decimal("1e14")}, "amount"),
        ({"source": "balance"}, "source"),
        ({"source": " "}, "source"),
        ({"reference": ""}, "reference"),
        ({"reference": "x" * 81}, "reference"),
        ({"paid_on": date(2027, 1, 1)}, "paid_on"),
    ],
)
def test_what_is_no_payment_is_refused(app: Flask, clock: FrozenClock, changes: dict[str, object], name: str) -> None:
    customer, _numbers = billed(clock, 200)
    with pytest.raises(InvalidPayment) as refused:
        customer.pay("10", date(2026, 2, 3), **changes)
    assert name in refused.value.details["errors"]


def test_a_partial_payment_stops_the_late_fee_on_its_part(app: Flask, clock: FrozenClock) -> None:
    """300 yuan, 10 days: of 203 yuan 3 are late fee; then 10 days on the 100 left."""
    customer, (number,) = billed(clock, 600)
    customer.pay("203", date(2026, 3, 4))
    bill = customer.find(number)
    assert (bill.paid, bill.late_paid, bill.state) == (Decimal("200.00"), Decimal("3.00"), "part")
    found = customer.pay("101", date(2026, 3, 14))
    assert customer.find(number).state == "paid"
    assert customer.find(number).late_paid == Decimal("4.00")
    assert found.balance == 0


@pytest.mark.databases
def test_a_payment_taken_back_leaves_things_as_they_were(app: Flask, clock: FrozenClock) -> None:
    customer, (first, second) = billed(clock, 200, 200)
    recorded = customer.pay("180", date(2026, 3, 2))
    take_back(clock, recorded.number)
    assert [customer.find(each).state for each in (first, second)] == ["issued", "issued"]
    assert [customer.find(each).paid for each in (first, second)] == [0, 0]
    assert customer.balance == 0
    with pytest.raises(AlreadyReversed):
        take_back(clock, recorded.number)


def test_taking_back_money_that_was_held_undoes_what_it_was_used_for(app: Flask, clock: FrozenClock) -> None:
    customer = account(clock, readings=monthly(date(2026, 1, 1), 200))
    recorded = customer.pay("130", date(2026, 3, 2))
    number = customer.bill("202602")
    assert customer.balance == Decimal("30.00")
    take_back(clock, recorded.number)
    assert (customer.find(number).state, customer.balance) == ("issued", 0)
    assert {row.state for row in session.scalars(sa.select(Payment))} == {"reversed"}


def take_back(clock: FrozenClock, number: str) -> None:
    db.run(lambda: operations.reverse_payment(number, reason="退票", actor=SYSTEM, now=clock.now()))


moves = st.lists(
    st.tuples(st.sampled_from(["pay", "reverse"]), st.decimals("0.01", 400, places=2), st.integers(2, 28)),
    min_size=1,
    max_size=6,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves)
def test_money_is_neither_made_nor_lost(app: Flask, clock: FrozenClock, moves) -> None:
    """Whatever is paid and taken back: real money posted = shares on bills + what is held."""
    customer, _numbers = billed(clock, 200, 300)
    day = 3
    for act, amount, _step in moves:
        day = min(day + 3, 28)
        posted = list(
            session.scalars(
                sa.select(Payment.number).where(
                    Payment.customer_id == customer.id, Payment.state == "posted", Payment.source != "balance"
                )
            )
        )
        if act == "reverse" and posted:
            take_back(clock, posted[-1])
        else:
            customer.pay(str(amount), date(2026, 3, day))
    money = session.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(Payment.amount), 0)).where(
            Payment.customer_id == customer.id, Payment.state == "posted", Payment.source != "balance"
        )
    )
    bills = list(session.scalars(sa.select(Bill).where(Bill.customer_id == customer.id)))
    assert Decimal(str(money)) == customer.balance + sum(bill.paid + bill.late_paid for bill in bills)
    assert customer.balance >= 0
    for bill in bills:
        shares = session.scalars(sa.select(PaymentShare).where(PaymentShare.bill_id == bill.id)).all()
        assert bill.paid == sum(each.amount for each in shares if each.kind == "principal")
        assert 0 <= bill.paid <= bill.amount
        assert bill.state in ("issued", "part", "paid")
