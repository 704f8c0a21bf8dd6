"""Billing runs: each customer once, exceptions listed, going on after a kill, released or discarded."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask

from app.billing import operations
from app.billing.models import Bill, BillingException, BillingRun
from app.billing.operations import RunNotNow, running
from app.kernel import db, jobs
from app.kernel.actor import SYSTEM
from app.kernel.clock import FrozenClock
from app.kernel.db import session
from tests.billing.accounts import account, monthly
from tests.identity.factories import make_unit

pytestmark = pytest.mark.usefixtures("rules")

JANUARY = date(2026, 1, 1)


@pytest.fixture
def unit(app: Flask) -> str:
    """A unit; its path is that of the customers in these tests."""
    return make_unit("U").path


def start(clock: FrozenClock, period: str = "202602", **more: object) -> str:
    return db.run(lambda: operations.start_run(period=period, unit="U", actor=SYSTEM, now=clock.now(), **more))


def work(clock: FrozenClock) -> None:
    while jobs.run_due(clock.now(), 10):
        pass


def find(number: str) -> BillingRun:
    session.expire_all()
    return session.scalars(sa.select(BillingRun).where(BillingRun.number == number)).one()


def release(clock: FrozenClock, number: str) -> int:
    return db.run(lambda: operations.release_run(number, actor=SYSTEM, now=clock.now()))


@pytest.mark.databases
def test_a_run_bills_everybody_once_and_lists_what_it_cannot(app: Flask, clock: FrozenClock, unit: str) -> None:
    good = [account(clock, readings=monthly(JANUARY, 100 + place), unit_path=unit) for place in range(5)]
    backward = account(clock, readings={JANUARY: 500, date(2026, 2, 1): 400}, unit_path=unit)
    missing = account(clock, readings={date(2025, 12, 1): 0}, unit_path=unit)
    account(clock, readings=monthly(JANUARY, 70), unit_path="/other/")
    late = account(clock, readings={JANUARY: 0}, unit_path=unit, segment_code="S2")
    number = start(clock)
    work(clock)
    run = find(number)
    assert (run.state, run.total, run.done, run.billed, run.skipped) == ("done", 8, 8, 5, 1)
    kinds = session.execute(sa.select(BillingException.customer_id, BillingException.kind)).all()
    assert sorted(map(tuple, kinds)) == [(backward.id, "backward"), (missing.id, "missing_reading")]
    drafts = session.scalars(sa.select(Bill)).all()
    assert {bill.customer_id for bill in drafts} == {each.id for each in good}
    assert {bill.state for bill in drafts} == {"draft"}
    assert run.energy == sum(bill.energy for bill in drafts)
    assert run.amount == sum(bill.amount for bill in drafts)
    assert late.id not in {bill.customer_id for bill in drafts}
    assert release(clock, number) == 5
    bill = session.scalars(sa.select(Bill).where(Bill.customer_id == good[0].id)).one()
    assert (bill.state, bill.issued_on, bill.due_on) == ("issued", date(2026, 3, 2), date(2026, 3, 22))


def test_a_run_that_was_killed_goes_on_where_its_last_commit_was(
    app: Flask, clock: FrozenClock, unit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "CHUNK", 2)
    monkeypatch.setattr(running.step, "__kwdefaults__", {"chunk": 2})
    for place in range(7):
        account(clock, readings=monthly(JANUARY, 100 + place), unit_path=unit)
    number = start(clock)
    run_id = find(number).id
    jobs.run_due(clock.now(), 1)
    assert find(number).done == 2

    def dies() -> None:
        running.step_and_go_on(run_id, now=clock.now())
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        db.run(dies)
    assert find(number).done == 2
    work(clock)
    run = find(number)
    assert (run.state, run.done, run.billed) == ("done", 7, 7)
    assert session.scalar(sa.select(sa.func.count(sa.distinct(Bill.customer_id)))) == 7


def test_a_second_run_of_the_period_bills_only_who_was_left(app: Flask, clock: FrozenClock, unit: str) -> None:
    account(clock, readings=monthly(JANUARY, 100), unit_path=unit)
    missing = account(clock, readings={date(2025, 12, 1): 0}, unit_path=unit)
    release_later = start(clock)
    work(clock)
    release(clock, release_later)
    missing.read(date(2026, 2, 1), 120)
    number = start(clock)
    work(clock)
    assert (find(number).billed, find(number).skipped) == (1, 1)


def test_an_unusual_bill_waits_for_somebodys_look(app: Flask, clock: FrozenClock, unit: str) -> None:
    customer = account(clock, readings=monthly(date(2025, 12, 1), 100, 900), unit_path=unit)
    customer.bill("202601")
    clock.set(clock.now())
    number = start(clock)
    work(clock)
    row = session.scalars(sa.select(BillingException)).one()
    assert (row.kind, row.blocking, row.details["energy"], row.details["usual"]) == ("outlier", False, "900", "100")
    assert release(clock, number) == 0
    db.run(lambda: operations.settle_exception(row.id, accept=True, note="装修用电", actor=SYSTEM, now=clock.now()))
    assert release(clock, number) == 1


def test_an_unusual_bill_that_is_refused_is_void(app: Flask, clock: FrozenClock, unit: str) -> None:
    customer = account(clock, readings=monthly(date(2025, 12, 1), 100, 900), unit_path=unit)
    customer.bill("202601")
    start(clock)
    work(clock)
    row = session.scalars(sa.select(BillingException)).one()
    db.run(lambda: operations.settle_exception(row.id, accept=False, note="估抄", actor=SYSTEM, now=clock.now()))
    states = session.scalars(sa.select(Bill.state).order_by(Bill.id)).all()
    assert states == ["issued", "void"]


def test_a_discarded_run_leaves_nothing_and_can_be_done_again(app: Flask, clock: FrozenClock, unit: str) -> None:
    account(clock, readings=monthly(JANUARY, 100), unit_path=unit)
    number = start(clock)
    with pytest.raises(RunNotNow):
        release(clock, number)
    work(clock)
    assert db.run(lambda: operations.discard_run(number, actor=SYSTEM, now=clock.now())) == 1
    again = start(clock)
    work(clock)
    assert find(again).billed == 1
    with pytest.raises(RunNotNow):
        release(clock, number)


def test_money_held_in_advance_pays_released_bills(app: Flask, clock: FrozenClock, unit: str) -> None:
    customer = account(clock, readings=monthly(JANUARY, 100), unit_path=unit)
    customer.pay("80", date(2026, 3, 2))
    number = start(clock)
    work(clock)
    release(clock, number)
    work(clock)
    bill = session.scalars(sa.select(Bill)).one()
    session.refresh(bill)
    assert (bill.state, customer.balance) == ("paid", Decimal("30.00"))


def test_a_bill_issued_by_hand_settles_the_exception(app: Flask, clock: FrozenClock, unit: str) -> None:
    missing = account(clock, readings={date(2025, 12, 1): 0}, unit_path=unit)
    start(clock)
    work(clock)
    missing.read(date(2026, 2, 1), 120)
    missing.bill("202602")
    assert session.scalars(sa.select(BillingException.state)).all() == ["billed"]


def test_segments_limit_a_run(app: Flask, clock: FrozenClock, unit: str) -> None:
    account(clock, readings=monthly(JANUARY, 100), unit_path=unit)
    account(clock, readings=monthly(JANUARY, 100), unit_path=unit, segment_code="S9")
    number = start(clock, segments=["S9"])
    work(clock)
    assert (find(number).total, find(number).billed) == (1, 1)
