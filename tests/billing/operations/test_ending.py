"""The end of an account: the final bill, what stands against closing, and estimates too many in a row."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from flask import Flask

from app.billing import operations
from app.billing.closing import why_not
from app.billing.operations import DuplicateBill, MeterStands, NotBillable
from app.customers.models import Meter
from app.kernel import db
from app.kernel.actor import SYSTEM
from app.kernel.clock import FrozenClock
from app.kernel.db import session
from tests.billing.accounts import Account, account, monthly

pytestmark = pytest.mark.usefixtures("rules")


def final(customer: Account) -> str:
    return db.run(lambda: operations.issue_final_bill(customer.number, actor=SYSTEM, now=customer.clock.now()))


def remove(customer: Account, on: date, total: int) -> None:
    customer.read(on, total, kind="remove")

    def gone() -> None:
        session.get_one(Meter, customer.meter).removed_on = on

    db.run(gone)


@pytest.mark.databases
def test_the_final_bill_takes_what_the_month_left(app: Flask, clock: FrozenClock) -> None:
    """Billed on the 1st, removed on the 11th: the same month gets a second, final bill of the ten days."""
    customer = account(clock, readings=monthly(date(2026, 1, 1), 200))
    customer.bill("202602", date(2026, 2, 2))
    with pytest.raises(MeterStands):
        final(customer)
    remove(customer, date(2026, 2, 11), 260)
    bill = customer.find(final(customer))
    assert (bill.kind, bill.period, bill.round) == ("final", "202602", 2)
    assert (bill.from_on, bill.to_on, bill.energy) == (date(2026, 2, 1), date(2026, 2, 11), 60)
    assert bill.amount == Decimal("30.00")
    with pytest.raises(DuplicateBill):
        final(customer)


def test_an_account_is_closed_when_all_is_billed_and_paid(app: Flask, clock: FrozenClock) -> None:
    customer = account(clock, readings=monthly(date(2026, 1, 1), 200))
    customer.bill("202602", date(2026, 2, 2))
    remove(customer, date(2026, 2, 11), 260)
    assert "100.00" in str(why_not(customer.id, date(2026, 2, 12)))
    customer.pay("100", date(2026, 2, 12))
    assert "2026-02-11" in str(why_not(customer.id, date(2026, 2, 12)))
    final(customer)
    customer.pay("30", date(2026, 2, 13))
    assert why_not(customer.id, date(2026, 2, 13)) is None


def test_a_third_estimate_in_a_row_is_not_billed(app: Flask, clock: FrozenClock) -> None:
    """The rule allows two; a real reading begins the count anew."""
    customer = account(clock, readings={date(2026, 1, 1): 0})
    for month in (2, 3, 4):
        customer.read(date(2026, month, 1), month * 100, kind="estimated")
    customer.bill("202602", date(2026, 2, 2))
    customer.bill("202603", date(2026, 3, 2))
    with pytest.raises(NotBillable) as refused:
        customer.bill("202604", date(2026, 4, 2))
    assert refused.value.details["kind"] == "too_many_estimates"
    assert refused.value.details["facts"]["count"] == "3"
    customer.read(date(2026, 4, 1), 420)
    customer.bill("202604", date(2026, 4, 2))
    customer.read(date(2026, 5, 1), 500, kind="estimated")
    customer.bill("202605", date(2026, 5, 2))
