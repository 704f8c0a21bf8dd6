"""Opening hours and notices, as flows and people meet them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.kernel import db
from app.kernel.actor import SYSTEM, Actor
from app.kernel.clock import LOCAL, FrozenClock
from app.kernel.errors import Forbidden, Invalid
from app.telephony.ivr.commands import Lookup
from app.telephony.ivr.events import Done, Failed
from app.telephony.lookups import answer
from app.telephony.operations import switches as operations
from app.telephony.queries import switches as queries


@pytest.fixture(autouse=True)
def standard(app: Flask) -> None:
    db.run(operations.sync)


@pytest.mark.parametrize(
    ("at", "state"),
    [
        (datetime(2026, 3, 2, 9, 0, tzinfo=LOCAL), "open"),
        (datetime(2026, 3, 2, 7, 59, tzinfo=LOCAL), "closed"),
        (datetime(2026, 3, 2, 20, 0, tzinfo=LOCAL), "closed"),
        (datetime(2026, 3, 1, 9, 0, tzinfo=LOCAL), "holiday"),
        (datetime(2026, 10, 1, 9, 0, tzinfo=LOCAL), "holiday"),
    ],
)
def test_working_hours_follow_the_calendar(at: datetime, state: str) -> None:
    assert queries.hours_state("business", now=at) == state
    assert queries.hours_state("service", now=at) == "open"


def test_hours_are_forced_until_an_instant_or_until_taken_back(clock: FrozenClock) -> None:
    until = clock.now() + timedelta(hours=1)

    def force(state: str | None, **more: object) -> None:
        db.run(
            lambda: operations.force_hours("service", state, actor=SYSTEM, now=clock.now(), **more)  # type: ignore[arg-type]
        )

    force("closed", until=until, reason="演练")
    assert queries.hours_state("service", now=clock.now()) == "closed"
    assert queries.hours_state("service", now=until) == "open"
    force(None)
    assert queries.hours_state("service", now=clock.now()) == "open"
    for state, reason in (("closed", " "), ("shut", "x")):
        with pytest.raises(Invalid):
            force(state, reason=reason)
    with pytest.raises(Invalid):
        force("closed", reason="x", until=clock.now())


def ask(lookup: str, now: datetime, **inputs: object) -> Done | Failed:
    asked = Lookup(id=1, flow="f", node="n", name=lookup, inputs=inputs, timeout=5)
    return answer(asked, actor=SYSTEM, now=now)


def test_flows_hear_a_notice_while_it_is_on(clock: FrozenClock) -> None:
    assert ask("telephony.notices", clock.now(), name="storm") == Done(1, {"notices": [], "shut": False})
    until = clock.now() + timedelta(hours=6)
    db.run(
        lambda: operations.set_notice(
            "storm", on=True, text="大风", text_en="Wind", until=until, shut=True, actor=SYSTEM, now=clock.now()
        )
    )
    told = Done(1, {"notices": [{"text": "大风", "text_en": "Wind"}], "shut": True})
    assert ask("telephony.notices", clock.now(), name="storm") == told
    assert ask("telephony.notices", until, name="storm") == Done(1, {"notices": [], "shut": False})
    assert ask("telephony.hours", clock.now(), name="service") == Done(1, {"state": "open"})
    db.run(operations.sync)
    assert queries.active_notice("storm", now=clock.now()) is not None, "loading the file again keeps what is switched"


def test_a_notice_without_words_is_not_switched_on(clock: FrozenClock) -> None:
    with pytest.raises(Invalid):
        db.run(lambda: operations.set_notice("storm", on=True, text=" ", actor=SYSTEM, now=clock.now()))


def test_who_may_not_switch_is_refused(clock: FrozenClock) -> None:
    stranger = Actor(kind="user", id=12345, username="nobody", name="nobody")
    with pytest.raises(Forbidden):
        db.run(lambda: operations.set_notice("storm", on=False, text="", actor=stranger, now=clock.now()))


def test_questions_that_make_no_sense_are_failures_and_no_errors(clock: FrozenClock) -> None:
    assert ask("nobody.knows", clock.now()) == Failed(1, "unknown_lookup", "nobody.knows")
    bad = ask("telephony.hours", clock.now(), other=1)
    assert isinstance(bad, Failed)
    assert bad.error == "bad_input"
