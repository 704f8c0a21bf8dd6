"""Cutting off for arrears through its process: notice, approval, reminder, cut, payment, restoring."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.billing.models import CutOffNotice
from app.billing.operations.cutting import NoticeUnderWay, NotInArrears, begin_notice
from app.customers.models import Customer
from app.engine import api as engine
from app.engine.definitions.deploy import deploy
from app.kernel import db
from app.kernel.actor import SYSTEM
from app.kernel.clock import LOCAL, FrozenClock
from app.kernel.db import session
from app.kernel.settings import ROOT
from tests.billing.accounts import Account, account, monthly
from tests.identity.factories import make_unit

pytestmark = pytest.mark.usefixtures("rules")


@pytest.fixture
def debtor(app: Flask, clock: FrozenClock) -> Account:
    """A resident 41 days overdue with 300 yuan."""
    paths = [*ROOT.glob("bpmn/arrears_cut_off/*.[bd]*"), *ROOT.glob("forms/arrears_cut_off/*.form")]
    files = {str(path.relative_to(ROOT)): path.read_bytes() for path in paths}
    db.run(lambda: deploy(files, actor=SYSTEM, now=clock.now()))
    unit = make_unit("U")
    customer = account(clock, readings=monthly(date(2026, 1, 1), 600), unit_path=unit.path)
    customer.bill("202602", date(2026, 2, 2))
    clock.set(datetime(2026, 4, 4, 9, tzinfo=LOCAL))
    return customer


def begin(debtor: Account) -> str:
    return db.run(lambda: begin_notice(debtor.number, actor=SYSTEM, now=debtor.clock.now()))


def complete(notice: str, element: str, clock: FrozenClock, **data: Any) -> None:
    tasks = {
        task.element_id: task
        for view in engine.list_instances(business_key=notice)
        for task in engine.open_tasks(view.id)
    }
    db.run(lambda: engine.complete(tasks[element].id, data, actor=SYSTEM, now=clock.now()))


def wait(clock: FrozenClock, **time: int) -> None:
    clock.set(clock.now() + timedelta(**time))
    engine.fire_timers(clock.now(), limit=10)


def row(notice: str) -> CutOffNotice:
    session.expire_all()
    return session.scalars(sa.select(CutOffNotice).where(CutOffNotice.number == notice)).one()


def cut_off(debtor: Account) -> bool:
    session.expire_all()
    return session.get_one(Customer, debtor.id).cut_off


def test_cut_off_after_notice_and_restored_after_payment(debtor: Account, clock: FrozenClock) -> None:
    notice = begin(debtor)
    complete(notice, "deliver", clock, deliver_way="hand", deliver_to="王芳")
    assert (row(notice).state, row(notice).cut_from) == ("noticed", clock.now() + timedelta(days=7))
    wait(clock, days=7)
    complete(notice, "approve", clock, approve_action="cut", approve_reason="多次催缴")
    complete(notice, "remind", clock, remind_way="phone")
    wait(clock, minutes=30)
    complete(notice, "cut", clock, cut_result="cut")
    assert (row(notice).state, cut_off(debtor)) == ("cut", True)
    with pytest.raises(NoticeUnderWay):
        begin(debtor)
    debtor.pay("100", date(2026, 4, 12))
    assert row(notice).state == "cut"
    debtor.pay("300", date(2026, 4, 13))
    found = row(notice)
    assert (found.state, found.restore_due) == ("restoring", clock.now() + timedelta(hours=24))
    complete(notice, "restore", clock)
    assert (row(notice).state, cut_off(debtor)) == ("restored", False)


def test_a_payment_calls_the_notice_off(debtor: Account, clock: FrozenClock) -> None:
    notice = begin(debtor)
    complete(notice, "deliver", clock, deliver_way="phone", deliver_to="王芳")
    debtor.pay("400", date(2026, 4, 5))
    assert (row(notice).state, cut_off(debtor)) == ("paid", False)
    with pytest.raises(NotInArrears):
        begin(debtor)


def test_important_customers_are_exempt(debtor: Account) -> None:
    db.run(lambda: session.execute(sa.update(Customer).values(importance="first")))
    found = row(begin(debtor))
    assert (found.state, found.reason) == ("exempt", "重要用户不停电催费")
