"""A reminder of arrears by telephone, from the diagram to the promise: process, job, ivr process, switch, process."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from app.billing.models import CutOffNotice, PaymentPromise
from app.billing.operations import promising
from app.customers.models import Contact, Customer, CustomerSetting
from app.engine import api as engine
from app.kernel import db, jobs
from app.kernel.actor import SYSTEM
from app.kernel.clock import LOCAL, FrozenClock
from app.kernel.db import session
from app.kernel.settings import ROOT
from app.telephony.config import KEY
from app.telephony.outbound.models import PhoneCall
from app.telephony.standin import Phone, Script
from tests.billing import conftest as billing
from tests.billing.accounts import Account
from tests.billing.operations import test_cutting as cutting
from tests.telephony.line.house import Line, played, until, with_flows

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("rules")]

rules, debtor = billing.rules, cutting.debtor
PHONE = "13900139000"


@pytest.fixture
def line_app(app: Flask, tmp_path: Path) -> Iterator[Flask]:
    """The application with the shipped flow of the reminder."""
    before = app.extensions["lightline.settings"], app.extensions[KEY]
    with_flows(app, tmp_path)
    folder = app.extensions["lightline.settings"].ivr_dir
    for name in ("outbound_arrears", "outbound_message", "defaults", "apology", "agent"):
        (folder / f"{name}.yaml").write_bytes((ROOT / "ivr_flows" / f"{name}.yaml").read_bytes())
    yield app
    app.extensions["lightline.settings"], app.extensions[KEY] = before


def reachable(debtor: Account) -> None:
    contact = Contact(customer_id=debtor.id, name="王芳", role="owner", phone=PHONE, phone_reversed=PHONE[::-1])
    db.run(lambda: session.add(contact))


def noticed(debtor: Account, clock: FrozenClock) -> str:
    """The notice is delivered and has run."""
    notice = cutting.begin(debtor)
    cutting.complete(notice, "deliver", clock, deliver_way="hand", deliver_to="王芳")
    cutting.wait(clock, days=7)
    jobs.run_due(clock.now())
    return notice


def called(app: Flask, folder: Path, keys: str) -> None:
    """The ivr process makes the call; the customer presses these keys."""

    async def work(line: Line) -> None:
        line.switch.phones[PHONE] = Phone(caller=Script.read(keys))
        await line.process._dial()
        await until(lambda: not line.process.house.outgoing, 20)
        await line.written()

    session.remove()
    played(app, folder, work)


def tasks(notice: str) -> set[str]:
    session.expire_all()
    found = engine.list_instances(business_key=notice)
    return {task.element_id for view in found for task in engine.open_tasks(view.id)}


def promise() -> PaymentPromise:
    session.expire_all()
    return session.scalars(sa.select(PaymentPromise)).one()


def test_a_promise_by_key_holds_up_the_cut_until_its_day(
    line_app: Flask, debtor: Account, clock: FrozenClock, tmp_path: Path
) -> None:
    reachable(debtor)
    notice = noticed(debtor, clock)
    assert tasks(notice) == set()
    called(line_app, tmp_path, "asked 1; asked 3; wait 20")
    made = promise()
    call = session.query(PhoneCall).one()
    assert (call.purpose, call.number, call.state, call.result) == ("arrears", PHONE, "done", "PROMISED")
    assert made.promised_on == clock.now().astimezone(LOCAL).date() + timedelta(days=3)
    assert (made.customer_id, made.state, made.phone) == (debtor.id, "open", PHONE)
    assert made.amount > 300
    assert made.call_ref
    assert tasks(notice) == set()
    cutting.wait(clock, days=3)
    assert tasks(notice) == set()
    cutting.wait(clock, days=1)
    assert tasks(notice) == {"approve"}
    assert promise().state == "broken"


def test_who_pays_as_promised_keeps_the_promise_and_the_supply(
    line_app: Flask, debtor: Account, clock: FrozenClock, tmp_path: Path
) -> None:
    reachable(debtor)
    notice = noticed(debtor, clock)
    called(line_app, tmp_path, "asked 1; asked 3; wait 20")
    clock.set(clock.now() + timedelta(days=2))
    debtor.pay("400", clock.now().date())
    assert promise().state == "kept"
    assert cutting.row(notice).state == "paid"


@pytest.mark.parametrize(("keys", "result"), [("asked 2; wait 20", "DISPUTED"), ("asked 3; wait 20", "WRONG_PERSON")])
def test_what_else_is_said_goes_to_whoever_approves(
    line_app: Flask, debtor: Account, clock: FrozenClock, tmp_path: Path, keys: str, result: str
) -> None:
    reachable(debtor)
    notice = noticed(debtor, clock)
    called(line_app, tmp_path, keys)
    assert tasks(notice) == {"approve"}
    (view,) = engine.list_instances(business_key=notice)
    (task,) = engine.open_tasks(view.id)
    assert engine.task_data(task.id)["delivery_error"] == result
    assert session.query(PaymentPromise).count() == 0


def test_who_wants_no_calls_gets_none(debtor: Account, clock: FrozenClock) -> None:
    reachable(debtor)
    db.run(
        lambda: session.add(
            CustomerSetting(customer_id=debtor.id, do_not_call=True, updated_at=clock.now(), updated_by="x")
        )
    )
    notice = noticed(debtor, clock)
    assert tasks(notice) == {"approve"}
    assert session.query(PhoneCall).count() == 0


def test_quiet_hours_put_the_call_off(debtor: Account, clock: FrozenClock) -> None:
    reachable(debtor)
    clock.set(clock.now().astimezone(LOCAL).replace(hour=22))
    noticed(debtor, clock)
    call = session.query(PhoneCall).one()
    assert call.next_at is not None
    assert call.next_at.astimezone(LOCAL).hour == 8


def test_the_day_is_kept_once_though_it_is_told_twice(debtor: Account, clock: FrozenClock) -> None:
    notice = cutting.begin(debtor)
    told = {"promised_on": date(2026, 4, 14).isoformat(), "call": "c-1", "phone": PHONE}
    for _time in range(2):
        row = session.scalars(sa.select(CutOffNotice).where(CutOffNotice.number == notice)).one()
        until_ = db.run(lambda row=row: promising.record_promise(row.id, told, actor=SYSTEM, now=clock.now()))
    assert datetime.fromisoformat(until_["promised_until"]).date() == date(2026, 4, 15)
    assert session.query(PaymentPromise).count() == 1
    assert session.get_one(Customer, debtor.id).cut_off is False
