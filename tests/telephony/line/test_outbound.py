"""Calls that we make: dialled when due, spoken, confirmed by a key, told; faxes sent."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image

from app.kernel import db, lookups
from app.kernel.actor import SYSTEM
from app.kernel.clock import LOCAL
from app.kernel.db import session
from app.kernel.registry import registry
from app.kernel.settings import ROOT
from app.telephony.calls.models import Call
from app.telephony.fax.models import FaxAttempt, FaxJob
from app.telephony.line import faxes as line_faxes
from app.telephony.outbound import faxes
from app.telephony.outbound import operations as outbound
from app.telephony.outbound.models import PhoneAttempt, PhoneCall
from app.telephony.standin import Phone, Script
from tests.conftest import START
from tests.telephony.line.house import Line, played, until

NUMBER = "13900139000"


@pytest.fixture
def outbound_app(line_app: Flask) -> Flask:
    """The application with the shipped flows of outbound calls, and a call wanted."""
    folder = line_app.extensions["lightline.settings"].ivr_dir
    for name in ("outbound_message", "outbound_callback", "defaults", "apology"):
        (folder / f"{name}.yaml").write_bytes((ROOT / "ivr_flows" / f"{name}.yaml").read_bytes())
    (folder / "agent.yaml").write_bytes((ROOT / "ivr_flows" / "agent.yaml").read_bytes())
    assert START.tzinfo is LOCAL
    return line_app


def want(app: Flask, number: str = NUMBER) -> None:
    with app.app_context():
        message = outbound.Message(number, "今晚八点停电")
        db.run(lambda: outbound.want_message(message, key="k", actor=SYSTEM, now=START))


def state(app: Flask) -> tuple[str, str]:
    with app.app_context():
        row = session.query(PhoneCall).one()
        return row.state, row.result


@pytest.mark.parametrize(
    ("phone", "told"),
    [
        (Phone(caller=Script.read("asked 1")), ("done", "ANSWERED_CONFIRMED")),
        (Phone(caller=Script.read("asked 2")), ("failed", "WRONG_PERSON")),
        (Phone(caller=Script.read("asked; hang up")), ("queued", "ANSWERED_NO_CONFIRM")),
        (Phone(cause="USER_BUSY"), ("queued", "BUSY")),
        (Phone(rings=90), ("queued", "NO_ANSWER")),
        (Phone(cause="UNALLOCATED_NUMBER"), ("failed", "INVALID_NUMBER")),
        (Phone(cause="SOMETHING_ODD"), ("queued", "LINE_FAILURE")),
    ],
)
def test_a_message_is_spoken_and_its_result_kept(
    outbound_app: Flask, tmp_path: Path, phone: Phone, told: tuple[str, str]
) -> None:
    want(outbound_app)

    async def work(line: Line) -> None:
        line.switch.phones[NUMBER] = phone
        await line.process._dial()
        await until(lambda: state(outbound_app)[1] != "" and not line.process.house.outgoing)

    played(outbound_app, tmp_path, work)
    assert state(outbound_app) == told
    with outbound_app.app_context():
        attempt = session.query(PhoneAttempt).one()
        calls = session.query(Call).filter_by(key=attempt.call_key).all()
        assert [call.direction for call in calls] == (["out"] if phone.caller else [])


def test_while_the_link_is_down_nothing_is_dialled(outbound_app: Flask, tmp_path: Path) -> None:
    want(outbound_app)

    async def work(line: Line) -> None:
        line.switch.cut_links()
        await until(lambda: not line.process.house.link.up)
        await line.process._dial()

    played(outbound_app, tmp_path, work)
    assert state(outbound_app) == ("queued", "")


@pytest.mark.parametrize(
    ("phone", "outcome"),
    [(Phone(), "SENT"), (Phone(fax="not_fax"), "NOT_FAX"), (Phone(cause="USER_BUSY"), "BUSY")],
)
def test_a_fax_is_sent_and_its_result_kept(
    outbound_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, phone: Phone, outcome: str
) -> None:
    page = tmp_path / "page.tif"
    Image.new("1", (1728, 100), 1).save(page, "TIFF", compression="group4")
    monkeypatch.setattr(line_faxes, "pages", lambda *_args, **_named: page)
    with outbound_app.app_context():
        db.run(lambda: faxes.want("letter", {}, number=NUMBER, language="zh", key="f", actor=SYSTEM, now=START))

    def last() -> str:
        with outbound_app.app_context():
            attempt = session.query(FaxAttempt).one_or_none()
            return attempt.outcome if attempt else ""

    async def work(line: Line) -> None:
        line.switch.phones[NUMBER] = phone
        await line.process._fax()
        await until(lambda: last() != "")

    played(outbound_app, tmp_path, work)
    assert last() == outcome
    with outbound_app.app_context():
        assert session.query(FaxJob).one().state == outcome


@pytest.mark.parametrize(
    ("owes", "welcome", "keys", "told"),
    [
        (True, True, "asked 1; asked 3", ("done", "PROMISED")),
        (True, True, "asked 2", ("failed", "DISPUTED")),
        (False, True, "asked 1", ("cancelled", "NOT_NEEDED")),
        (True, False, "asked 1", ("cancelled", "NOT_ALLOWED")),
    ],
)
def test_arrears_are_checked_again_right_before_dialling(
    outbound_app: Flask,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    owes: bool,
    welcome: bool,
    keys: str,
    told: tuple[str, str],
) -> None:
    folder = outbound_app.extensions["lightline.settings"].ivr_dir
    (folder / "outbound_arrears.yaml").write_bytes((ROOT / "ivr_flows" / "outbound_arrears.yaml").read_bytes())
    answers = {"billing.still_owes": (owes, "NOT_NEEDED"), "customers.may_call": (welcome, "NOT_ALLOWED")}
    for name, (allowed, why) in answers.items():
        lookup = registry.get_lookup(name)
        answer = {"allowed": allowed, "why": "" if allowed else why}
        asked = dataclasses.replace(lookup, handler=lambda answer=answer, **_named: answer)
        monkeypatch.setitem(registry.lookups, name, asked)
    with outbound_app.app_context():
        message = outbound.Message(NUMBER, "您有电费未缴", purpose="arrears", details={"account_no": "1"})
        db.run(lambda: outbound.want_message(message, key="k", actor=SYSTEM, now=START))

    async def work(line: Line) -> None:
        line.switch.phones[NUMBER] = Phone(caller=Script.read(keys))
        await line.process._dial()
        await until(lambda: state(outbound_app)[1] != "" and not line.process.house.outgoing)

    played(outbound_app, tmp_path, work)
    assert state(outbound_app) == told
    with outbound_app.app_context():
        assert session.query(PhoneAttempt).count() == (told[0] != "cancelled")


@pytest.mark.parametrize("name", ["billing.still_owes", "customers.may_call"])
def test_an_account_that_is_not_there_is_not_called(outbound_app: Flask, name: str) -> None:
    with outbound_app.app_context():
        answer = lookups.ask(name, {"account_no": ""}, actor=SYSTEM, now=START)
    assert answer["allowed"] is False
    assert answer["why"]
