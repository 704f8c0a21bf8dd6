"""The hotline at this moment: queues, agents by what they do, listening within one's own units."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.kernel.actor import SYSTEM
from app.kernel.audit import AuditEntry
from app.kernel.clock import FrozenClock
from app.kernel.db import session
from app.telephony.agents import operations
from app.telephony.calls.operations import queueing
from app.telephony.config import KEY
from app.telephony.standin import StandInAgent
from tests.conftest import START
from tests.identity.factories import make_unit, make_user, sign_in
from tests.telephony.agents.test_agents_phone import event
from tests.telephony.standin.running import RunningSwitch


@pytest.fixture
def running(app: Flask) -> Iterator[RunningSwitch]:
    switch, before = RunningSwitch(), app.extensions[KEY]
    app.extensions[KEY] = dataclasses.replace(before, switch=("127.0.0.1", switch.port), password="ClueCon")
    yield switch
    switch.stop()
    app.extensions[KEY] = before


@pytest.fixture
def boss(app: Flask, clock: FrozenClock, client: FlaskClient, running: RunningSwitch) -> FlaskClient:
    """A supervisor of one city with agents 1001 and 1002; 1005 is another city's. One caller waits, one talks."""
    with app.app_context():
        here, there = make_unit("A", kind="city"), make_unit("B", kind="city")
        operations.save_queue(operations.QueueData("service", "综合业务", "General"), actor=SYSTEM, now=START)
        for extension, name, unit in (("1001", "li", here), ("1002", "wang", here), ("1005", "zhao", there)):
            make_user(name, name=f"坐席{name}", posts=[("agent", unit)])
            operations.save_agent(extension, name, domain="lightline", wrap_up=60, actor=SYSTEM, now=START)
            operations.serve(extension, {"service": 1}, actor=SYSTEM, now=START)
            running.switch.agents[f"{extension}@lightline"] = StandInAgent(f"{extension}@lightline")
            queueing.note_agent(extension, "status", "Available", now=START)
        queueing.note_agent("1002", "status", "On Break", reason="after_call", now=START)
        for what in ("joined", "offered", "answered"):
            queueing.note(event(what, agent_uuid="u-1"))
        queueing.note(event("joined", member="m-2", call="c-2", agent="", joined=START - timedelta(seconds=75)))
        session.commit()
        sign_in(client, make_user("boss", posts=[("supervisor", here)]))
    return client


def test_queues_and_the_agents_of_my_units_are_shown_as_they_are(boss: FlaskClient) -> None:
    page = boss.get("/phones/now").get_data(as_text=True)
    assert "坐席li" in page
    assert "坐席zhao" not in page, "another city's"
    assert "话后处理" in page
    assert "监听" in page
    since = (START - timedelta(seconds=75)).astimezone(UTC).isoformat()
    assert f'data-since="{since}"' in page, "since when the first waits"
    assert "13800138000" in page or "138****8000" in page
    assert boss.get("/phones/now/piece").status_code == 200
    assert "Listen in" in boss.get("/phones/now?lang=en").get_data(as_text=True)


def test_listening_needs_a_telephone_a_talk_and_stands_on_the_trail(
    app: Flask, boss: FlaskClient, running: RunningSwitch
) -> None:
    assert boss.post("/phones/now/1001/listen").status_code == 409, "no telephone to listen with"
    with app.app_context():
        operations.save_agent("1009", "boss", domain="lightline", actor=SYSTEM, now=START)
        session.commit()
    assert boss.post("/phones/now/1005/listen").status_code == 404, "another city's agent"
    assert boss.post("/phones/now/1002/listen").status_code == 409, "nobody talks there"
    assert boss.post("/phones/now/1009/listen").status_code in {404, 422}
    assert boss.post("/phones/now/1001/listen").status_code == 303
    assert any("user/1009@lightline &eavesdrop(u-1)" in line for line in running.switch.commands)
    with app.app_context():
        (entry,) = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "phone.listened")).all()
        assert (entry.subject_id, entry.details["call"]) == ("1001", "c-1")


def test_an_agent_who_is_not_there_any_more_is_put_off_duty(
    app: Flask, boss: FlaskClient, running: RunningSwitch
) -> None:
    assert boss.post("/phones/now/1002/off").status_code == 303
    assert running.switch.agents["1002@lightline"].status == "Logged Out"
    assert boss.post("/phones/now/1005/off").status_code == 404


def test_agents_see_no_colleagues(app: Flask, boss: FlaskClient, client: FlaskClient) -> None:
    with app.app_context():
        sign_in(client, make_user("curious", posts=[("agent", None)]))
    assert client.get("/phones/now").status_code == 403
    assert client.post("/phones/now/1001/listen").status_code == 403


@pytest.mark.parametrize("kind", ["browser", "telephone"])
def test_what_rings_is_data_of_the_agent(app: Flask, client: FlaskClient, kind: str) -> None:
    with app.app_context():
        make_user("agent_li")
        sign_in(client, make_user("manager", posts=[("supervisor", None)]))
    given = {"extension": "1001", "username": "agent_li", "rings": "20", "wrap_up": "15", "kind": kind}
    assert client.post("/phones/agents", data=given).status_code == 303
    page = client.get("/phones/").get_data(as_text=True)
    assert ("密码" in page.partition("<table")[0]) == (kind == "telephone"), "a browser's password is shown to nobody"
    reason = {"reason_code": "meal", "reason_name": "用餐", "reason_name_en": "Meal", "reason_active": "1"}
    assert client.post("/phones/reasons", data=reason).status_code == 303
    assert client.post("/phones/reasons", data={**reason, "reason_code": "用餐"}).status_code == 422
    assert "用餐" in client.get("/phones/").get_data(as_text=True)
