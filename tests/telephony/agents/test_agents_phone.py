"""The agent's phone behind the pages: passwords of minutes, states on the switch, calls made and handed over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from lxml import etree

from app.kernel import db
from app.kernel.actor import Actor
from app.kernel.audit import AuditEntry
from app.kernel.db import session
from app.kernel.errors import Invalid
from app.telephony.agents import acts, credentials, dialling, directory, operations, presence, ringing
from app.telephony.agents.models import PhoneAgent
from app.telephony.agents.queries import telephone_of
from app.telephony.agents.settings import PhoneSettings
from app.telephony.agents.switch import SwitchAway, SwitchRefused
from app.telephony.calls.models import AgentChange
from app.telephony.calls.operations import queueing
from app.telephony.config import Telephony
from app.telephony.standin import StandInAgent
from tests.conftest import START
from tests.identity.factories import make_user
from tests.telephony.standin.running import RunningSwitch

SETTINGS = PhoneSettings(
    wss="wss://phone.example.com:7443", ice=("stun:s.example.com", "turn:t.example.com"), turn_secret="geheim"
)
SEAT, OTHER = "seat-one-1234", "seat-two-1234"
LATER = timedelta(minutes=3)


@pytest.fixture
def switch() -> Iterator[RunningSwitch]:
    running = RunningSwitch()
    running.switch.agents["1001@lightline"] = StandInAgent("1001@lightline")
    yield running
    running.stop()


@pytest.fixture
def telephony(switch: RunningSwitch) -> Telephony:
    return Telephony(switch=("127.0.0.1", switch.port), password="ClueCon")


@pytest.fixture
def agent(app: Flask, actor: Actor) -> Iterator[PhoneAgent]:
    with app.app_context():
        make_user("agent_li")
        operations.save_agent("1001", "agent_li", domain="lightline", kind="browser", actor=actor, now=START)
        presence.save_reason("meal", "用餐", "Meal", active=True, actor=actor, now=START)
        session.commit()
        found = telephone_of("agent_li")
        assert found is not None
        yield found


def sign_in(actor: Actor, seat: str = SEAT, *, renew: bool = False, now: datetime = START) -> credentials.Credentials:
    return credentials.sign_in(
        "agent_li", seat, renew=renew, domain="lightline", settings=SETTINGS, actor=actor, now=now
    )


def hash_at(now: datetime) -> str:
    document = etree.fromstring(directory.user("1001", "lightline", now=now))
    return "".join(str(value) for value in document.xpath("//param[@name='a1-hash']/@value"))


def trail(action: str) -> list[AuditEntry]:
    return list(session.scalars(sa.select(AuditEntry).where(AuditEntry.action == action)))


def test_a_browser_s_password_is_good_for_minutes_and_kept_as_a_hash(agent: PhoneAgent, actor: Actor) -> None:
    assert hash_at(START) == "", "nobody signs in before a desk is open"
    given = sign_in(actor)
    assert hash_at(START) == operations.a1_hash("1001", "lightline", given.password)
    assert given.password not in repr(given)
    assert hash_at(START + SETTINGS.life) == ""
    again = sign_in(actor, renew=True, now=START + LATER)
    assert hash_at(START + SETTINGS.life) == operations.a1_hash("1001", "lightline", again.password)
    assert len(trail("phone.signed_in")) == 1, "renewing is no news"


def test_another_desk_takes_the_phone_over_and_the_first_is_told(agent: PhoneAgent, actor: Actor) -> None:
    sign_in(actor)
    sign_in(actor, OTHER)
    with pytest.raises(credentials.SeatTaken):
        sign_in(actor, renew=True)
    assert credentials.sign_off("agent_li", SEAT, now=START) is None, "the one that left has it no more"
    assert hash_at(START)
    assert credentials.sign_off("agent_li", OTHER, now=START) == "1001"
    assert hash_at(START) == ""


@pytest.mark.parametrize("seat", ["", "short", "x" * 60, "a b c d e f g h"])
def test_a_desk_has_a_name(agent: PhoneAgent, actor: Actor, seat: str) -> None:
    with pytest.raises(credentials.NoPhone):
        sign_in(actor, seat)


def test_a_telephone_of_its_own_keeps_its_password_and_no_browser_gets_one(agent: PhoneAgent, actor: Actor) -> None:
    password = operations.save_agent("1001", "agent_li", domain="lightline", kind="telephone", actor=actor, now=START)
    assert hash_at(START + timedelta(days=400)) == operations.a1_hash("1001", "lightline", password)
    with pytest.raises(credentials.NoPhone):
        sign_in(actor)


def test_turn_gets_a_name_and_a_password_that_end_with_the_sign_in(agent: PhoneAgent, actor: Actor) -> None:
    stun, turn = sign_in(actor).ice
    assert stun == {"urls": "stun:s.example.com"}
    assert turn["username"] == f"{int((START + SETTINGS.life).timestamp())}:1001"
    assert len(turn["credential"]) == 28


@pytest.mark.parametrize(
    "env",
    [
        {"LIGHTLINE_PHONE_WSS": "ws://phone.example.com:7443"},
        {"LIGHTLINE_PHONE_WSS": "https://phone.example.com"},
        {"LIGHTLINE_PHONE_WSS": "wss://x.example.com; script-src *"},
        {"LIGHTLINE_PHONE_WSS": "wss://user:pw@x.example.com"},
        {"LIGHTLINE_PHONE_ICE": "http://s.example.com"},
    ],
)
def test_only_secure_addresses_are_taken(env: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="LIGHTLINE_PHONE"):
        PhoneSettings.from_environment(env)


def test_settings_are_read() -> None:
    given = PhoneSettings.from_environment(
        {"LIGHTLINE_PHONE_WSS": "wss://a.example.com:7443/sip", "LIGHTLINE_PHONE_ICE": "stun:a:1, turn:b"}
    )
    assert (given.origin, given.ice) == ("wss://a.example.com:7443", ("stun:a:1", "turn:b"))
    assert PhoneSettings.from_environment({"LIGHTLINE_PHONE_WSS": "ws://127.0.0.1:5066"}).origin
    assert PhoneSettings.from_environment({}).origin == ""


def test_states_go_to_the_switch_and_come_back_with_reason_and_time(
    agent: PhoneAgent, actor: Actor, switch: RunningSwitch, telephony: Telephony
) -> None:
    def status(wanted: str, reason: str = "", at: datetime = START) -> presence.Presence:
        presence.set_status(agent, wanted, reason=reason, telephony=telephony, actor=actor, now=at)
        return presence.presence(agent, now=at + LATER)

    assert presence.presence(agent, now=START).status == "off"
    assert status("ready").status == "ready"
    assert switch.switch.agents["1001@lightline"].status == "Available"
    paused = status("pause", "meal", START + LATER)
    assert (paused.status, paused.reason, paused.since) == ("pause", "meal", START + LATER)
    assert switch.switch.agents["1001@lightline"].status == "On Break"
    assert status("off", at=START + 2 * LATER).status == "off"
    assert switch.switch.agents["1001@lightline"].status == "Logged Out"
    assert [entry.details["status"] for entry in trail("phone.status")] == ["ready", "pause", "off"]


def test_another_reason_is_another_break_and_the_switch_s_own_word_is_the_same_one(
    agent: PhoneAgent, actor: Actor, telephony: Telephony
) -> None:
    queueing.note_agent("1001", "status", "On Break", now=START)
    presence.set_status(
        agent, "pause", reason="meal", telephony=telephony, actor=actor, now=START + timedelta(seconds=1)
    )
    presence.set_status(agent, "pause", reason="after_call", telephony=telephony, actor=actor, now=START + LATER)
    queueing.note_agent("1001", "status", "On Break", now=START + LATER)
    rows = session.scalars(sa.select(AgentChange).order_by(AgentChange.id)).all()
    assert [row.reason for row in rows] == ["meal", "after_call"]


def test_a_break_needs_a_reason_of_the_list(agent: PhoneAgent, actor: Actor, telephony: Telephony) -> None:
    presence.save_reason("meal", "用餐", "Meal", active=False, actor=actor, now=START)
    for reason in ("", "meal", "unheard"):
        with pytest.raises(Invalid):
            presence.set_status(agent, "pause", reason=reason, telephony=telephony, actor=actor, now=START)
    with pytest.raises(Invalid):
        presence.set_status(agent, "asleep", telephony=telephony, actor=actor, now=START)
    assert not session.scalar(sa.select(AgentChange.id))


def test_without_the_switch_nothing_changes_and_the_agent_is_told(agent: PhoneAgent, actor: Actor) -> None:
    for telephony in (Telephony(), Telephony(switch=("127.0.0.1", 1))):
        with pytest.raises(SwitchAway):
            presence.set_status(agent, "ready", telephony=telephony, actor=actor, now=START)
    session.rollback()
    assert presence.presence(agent, now=START).status == "off"


def test_an_agent_the_switch_does_not_know_is_not_ready(
    agent: PhoneAgent, actor: Actor, switch: RunningSwitch, telephony: Telephony
) -> None:
    switch.switch.agents.clear()
    with pytest.raises(SwitchRefused, match="Agent not found"):
        presence.set_status(agent, "ready", telephony=telephony, actor=actor, now=START)


def test_work_after_a_call_runs_down_by_itself(agent: PhoneAgent) -> None:
    for n, state in enumerate(("Waiting", "Receiving", "In a queue call", "Waiting")):
        queueing.note_agent("1001", "state", state, now=START + n * LATER)
    over = START + 3 * LATER
    assert presence.presence(agent, now=over).wrap_until == over + timedelta(seconds=agent.wrap_up)
    assert presence.presence(agent, now=over + timedelta(seconds=agent.wrap_up)).wrap_until is None


def event(what: str, **more: Any) -> dict[str, Any]:
    base = {"member": "m-1", "queue": "service", "call": "c-1", "number": "13800138000", "agent": "1001"}
    return {
        **base,
        "agent_uuid": "",
        "joined": START,
        "at": START,
        "answered": False,
        "reason": "",
        "what": what,
        **more,
    }


def test_who_rings_is_known_until_nobody_answers(agent: PhoneAgent) -> None:
    queueing.note(event("joined", agent=""))
    assert ringing.at_telephone("1001", now=START) is None
    queueing.note(event("offered"))
    rings = ringing.at_telephone("1001", now=START + LATER)
    assert rings is not None
    assert (rings.call_key, rings.talking, rings.waited) == ("c-1", False, 180)
    assert ringing.at_telephone("1002", now=START) is None
    queueing.note(event("failed"))
    assert ringing.at_telephone("1001", now=START) is None
    assert ringing.learnt("c-1", extension="1002", now=START) is None, "calls of others are theirs"


def talking(now: datetime = START) -> None:
    queueing.note(event("joined", agent=""))
    queueing.note(event("offered"))
    queueing.note(event("answered", agent_uuid="u-agent", at=now))
    session.flush()


def test_a_caller_is_handed_over_by_the_switch_and_the_trail_says_so(
    agent: PhoneAgent, actor: Actor, switch: RunningSwitch, telephony: Telephony
) -> None:
    talking()
    with pytest.raises(SwitchRefused):  # this switch carries no such call
        acts.hand_over(agent, "1002", telephony=telephony, actor=actor, now=START)
    assert "uuid_transfer c-1 1002 XML lightline_transfer" in switch.switch.commands
    assert trail("phone.handed_over")[0].details == {"to": "1002", "call": "c-1"}
    for act in (acts.hang_up, acts.hold):
        with pytest.raises(SwitchRefused):
            act(agent, telephony=telephony, now=START)
    assert "uuid_kill u-agent NORMAL_CLEARING" in switch.switch.commands
    assert "uuid_hold toggle u-agent" in switch.switch.commands


@pytest.mark.parametrize("number", ["", "abc", "1002\nuuid_kill x", "${system(id)}", "1 XML default"])
def test_nothing_but_a_number_is_dialled_or_told_to_the_switch(
    agent: PhoneAgent, actor: Actor, telephony: Telephony, number: str
) -> None:
    talking()
    with pytest.raises(Invalid):
        acts.hand_over(agent, number, telephony=telephony, actor=actor, now=START)
    with pytest.raises(Invalid):
        dialling.dialled(agent, number, actor=actor, now=START)


def test_nothing_is_done_where_nobody_talks(agent: PhoneAgent, actor: Actor, telephony: Telephony) -> None:
    with pytest.raises(acts.NoCall):
        acts.hand_over(agent, "1002", telephony=telephony, actor=actor, now=START)


def test_people_are_called_by_day_and_at_night_only_for_what_cannot_wait(agent: PhoneAgent, actor: Actor) -> None:
    night = START.replace(hour=22)
    assert dialling.dialled(agent, "138 0013-8000", actor=actor, now=START) == "13800138000"
    with pytest.raises(dialling.QuietHours):
        dialling.dialled(agent, "13800138000", actor=actor, now=night)
    assert dialling.dialled(agent, "13800138000", urgent=True, actor=actor, now=night)
    assert dialling.dialled(agent, "1002", actor=actor, now=night), "colleagues and emergency numbers at any time"
    assert [entry.details.get("past_quiet_hours", False) for entry in trail("phone.dialled")] == [False, True, False]


@pytest.mark.databases
def test_states_are_read_on_both_databases(agent: PhoneAgent) -> None:
    for n, status in enumerate(("Available", "On Break", "Available")):
        queueing.note_agent("1001", "status", status, now=START + n * LATER)
    db.db.session.commit()
    assert presence.presence(agent, now=START + 3 * LATER).since == START + 2 * LATER
