"""One planned outage, told by every way: a call through the switch, an HTTP gateway, an SMTP server, line and web.

And what becomes of customers whose way leads nowhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.customers.models import Contact, Customer, CustomerSetting
from app.engine.definitions.deploy import deploy
from app.kernel import db
from app.kernel.actor import SYSTEM
from app.kernel.clock import FrozenClock
from app.kernel.db import session
from app.kernel.settings import ROOT
from app.notify.channels import text_message
from app.outages.models import Outage, OutageNotice
from app.outages.queries.notices import ToldView, notices_of, told_of
from app.telephony.calls.models import Call as CallRecord
from app.telephony.config import KEY
from app.telephony.outbound.models import PhoneCall
from app.telephony.standin import Phone, Script
from tests.identity.factories import make_user, sign_in
from tests.notify.outside import Gateway, Mailbox, mail_server, text_gateway
from tests.outages.handling.conftest import FOLDERS
from tests.outages.handling.grid_town import Place, settle
from tests.outages.handling.test_planned import asked, begin_of, outage, pass_and_approve
from tests.telephony.hotline.calls import Call
from tests.telephony.line.house import Line, played, until, with_flows
from tests.workorders.house import House, build, definitions

DAY = timedelta(days=1)


@pytest.fixture
def house(app: Flask, clock: FrozenClock) -> House:
    made = build(clock)
    for post in ("outage_planner", "grid_planner"):
        made.people[post] = make_user(f"{post}1", posts=[(post, made.units["GM-LJ-QS"])])
    db.run(lambda: deploy(definitions(*FOLDERS), actor=SYSTEM, now=clock.now()))
    return made


@pytest.fixture
def place(house: House) -> Place:
    return settle(house)


@pytest.fixture
def mailbox(app: Flask) -> Iterator[Mailbox]:
    with mail_server(app) as box:
        yield box


@pytest.fixture
def gateway(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    monkeypatch.setenv("SMS_TEST_TOKEN", "secret")
    with text_gateway(app, tmp_path) as state:
        yield state


def likes(place: int, of: Place, *channels: str, email: str = "", phone: str | None = None, **setting: Any) -> str:
    """A customer's own ways and addresses; returns their telephone number."""

    def work() -> str:
        key = of.ids[place]
        contact = session.scalars(sa.select(Contact).where(Contact.customer_id == key)).one()
        contact.email, contact.phone = email, contact.phone if phone is None else phone
        values = {"channels": list(channels), "updated_at": session.get_one(Customer, key).created_at, **setting}
        session.add(CustomerSetting(customer_id=key, updated_by="t", **values))
        return contact.phone

    return db.run(work)


def dial(app: Flask, folder: Path, phones: dict[str, Phone], over: Callable[[], bool]) -> None:
    """Let the ivr process dial what is due, with the shipped flows, until it is over."""
    before = app.extensions["lightline.settings"], app.extensions[KEY]
    with_flows(app, folder, ROOT / "ivr_flows")

    async def work(line: Line) -> None:
        line.switch.phones.update(phones)
        await line.process._dial()
        await until(lambda: over() and not line.process.house.outgoing, 20)

    try:
        played(app, folder, work)
    finally:
        app.extensions["lightline.settings"], app.extensions[KEY] = before


def call_is(app: Flask, *states: str) -> Callable[[], bool]:
    def look() -> bool:
        with app.app_context():
            return {row.state for row in session.query(PhoneCall)} <= set(states)

    return look


def told(number: str) -> dict[int, ToldView]:
    session.rollback()
    found = session.scalars(sa.select(Outage).where(Outage.number == number)).one()
    return {one.customer_id: one for one in told_of(found.id)}


