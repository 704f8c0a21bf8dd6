"""Telling a crowd: each once, across batches, whatever breaks; quiet hours; nobody hears what no longer holds."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.kernel import db, jobs
from app.kernel.actor import SYSTEM
from app.kernel.clock import LOCAL, FrozenClock
from app.kernel.db import session
from app.kernel.jobs import claims
from app.notify import sending
from app.notify.models import Delivery
from app.outages.models import Outage, OutageNotice, OutageTold
from app.outages.operations import closing, notices, recipients, telling, warning
from app.telephony.outbound.models import PhoneCall
from tests.conftest import START
from tests.outages.handling.crowd import BATCH, Crowd, Gateway, gather, phone_of

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
NIGHT = datetime(2026, 3, 2, 22, 30, tzinfo=LOCAL)
MORNING = datetime(2026, 3, 3, 8, 0, tzinfo=LOCAL)


@pytest.fixture
def crowd(app: Flask, clock: FrozenClock, gateway: Gateway) -> Crowd:
    return gather(app, clock, gateway)


def every_second_time(what: Callable[..., Any], error: BaseException) -> Callable[..., Any]:
    """The function, that does its work and then breaks every second time."""
    calls: list[int] = []

    def breaking(*args: Any, **named: Any) -> Any:
        calls.append(1)
        done = what(*args, **named)
        if len(calls) % 2 == 0:
            raise error
        return done

    return breaking


@pytest.mark.databases
def test_everybody_is_told_once_though_batches_fail(crowd: Crowd, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "_wake", every_second_time(telling._wake, RuntimeError("the machine is full")))
    notice = crowd.enter("confirmed")
    for _ in range(10):
        crowd.run()
        crowd.clock.advance(MINUTE)
    assert crowd.states(notice) == dict.fromkeys(crowd.ids, "handed")
    assert session.get_one(OutageNotice, notice.id).cursor is None
    assert {key: len(texts) for key, texts in crowd.texts().items()} == dict.fromkeys(crowd.ids, 1)
    assert crowd.gateway.repeats == []
    told = session.execute(
        sa.select(OutageTold.at, Delivery.state, Delivery.finished_at).join_from(
            OutageTold, Delivery, Delivery.id == OutageTold.delivery_id
        )
    ).all()
    assert len(told) == len(crowd.ids)
    assert {state for _at, state, _finished in told} == {"sent"}
    assert all(finished and at <= finished for at, _state, finished in told), "who was told when is on record"


@pytest.mark.databases
def test_a_process_that_is_killed_leaves_nobody_out(crowd: Crowd, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed between two batches, with a batch in hand, and with a message that the gateway took but nobody noted."""
    notice = crowd.enter("confirmed")
    crowd.run(1)
    assert len(crowd.states(notice)) == BATCH
    assert claims.claim(crowd.clock.now(), limit=2, owner="dead"), "the next batch dies with its process"
    session.rollback()
    crowd.run()
    crowd.clock.advance(2 * MINUTE)
    noted = sending._noted_and_next
    monkeypatch.setattr(sending, "_noted_and_next", killed_at(3, noted))
    with pytest.raises(KeyboardInterrupt):
        crowd.run()
    session.rollback()
    monkeypatch.setattr(sending, "_noted_and_next", noted)
    crowd.clock.advance(2 * MINUTE)
    crowd.run()
    assert crowd.states(notice) == dict.fromkeys(crowd.ids, "handed")
    assert {key: len(texts) for key, texts in crowd.texts().items()} == dict.fromkeys(crowd.ids, 1)
    assert len(crowd.gateway.repeats) == 1, "handed over again with the same key, which the gateway knows"
    assert set(session.scalars(sa.select(Delivery.state))) == {"sent"}


def killed_at(n: int, what: Callable[..., Any]) -> Callable[..., Any]:
    """The function; before its n-th call the process is gone."""
    calls: list[int] = []

    def dying(*args: Any) -> Any:
        calls.append(1)
        if len(calls) == n:
            raise KeyboardInterrupt
        return what(*args)

    return dying


