"""The pages of cases: the list with its filters, one case, and what an operator does there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.engine import api as engine
from app.identity.queries import UnitView
from app.kernel import db
from app.kernel.clock import LOCAL, FrozenClock
from tests.engine.diagrams import boundary, chain, diagram, end, start, timer, user
from tests.engine.runtime.driving import Driver
from tests.identity.factories import make_tree, make_user, sign_in

DIAGRAM = diagram(
    start(),
    user("work", name="处理"),
    boundary("late", "work", timer("PT1H")),
    user("look", name="复核"),
    end(),
    chain("s", "work", "look", "e"),
    chain("late", "look"),
)


@pytest.fixture
def units(app: Flask) -> dict[str, UnitView]:
    return make_tree()


@pytest.fixture
def case(app: Flask, clock: FrozenClock, units: dict[str, UnitView]) -> str:
    drive = Driver(clock)
    drive.deploy(p=DIAGRAM)
    started = drive.start(
        data={"phone": "13800001111"}, business_key="GD1", title="停电", title_en="Outage", unit="P-A-X"
    )
    db.session.remove()
    return started.id


@pytest.fixture
def operator(app: Flask, client: FlaskClient, units: dict[str, UnitView]) -> FlaskClient:
    """An administrator of the city P-A, signed in."""
    sign_in(client, make_user("operator", posts=[("admin", units["P-A"])]))
    return client


def status(case: str) -> str:
    db.session.remove()
    return engine.get_instance(case).status


def open_steps(case: str) -> list[str]:
    db.session.remove()
    return [task.element_id for task in engine.open_tasks(case)]


def test_cases_are_listed_and_filtered(operator: FlaskClient, case: str) -> None:
    assert "GD1" in operator.get("/control/instances").text
    assert "GD1" in operator.get("/control/instances?process=p&status=active&key=GD1").text
    assert "GD1" not in operator.get("/control/instances?status=completed").text
    assert "GD1" not in operator.get(f"/control/instances?before={case}").text
    assert "Outage" in operator.get("/control/instances?lang=en").text


def test_a_case_is_shown_with_values_hidden_from_those_without_the_right(operator: FlaskClient, case: str) -> None:
    page = operator.get(f"/control/instances/{case}").text
    for shown in ("停电", "处理", "phone", "late"):
        assert shown in page
    assert "13800001111" not in page
    drawn = operator.get(f"/control/instances/{case}/diagram.json").get_json()
    assert drawn["active"] == ["work"]
    assert operator.get(f"/control/instances/{case}?lang=en").status_code == 200


def test_those_who_may_reveal_customers_see_values(client: FlaskClient, case: str, units: dict[str, UnitView]) -> None:
    posts = [("admin", units["P-A"]), ("dispatcher", units["P-A"])]
    sign_in(client, make_user("both", posts=posts))
    assert "13800001111" in client.get(f"/control/instances/{case}").text


def test_a_case_of_another_part_is_not_shown(client: FlaskClient, case: str, units: dict[str, UnitView]) -> None:
    sign_in(client, make_user("elsewhere", posts=[("admin", units["P-B"])]))
    assert client.get(f"/control/instances/{case}").status_code == 403
    assert client.post(f"/control/instances/{case}/terminate", data={"reason": "x"}).status_code == 403
    assert "GD1" not in client.get("/control/instances").text


def test_a_case_is_suspended_resumed_and_terminated(operator: FlaskClient, case: str) -> None:
    for action, after in (("suspend", "suspended"), ("resume", "active"), ("terminate", "terminated")):
        answer = operator.post(f"/control/instances/{case}/{action}", data={"reason": "演练"})
        assert (answer.status_code, status(case)) == (302, after)
    assert "演练" in operator.get(f"/control/instances/{case}").text


def test_nothing_is_done_without_a_reason(operator: FlaskClient, case: str) -> None:
    assert operator.post(f"/control/instances/{case}/terminate", data={"reason": " "}).status_code == 422
    assert status(case) == "active"


def test_a_step_is_skipped_and_a_token_moved(operator: FlaskClient, case: str) -> None:
    db.session.remove()
    (token,) = engine.tokens(case)
    address = f"/control/instances/{case}/tokens/{token.token}"
    operator.post(f"{address}/move", data={"reason": "重派", "target": "look"})
    assert open_steps(case) == ["look"]
    (token,) = engine.tokens(case)
    address = f"/control/instances/{case}/tokens/{token.token}"
    assert operator.post(f"{address}/skip", data={"reason": "x", "data": "[1"}).status_code == 422
    operator.post(f"{address}/skip", data={"reason": "已线下完成", "data": '{"ok": true}'})
    assert status(case) == "completed"


def test_a_timer_is_moved_and_fired(operator: FlaskClient, case: str, clock: FrozenClock) -> None:
    db.session.remove()
    (found,) = engine.list_timers(case)
    at = (clock.now() + timedelta(days=1)).astimezone(LOCAL).replace(second=0, microsecond=0)
    assert operator.post(f"/control/timers/{found.id}/move", data={"reason": "台风", "due_at": "?"}).status_code == 422
    due_at = at.strftime("%Y-%m-%dT%H:%M")
    operator.post(f"/control/timers/{found.id}/move", data={"reason": "台风", "due_at": due_at})
    db.session.remove()
    assert engine.get_timer(found.id).due_at == at
    operator.post(f"/control/timers/{found.id}/fire", data={"reason": "台风"})
    assert open_steps(case) == ["look"]


def test_the_trail_names_what_was_done_and_its_details(operator: FlaskClient, case: str) -> None:
    operator.post(f"/control/instances/{case}/suspend", data={"reason": "演练"})
    page = operator.get("/audit").text
    assert "挂起实例" in page
    assert "原因: 演练" in page
    assert "reason: 演练" in operator.get("/audit?lang=en").text
