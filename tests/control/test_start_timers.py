"""Timers that start a process: shown with its definition, and an operator of the whole organisation acts on them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.engine import api as engine
from app.kernel import db
from app.kernel.clock import LOCAL, FrozenClock
from tests.engine.diagrams import chain, diagram, end, start, timer, user
from tests.engine.runtime.driving import Driver
from tests.identity.factories import make_tree, make_user, sign_in

PAGE = "/control/definitions/bpmn/p"


@pytest.fixture
def timer_id(app: Flask, clock: FrozenClock) -> str:
    begin = start("s", timer("R3/PT1H", "timeCycle"), name="每小时")
    Driver(clock).deploy(p=diagram(begin, user("u"), end(), chain("s", "u", "e")))
    db.session.remove()
    return engine.list_start_timers("p")[0].id


def enter(client: FlaskClient, unit: str | None) -> FlaskClient:
    units = make_tree()
    sign_in(client, make_user("operator", posts=[("admin", units[unit] if unit else None)]))
    return client


def test_shown_fired_and_moved(client: FlaskClient, timer_id: str, clock: FrozenClock) -> None:
    operator = enter(client, None)
    page = operator.get(PAGE).text
    assert "按时间自动启动" in page
    assert "每小时" in page
    assert "还有 3 次" in page
    assert operator.post(f"/control/timers/{timer_id}/fire", data={"reason": "提前"}).headers["Location"].endswith(PAGE)
    db.session.remove()
    assert len(engine.list_instances(process_key="p")) == 1
    later = clock.now() + timedelta(hours=9)
    text = later.astimezone(LOCAL).strftime("%Y-%m-%dT%H:%M")
    operator.post(f"/control/timers/{timer_id}/move", data={"due_at": text, "reason": "推迟"})
    db.session.remove()
    assert engine.get_timer(timer_id).due_at.replace(second=0) == later.replace(second=0)


def test_who_has_only_a_part_of_the_organisation_cannot(client: FlaskClient, timer_id: str) -> None:
    operator = enter(client, "P-A")
    assert "现在启动" not in operator.get(PAGE).text
    assert operator.post(f"/control/timers/{timer_id}/fire", data={"reason": "提前"}).status_code == 403
    db.session.remove()
    assert engine.list_instances(process_key="p") == []