@pytest.mark.databases
def test_whoever_has_quiet_hours_hears_when_they_end(crowd: Crowd) -> None:
    """More of them than a batch, ending at two instants; the others hear at once."""
    for place in range(6):
        crowd.wish(place, quiet_from=time(8), quiet_to=time(10))
    crowd.wish(6, quiet_from=time(8, 30), quiet_to=time(11), language="en")
    notice = crowd.enter("confirmed")
    crowd.run()
    states = crowd.states(notice)
    assert [states[key] for key in crowd.ids] == ["waiting"] * 7 + ["handed"] * 6
    crowd.clock.set(START + HOUR)
    crowd.run()
    assert [len(texts) for texts in crowd.texts().values()] == [1] * 6 + [0] + [1] * 6
    crowd.clock.set(START + 2 * HOUR)
    crowd.run()
    assert set(crowd.states(notice).values()) == {"handed"}
    (english,) = crowd.gateway.to(phone_of(crowd.ids[6]))
    assert english == notice.text_en
    assert crowd.gateway.repeats == []


@pytest.mark.parametrize(("hours", "waits"), [(8, False), (20, True)])
def test_what_begins_before_morning_waits_for_no_morning(crowd: Crowd, hours: int, waits: bool) -> None:
    crowd.clock.set(NIGHT)
    begins = NIGHT + hours * HOUR
    db.run(lambda: crowd.plan(begins, begins + HOUR))
    notice = crowd.enter("changed")
    crowd.run()
    assert set(crowd.states(notice).values()) == ({"waiting"} if waits else {"handed"})


@pytest.mark.databases
def test_a_waiting_message_with_an_old_estimate_does_not_go_out(crowd: Crowd) -> None:
    """Some wait for the morning, some for a gateway that is away, some for their turn: each hears the new one alone."""
    crowd.clock.set(NIGHT)
    awake = crowd.ids[:5]
    for place in range(5):
        crowd.wish(place, quiet_from=time(1), quiet_to=time(2))
    crowd.gateway.down = True
    old = crowd.enter("confirmed", etr_at=NIGHT + 11 * HOUR)
    crowd.run(3)
    assert old.text != crowd.enter("etr", etr_at=NIGHT + 14 * HOUR).text
    crowd.gateway.down = False
    new = session.scalars(sa.select(OutageNotice).order_by(OutageNotice.id.desc())).first()
    assert new is not None
    for _ in range(5):
        crowd.run()
        crowd.clock.advance(20 * MINUTE)
    assert {key for key, texts in crowd.texts().items() if texts} == set(awake)
    crowd.clock.set(MORNING)
    crowd.run()
    assert set(map(tuple, crowd.texts().values())) == {(new.text,)}
    assert set(crowd.states(old).values()) == {"overtaken"}
    assert set(crowd.states(new).values()) == {"handed"}


def test_calls_with_an_old_estimate_are_not_made(crowd: Crowd) -> None:
    for place in range(len(crowd.ids)):
        crowd.wish(place, channels=["phone"])
    crowd.enter("confirmed")
    crowd.run()
    first = session.scalars(sa.select(PhoneCall)).all()
    assert {(call.purpose, call.state) for call in first} == {("outage", "queued")}
    first[0].state = "dialling"
    session.commit()
    crowd.bring_back(range(len(crowd.ids)))
    crowd.enter("restored", status="restored", restored_at=crowd.clock.now())
    crowd.run()
    session.expire_all()
    calls = session.scalars(sa.select(PhoneCall).order_by(PhoneCall.id)).all()
    states = [call.state for call in calls]
    assert states == ["dialling"] + ["cancelled"] * 12 + ["queued"] * 13
    assert all("恢复供电" in call.text for call in calls[13:])


def test_whoever_has_supply_again_is_not_told_that_they_are_out(crowd: Crowd) -> None:
    crowd.clock.set(NIGHT)
    notice = crowd.enter("confirmed")
    crowd.run()
    crowd.bring_back(range(3))
    crowd.clock.set(MORNING)
    crowd.run()
    told = session.execute(sa.select(OutageTold.customer_id, OutageTold.state, OutageTold.why)).all()
    assert {why for _key, state, why in told if state == "overtaken"} == {"restored"}
    assert [len(texts) for texts in crowd.texts().values()] == [0] * 3 + [1] * 10
    assert set(crowd.states(notice).values()) == {"overtaken", "handed"}