def test_four_customers_hear_of_a_planned_outage_by_four_ways(
    app: Flask, house: House, place: Place, gateway: Gateway, mailbox: Mailbox, tmp_path: Path, client: FlaskClient
) -> None:
    called, texted = likes(0, place, "phone"), likes(1, place, "sms", language="en")
    likes(2, place, "email", email="li@example.cn")
    likes(3, place, phone="")
    number = asked(house, place)
    pass_and_approve(house, number)
    notice = session.scalars(sa.select(OutageNotice)).one()
    phone = Phone(caller=Script.read("asked 1"))
    dial(app, tmp_path, {called: phone}, call_is(app, "done"))

    found = told(number)
    ways = [(found[key].channel, found[key].state, found[key].why) for key in place.ids[:4]]
    assert ways == [
        ("phone", "sent", ""),
        ("sms", "sent", ""),
        ("email", "sent", ""),
        ("", "unreachable", "no_address"),
    ]
    spoken = session.query(PhoneCall).one()
    assert (spoken.text, spoken.result, spoken.purpose) == (notice.text, "ANSWERED_CONFIRMED", "outage")
    assert session.query(CallRecord).filter_by(direction="out").count() == 1
    bodies = {one["mobile"]: one["content"] for one in gateway.asked}
    assert bodies[texted.removeprefix("+86")] == notice.text_en
    [mail] = [message_from_bytes(each, policy=default) for each in mailbox.mails]
    assert (mail["To"], number in mail["Subject"]) == ("li@example.cn", True)
    assert mail.get_content().strip().replace("\n", "") == notice.text
    assert all(one.finished_at for one in found.values() if one.state == "sent"), "who was told when is on record"

    account = session.get_one(Customer, place.ids[3]).number
    assert "计划" in client.get("/outages/public").text
    answer = client.post("/outages/public", data={"q": account}).text
    assert "更换开关" in answer
    begins = begin_of(number)
    house.clock.set(begins - DAY)
    db.run(
        lambda: (
            session.scalars(sa.select(Contact).where(Contact.customer_id == place.ids[3]))
            .one()
            .__setattr__("phone", "+8613700137000")
        )
    )
    on_the_line = Call(house.clock, number="13700137000").press("1", "3", "2").words()
    assert "更换开关" in on_the_line, "the announcement names the cause"


def test_a_way_that_leads_nowhere_is_followed_by_the_next(
    app: Flask,
    house: House,
    place: Place,
    gateway: Gateway,
    mailbox: Mailbox,
    tmp_path: Path,
    client: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The gateway refuses numbers; whoever can be called but does not answer gets a mail; one has nothing else."""
    gateway.answers = [(200, {"code": "BAD_NUMBER"})]
    silent = likes(0, place, email="wang@example.cn")
    others = [likes(n, place, "email", email=f"c{n}@example.cn") for n in range(2, len(place.ids))]
    lone = likes(1, place, "sms")
    number = asked(house, place)
    pass_and_approve(house, number)
    assert len(others) + 2 == len(place.ids)
    for _ in range(3):
        dial(app, tmp_path / str(_), {silent: Phone(rings=90)}, lambda: not due(app, house))
        house.advance(timedelta(minutes=31))
    found = told(number)
    first, second = (found[key] for key in place.ids[:2])
    assert (first.channel, first.state, [(way.channel, way.reason) for way in first.tried]) == (
        "email",
        "sent",
        [("sms", "bad_number"), ("phone", "no_answer")],
    )
    assert (second.channel, second.state, second.reason, second.recipient) == ("sms", "failed", "bad_number", lone)
    sign_in(client, house.people["dispatcher"])
    page = client.get(f"/outages/{number}/told").text
    assert "号码有误，请更正联系方式" in page
    assert "无人接听" in page
    (notice,) = notices_of(outage(number).id)
    assert notice.numbers["failed"] == 1
    assert notice.numbers["told"] == len(place.ids) - 1


def due(app: Flask, house: House) -> bool:
    with app.app_context():
        return session.query(PhoneCall).filter(PhoneCall.next_at <= house.now).count() > 0


@pytest.mark.parametrize("trouble", ["500", "timeout"])
def test_a_gateway_in_trouble_is_asked_again_and_then_given_up(
    house: House,
    place: Place,
    gateway: Gateway,
    mailbox: Mailbox,
    client: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
    trouble: str,
) -> None:
    """Most get it a moment later; where it stays away the customer's mail is next, and the reason is on record."""
    monkeypatch.setattr(text_message, "TIMEOUT", 0.2)
    if trouble == "500":
        gateway.answers = [(500, {})]
    else:
        gateway.slow = 0.4
    for n in range(1, len(place.ids)):
        likes(n, place, "sms", "email", email=f"c{n}@example.cn")
    likes(0, place, "sms")
    number = asked(house, place)
    pass_and_approve(house, number)
    assert {one.state for one in told(number).values()} == {"queued"}
    house.advance(timedelta(minutes=20))
    found = told(number)
    lone = found[place.ids[0]]
    assert (lone.channel, lone.state, lone.reason) == ("sms", "failed", "gateway_down")
    assert {(found[key].channel, found[key].state) for key in place.ids[1:]} == {("email", "sent")}
    assert len(mailbox.mails) == len(place.ids) - 1
    keys = Counter(one["request_id"] for one in gateway.asked)
    assert len(keys) == len(place.ids), "the same key at each attempt"
    assert max(keys.values()) <= 6, "five attempts, for one of them after that of the lot"
    sign_in(client, house.people["dispatcher"])
    assert "网关未受理" in client.get(f"/outages/{number}/told?state=failed").text
