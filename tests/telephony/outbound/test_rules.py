"""When people are called: quiet hours, attempts, bounds; an attempt that is lost, told twice, given back."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app.kernel import db
from app.kernel.actor import SYSTEM
from app.kernel.clock import LOCAL
from app.kernel.db import session
from app.kernel.registry import registry
from app.notify import channels, deliveries
from app.notify.models import Delivery
from app.telephony.outbound import faxes
from app.telephony.outbound import operations as outbound
from app.telephony.outbound.models import PhoneAttempt, PhoneCall
from app.telephony.outbound.operations.wanting import NoNumber
from app.telephony.outbound.rules import rules
from tests.conftest import START


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


@pytest.mark.parametrize(
    ("asked", "allowed"),
    [
        ("2026-03-02T09:00", "2026-03-02T09:00"),
        ("2026-03-02T11:59", "2026-03-02T11:59"),
        ("2026-03-02T12:00", "2026-03-02T14:00"),
        ("2026-03-02T13:59", "2026-03-02T14:00"),
        ("2026-03-02T20:59", "2026-03-02T20:59"),
        ("2026-03-02T21:00", "2026-03-03T08:00"),
        ("2026-03-03T00:00", "2026-03-03T08:00"),
        ("2026-03-03T07:59", "2026-03-03T08:00"),
    ],
)
def test_nobody_is_called_in_quiet_hours(app: Flask, asked: str, allowed: str) -> None:
    with app.app_context():
        assert rules().allowed_from(at(asked), rules().purpose("notice")) == at(allowed)
        assert rules().allowed_from(at(asked), rules().purpose("urgent")) == at(asked)


def want(key: str = "k", purpose: str = "notice", now: datetime = START, number: str = "13800138000") -> int:
    message = outbound.Message(number, "今晚八点停电", purpose=purpose)
    return db.run(lambda: outbound.want_message(message, key=key, actor=SYSTEM, now=now))


def claim(now: datetime) -> list[outbound.Claimed]:
    return db.run(lambda: outbound.claim("test", most=10, now=now))


def told(call: outbound.Claimed, result: str, now: datetime) -> None:
    db.run(lambda: outbound.attempt_ended(call.call_key, result=result, now=now))


def test_a_key_is_one_call_and_one_claim(app: Flask) -> None:
    with app.app_context():
        assert want() == want()
        assert len(claim(START)) == 1
        assert claim(START) == []


def test_no_answer_is_tried_again_as_the_rule_says_and_then_failed(app: Flask) -> None:
    with app.app_context():
        want()
        now = START
        for attempt in range(3):
            (call,) = claim(now)
            told(call, "NO_ANSWER", now)
            assert claim(now + timedelta(minutes=29)) == []
            now += timedelta(minutes=30)
            assert session.scalar(sa.select(PhoneCall.attempts)) == attempt + 1
        row = session.scalars(sa.select(PhoneCall)).one()
        assert (row.state, row.result) == ("failed", "NO_ANSWER")


@pytest.mark.parametrize("result", ["ANSWERED_CONFIRMED", "INVALID_NUMBER", "REFUSED", "WRONG_PERSON"])
def test_a_final_result_is_final(app: Flask, result: str) -> None:
    with app.app_context():
        want()
        (call,) = claim(START)
        told(call, result, START)
        told(call, "NO_ANSWER", START)
        assert claim(START + timedelta(hours=2)) == []
        row = session.scalars(sa.select(PhoneCall)).one()
        assert row.result == result
        assert row.state == ("done" if result == "ANSWERED_CONFIRMED" else "failed")


def test_arrears_are_spoken_of_once_a_day_to_a_number(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("billing.still_owes", "customers.may_call"):  # both in favour: the bounds are looked at here
        lookup = dataclasses.replace(registry.get_lookup(name), handler=lambda **_named: {"allowed": True, "why": ""})
        monkeypatch.setitem(registry.lookups, name, lookup)
    with app.app_context():
        want("one", "arrears")
        want("two", "arrears")
        (first,) = claim(START)
        told(first, "ANSWERED_CONFIRMED", START)
        assert claim(START + timedelta(hours=5)) == []
        assert len(claim(START + timedelta(hours=24))) == 1


def test_a_check_that_nobody_registered_stops_its_call_and_no_other(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(registry.lookups, "billing.still_owes")
    with app.app_context():
        want("one", "arrears")
        want("two")
        (call,) = claim(START)
        assert call.purpose == "notice"
        row = session.scalars(sa.select(PhoneCall).where(PhoneCall.purpose == "arrears")).one()
        assert (row.state, row.result) == ("cancelled", "NOT_ALLOWED")


def test_a_process_that_dies_while_dialling_costs_an_attempt_and_no_more(app: Flask) -> None:
    with app.app_context():
        want()
        (call,) = claim(START)
        later = START + timedelta(minutes=16)
        assert claim(later) == []
        attempt = session.scalars(sa.select(PhoneAttempt)).one()
        assert (attempt.result, attempt.cause) == ("LINE_FAILURE", "LOST")
        (again,) = claim(later + timedelta(minutes=30))
        assert again.call_key != call.call_key


def test_what_did_not_reach_the_switch_does_not_count(app: Flask) -> None:
    with app.app_context():
        want()
        (call,) = claim(START)
        db.run(lambda: outbound.give_back(call.call_key, now=START))
        assert session.scalar(sa.select(PhoneCall.attempts)) == 0
        assert len(claim(START + timedelta(seconds=30))) == 1


def test_nothing_is_dialled_after_its_time(app: Flask) -> None:
    with app.app_context():
        want()
        assert claim(START + timedelta(hours=30)) == []
        assert session.scalars(sa.select(PhoneCall)).one().state == "failed"


@pytest.mark.parametrize(
    "number", ["", "1" * 40, "138 0013\n8000", "${system(id)}", "sofia/gateway/x", "138,139", "１３８"]
)
def test_what_is_no_number_is_refused(app: Flask, number: str) -> None:
    with app.app_context(), pytest.raises(NoNumber):
        want(number=number)


def test_a_delivery_by_phone_is_handed_over_and_reported(app: Flask) -> None:
    with app.app_context():
        row = db.run(
            lambda: deliveries.send(
                channel="phone", to="13800138000", text="停电通知", key="d1", actor=SYSTEM, now=START
            )
        )
        message = channels.Message(channel="phone", to="13800138000", subject="", text="停电通知", key="d1")
        outcome = channels.sender("phone")(message)
        assert channels.sender("phone")(message) == outcome
        assert outcome.state == "handed"
        db.run(lambda: deliveries.report(row, state="handed", now=START))
        (call,) = claim(START)
        told(call, "ANSWERED_CONFIRMED", START)
        assert session.get_one(Delivery, row).state == "sent"


def test_somebody_who_waits_for_a_callback_waits_for_one(app: Flask) -> None:
    with app.app_context():
        wanted = outbound.Callback("service", "13800138000")
        one = db.run(lambda: outbound.want_callback(wanted, key="a", actor=SYSTEM, now=START))
        assert db.run(lambda: outbound.want_callback(wanted, key="b", actor=SYSTEM, now=START)) == one
        (call,) = claim(at("2026-03-02T22:00") - timedelta(hours=9))
        assert (call.kind, call.queue) == ("callback", "service")


def test_a_fax_is_tried_three_times_more_five_minutes_apart(app: Flask) -> None:
    with app.app_context():
        db.run(
            lambda: faxes.want(
                "letter", {"text": "x"}, number="057112345678", language="zh", key="f", actor=SYSTEM, now=START
            )
        )
        now = START
        states = []
        for _attempt in range(4):
            (one,) = db.run(lambda now=now: faxes.claim(most=5, now=now))
            db.run(lambda one=one, now=now: faxes.ended(one.id, one.n, state="BUSY", now=now))
            states.append(one.n)
            assert db.run(lambda now=now: faxes.claim(most=5, now=now + timedelta(minutes=4))) == []
            now += timedelta(minutes=5)
        assert states == [1, 2, 3, 4]
        assert db.run(lambda: faxes.claim(most=5, now=now + timedelta(hours=1))) == []