@pytest.mark.databases
def test_a_notice_that_tells_nobody_takes_over_those_left(crowd: Crowd) -> None:
    """A report of progress in the middle of telling: nobody hears twice, and nobody nothing."""
    crowd.wish(0, quiet_from=time(8), quiet_to=time(10))
    first = crowd.enter("confirmed")
    crowd.run(2)
    assert len(crowd.states(first)) == BATCH
    second = crowd.enter("progress", etr_at=crowd.clock.now() + 31 * HOUR)
    assert (second.tell, second.rest_of) == (True, first.id)
    crowd.run(1)
    third = crowd.enter("progress", etr_at=crowd.clock.now() + 32 * HOUR)
    assert third.rest_of == first.id
    crowd.run()
    crowd.clock.advance(HOUR)
    crowd.run()
    texts = crowd.texts()
    assert {key: len(got) for key, got in texts.items()} == dict.fromkeys(crowd.ids, 1)
    assert texts[crowd.ids[0]] == [third.text], "they waited for ten o'clock"
    fourth = crowd.enter("progress")
    assert (fourth.tell, fourth.rest_of) == (False, None), "everybody was told: nobody is disturbed"


def test_a_draft_holds_what_it_will_overtake_and_lets_it_go_when_dropped(
    crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "_ask", lambda *_args, **_named: None)
    first = crowd.enter("confirmed")
    crowd.run(1)
    draft = crowd.enter("etr", customers_total=30_000)
    assert draft.state == "draft"
    crowd.run()
    assert len(crowd.states(first)) == BATCH, "held while a person looks at the new text"
    db.run(lambda: notices.drop(draft.id, actor=SYSTEM, now=crowd.clock.now()))
    crowd.clock.advance(2 * MINUTE)
    crowd.run()
    assert len(crowd.states(first)) == len(crowd.ids)


def test_an_outage_that_was_none_is_told_to_nobody_any_more(crowd: Crowd) -> None:
    notice = crowd.enter("confirmed")
    crowd.run(1)
    db.run(
        lambda: closing.no_outage(
            session.get_one(Outage, crowd.outage), reason="other", actor=SYSTEM, now=crowd.clock.now()
        )
    )
    crowd.run()
    assert crowd.gateway.taken == {}
    assert set(crowd.states(notice).values()) == {"overtaken"}


@pytest.mark.databases
def test_a_batch_and_the_notice_that_overtakes_it_at_once(
    crowd: Crowd, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The batch is told when the new notice comes: it ends, is taken back, and the chain does not go on."""
    old = crowd.enter("confirmed")
    inside, go = threading.Event(), threading.Event()
    wake = telling._wake

    def slow(*args: Any) -> None:
        inside.set()
        go.wait(5)
        wake(*args)

    monkeypatch.setattr(telling, "_wake", slow)

    def batch() -> None:
        with app.app_context():
            jobs.run_due(crowd.clock.now(), 1)

    thread = threading.Thread(target=batch)
    thread.start()
    assert inside.wait(5)
    threading.Timer(0.3, go.set).start()
    new = crowd.enter("etr", etr_at=crowd.clock.now() + 40 * HOUR)
    thread.join()
    monkeypatch.setattr(telling, "_wake", wake)
    crowd.run()
    assert session.get_one(OutageNotice, old.id).cursor is None
    assert set(map(tuple, crowd.texts().values())) == {(new.text,)}


def test_nobody_can_be_told_any_more_and_the_supervisor_knows(crowd: Crowd, monkeypatch: pytest.MonkeyPatch) -> None:
    warned: list[str] = []
    monkeypatch.setattr(warning, "warn", lambda _outage, about, *_args, **_named: warned.append(about))
    monkeypatch.setattr(telling, "_wake", every_second_time(lambda *_: None, RuntimeError("full")))
    monkeypatch.setattr(recipients, "batch", broken)
    crowd.enter("confirmed")
    for _ in range(8):
        crowd.run()
        crowd.clock.advance(HOUR)
    assert warned == ["telling"]


def broken(*_args: Any, **_named: Any) -> None:
    raise RuntimeError("no such purpose")
