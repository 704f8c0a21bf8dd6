"""Agents at the stand-in switch: a caller waits, is offered, talks, is handed over, and somebody listens."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask

from app.kernel import db
from app.kernel.actor import Actor
from app.telephony import config
from app.telephony.agents import acts, operations, presence, ringing
from app.telephony.agents.models import PhoneAgent
from app.telephony.agents.queries import telephone_of
from app.telephony.standin import StandInAgent
from app.telephony.standin.callers import Script
from app.telephony.standin.switch import Phone
from tests.conftest import START
from tests.identity.factories import make_user
from tests.telephony.line.house import Line, call_of, played

BOSS = Actor(kind="user", id=None, username="boss", name="班长")


def people(app: Flask) -> None:
    """1001 serves the queue with a telephone of its own, 1009 is the supervisor's."""
    with app.app_context():
        for extension, name in (("1001", "agent_li"), ("1009", "boss")):
            make_user(name)
            operations.save_agent(extension, name, domain="lightline", wrap_up=30, actor=BOSS, now=START)
        db.db.session.commit()


def telephones(line: Line) -> None:
    line.switch.agents["1001@lightline"] = StandInAgent("1001@lightline", talks=500, rings=10)
    line.switch.phones["user/1009@lightline"] = Phone(rings=1)


async def asked(app: Flask, work: Callable[[PhoneAgent], Any], who: str = "agent_li") -> Any:
    """Do something as a page does: in a thread, in a transaction."""

    def within() -> Any:
        with app.app_context():
            try:
                agent = telephone_of(who)
                assert agent is not None
                return db.run(lambda: work(agent))
            finally:
                db.db.session.remove()

    return await asyncio.to_thread(within)


def now(app: Flask) -> Any:
    return app.extensions["lightline.clock"].now()


async def at(app: Flask, line: Line, holds: Callable[[Any], bool]) -> Any:
    """The call at 1001, once it is so."""
    for _ in range(400):
        await line.written()
        call = await asked(app, lambda agent: ringing.at_telephone(agent.extension, now=now(app)))
        if holds(call):
            return call
        await asyncio.sleep(0.02)
    raise AssertionError("it did not happen")


async def status(app: Flask, wanted: str, reason: str = "") -> None:
    await asked(
        app,
        lambda agent: presence.set_status(
            agent, wanted, reason=reason, telephony=config.current(), actor=BOSS, now=now(app)
        ),
    )


def test_only_who_is_ready_is_offered_a_caller_and_the_call_is_theirs_to_end(line_app: Flask, tmp_path: Path) -> None:
    people(line_app)

    async def work(line: Line) -> str:
        telephones(line)
        await status(line_app, "pause", presence.AFTER_CALL)
        calling = line.switch.spawn(line.switch.call(Script.read("asked 3")))
        await asyncio.sleep(0.5)
        assert line.switch.agents["1001@lightline"].state == "Waiting", "on a break, so nobody is offered"
        await status(line_app, "ready")
        rings = await at(line_app, line, lambda call: call is not None)
        assert not rings.talking
        talks = await at(line_app, line, lambda call: call is not None and call.talking)
        assert talks.uuid in line.switch.talks
        await asked(line_app, lambda agent: acts.hold(agent, telephony=config.current(), now=now(line_app)))
        assert line.switch.held == {talks.uuid}
        await asked(line_app, lambda agent: acts.hang_up(agent, telephony=config.current(), now=now(line_app)))
        ended = await asyncio.wait_for(calling, 10)
        await at(line_app, line, lambda call: call is None)
        work_left = await asked(line_app, lambda agent: presence.presence(agent, now=now(line_app)))
        assert work_left.wrap_until is not None, "the work after the call runs"
        return str(ended.leg.uuid)

    uuid = played(line_app, tmp_path, work)
    with line_app.app_context():
        call = call_of(line_app, uuid)
    assert (call.outcome, call.agent) == ("agent", "1001")


def test_a_caller_is_handed_over_and_somebody_listens_before(line_app: Flask, tmp_path: Path) -> None:
    people(line_app)

    async def work(line: Line) -> tuple[str, list[tuple[str, str]], list[tuple[str, str]], str]:
        telephones(line)
        await status(line_app, "ready")
        calling = line.switch.spawn(line.switch.call(Script.read("asked 3")))
        talks = await at(line_app, line, lambda call: call is not None and call.talking)

        def listen(boss: PhoneAgent) -> None:
            to = telephone_of("agent_li")
            assert to is not None
            acts.listen(to, boss, telephony=config.current(), actor=BOSS, now=now(line_app))

        await asked(line_app, listen, "boss")
        await asyncio.sleep(0.3)
        await asked(
            line_app,
            lambda agent: acts.hand_over(agent, "1002", telephony=config.current(), actor=BOSS, now=now(line_app)),
        )
        await asyncio.wait_for(calling, 10)
        await at(line_app, line, lambda call: call is None)
        return talks.call_key, line.switch.transfers, line.switch.listens, talks.uuid

    key, transfers, listens, channel = played(line_app, tmp_path, work)
    assert transfers == [(key, "1002 XML lightline_transfer")]
    assert listens == [("1009@lightline", channel)]
    with line_app.app_context():
        call = call_of(line_app, key)
    assert call.ended_at is not None
    assert (call.outcome, call.agent) == ("agent", "1001")
