"""Bills and payments imported from files: each once, all or none, bad rows named."""

from __future__ import annotations

from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask

from app.billing.models import Bill, Payment
from app.customers.importing.profiles import Column, Content
from app.identity import queries as people
from app.kernel.actor import Actor
from app.kernel.clock import FrozenClock
from app.kernel.db import session
from app.kernel.errors import Forbidden
from tests.billing.accounts import account, prepare_rules
from tests.customers.importing.stage import Stage
from tests.identity.factories import make_user

BILLS = ("customer_number", "period", "from_on", "to_on", "energy", "amount", "due_on")
PAYMENTS = ("customer_number", "amount", "paid_on", "source", "reference")


def content(names: tuple[str, ...]) -> Content:
    return Content(tuple(Column(name, header=name) for name in names), source="marketing")


def table(names: tuple[str, ...], *rows: str) -> bytes:
    return "\n".join([",".join(names), *rows, ""]).encode()


@pytest.fixture
def stage(app: Flask, clock: FrozenClock) -> Stage:
    """A steward who also records payments, and a customer of theirs."""
    prepare_rules()
    stage = Stage(clock.now())

    unit = people.unit_by_code("GM", at=clock.now())
    assert unit is not None
    user = make_user(posts=[("steward", unit), ("billing", unit)])
    stage.actor = Actor(kind="user", id=user.id, username=user.username, name=user.name)
    account(clock, number="3301", unit_path=unit.path)
    return stage


def test_bills_and_payments_are_imported_once(stage: Stage) -> None:
    row = "3301,202601,2025-12-01,2026-01-01,200,100.00,2026-01-22"
    first = stage.upload(table(BILLS, row), target="bills", content=content(BILLS))
    assert stage.check(first).bad == 0
    stage.write(first)
    bill = session.scalars(sa.select(Bill)).one()
    assert (bill.number, bill.state, bill.amount) == ("ZD202601330101", "issued", Decimal("100.00"))
    paid = stage.upload(
        table(PAYMENTS, "3301,100.00,2026-01-20,bank,B1"), name="p.csv", target="payments", content=content(PAYMENTS)
    )
    assert stage.check(paid).bad == 0
    stage.write(paid)
    session.expire_all()
    assert session.scalars(sa.select(Bill.state)).one() == "paid"
    again = stage.upload(
        table(PAYMENTS, "3301,100,2026-01-20,bank,B1"), name="q.csv", target="payments", content=content(PAYMENTS)
    )
    stage.check(again)
    stage.write(again)
    assert len(session.scalars(sa.select(Payment)).all()) == 1


def test_bad_rows_stop_all(stage: Stage) -> None:
    rows = (
        "3301,202601,2025-12-01,2026-01-01,200,100.00,2026-01-22",
        "9999,202601,2025-12-01,2026-01-01,200,100.00,2026-01-22",
        "3301,202602,2026-02-01,2026-01-01,200,100.00,2026-02-22",
    )
    first = stage.upload(table(BILLS, *rows), target="bills", content=content(BILLS))
    assert stage.check(first).bad == 2
    assert session.scalars(sa.select(Bill)).all() == []


def test_money_needs_the_right_for_money(stage: Stage, clock: FrozenClock) -> None:
    """A steward who may neither issue bills nor record payments cannot bring them in by a file."""
    unit = people.unit_by_code("GM", at=clock.now())
    assert unit is not None
    user = make_user(posts=[("steward", unit)])
    stage.actor = Actor(kind="user", id=user.id, username=user.username, name=user.name)
    for target, names in (("bills", BILLS), ("payments", PAYMENTS)):
        with pytest.raises(Forbidden):
            stage.upload(table(names), target=target, content=content(names))


def test_units_are_those_of_both_rights(stage: Stage, clock: FrozenClock) -> None:
    """A steward of GM who bills in GM-A only imports bills of GM-A only."""
    unit, below = (people.unit_by_code(code, at=clock.now()) for code in ("GM", "GM-A"))
    assert unit is not None
    assert below is not None
    user = make_user(posts=[("steward", unit), ("billing", below)])
    stage.actor = Actor(kind="user", id=user.id, username=user.username, name=user.name)
    row = "3301,202601,2025-12-01,2026-01-01,200,100.00,2026-01-22"
    refused = stage.upload(table(BILLS, row), target="bills", content=content(BILLS))
    assert stage.check(refused).bad == 1


def test_what_others_owe_is_not_told(stage: Stage, clock: FrozenClock) -> None:
    """Another unit's bill of the period is refused for the unit, its amount not shown."""
    other = people.unit_by_code("XX", at=clock.now())
    assert other is not None
    customer = account(clock, number="7701", unit_path=other.path)
    day = clock.now().date()
    session.add(
        Bill(number="ZD202601770101", customer_id=customer.id, unit_code="XX", unit_path=other.path, period="202601",
             from_on=day, to_on=day, energy=Decimal(9), amount=Decimal("987.65"))
    )  # fmt: skip
    session.commit()
    row = "7701,202601,2025-12-01,2026-01-01,200,100.00,2026-01-22"
    refused = stage.upload(table(BILLS, row), target="bills", content=content(BILLS))
    stage.check(refused)
    reasons = [problem.reason for problem in stage.problems(refused)]
    assert len(reasons) == 1
    assert "987.65" not in reasons[0]


def test_a_payment_in_the_future_is_a_bad_row(stage: Stage) -> None:
    refused = stage.upload(
        table(PAYMENTS, "3301,10.00,2099-01-20,bank,B9"), target="payments", content=content(PAYMENTS)
    )
    assert stage.check(refused).bad == 1
