"""The pages of incidents and of deployed definitions."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.engine import api as engine
from app.engine.definitions.deploy import deploy
from app.identity.queries import UnitView
from app.kernel import db, jobs
from app.kernel.actor import SYSTEM
from app.kernel.clock import FrozenClock
from tests.engine.diagrams import chain, diagram, end, script, start, user
from tests.engine.runtime.driving import Driver
from tests.identity.factories import make_tree, make_user, sign_in

DIAGRAM = diagram(start(), script("work", "total = amount + 1"), user("look"), end(), chain("s", "work", "look", "e"))


@pytest.fixture
def units(app: Flask) -> dict[str, UnitView]:
    return make_tree()


@pytest.fixture
def incident(app: Flask, clock: FrozenClock, units: dict[str, UnitView]) -> str:
    """A case in the county P-A-X whose script lacks a variable."""
    drive = Driver(clock)
    drive.deploy(p=DIAGRAM)
    drive.start(data={}, business_key="GD1", title="停电", title_en="Outage", unit="P-A-X")
    [opened] = engine.list_incidents()
    db.session.remove()
    return opened.id


@pytest.fixture
def operator(app: Flask, client: FlaskClient, units: dict[str, UnitView]) -> FlaskClient:
    """An administrator of the city P-A, signed in."""
    sign_in(client, make_user("operator", posts=[("admin", units["P-A"])]))
    return client


def test_open_incidents_are_listed_and_looked_at(operator: FlaskClient, incident: str) -> None:
    page = operator.get("/control/incidents")
    assert page.status_code == 200
    assert "GD1" in page.text
    shown = operator.get(f"/control/incidents/{incident}").text
    assert "amount" in shown
    assert "停电" in shown
    assert "Outage" in operator.get(f"/control/incidents/{incident}?lang=en").text


def test_a_step_is_tried_again_with_a_variable_mended(operator: FlaskClient, incident: str) -> None:
    answer = operator.post(f"/control/incidents/{incident}/retry", data={"reason": "补录", "data": '{"amount": 4}'})
    assert (answer.status_code, answer.location) == (302, f"/control/incidents/{incident}")
    assert engine.get_incident(incident).state == "resolved"
    assert "已通过" in operator.get(f"/control/incidents/{incident}").text
    assert "GD1" not in operator.get("/control/incidents").text
    assert "GD1" in operator.get("/control/incidents?state=resolved").text


def test_a_step_that_fails_again_stays(operator: FlaskClient, incident: str) -> None:
    operator.post(f"/control/incidents/{incident}/retry", data={"reason": "再试"})
    found = engine.get_incident(incident)
    assert (found.state, found.attempts) == ("open", 2)
    assert "再次失败" in operator.get(f"/control/incidents/{incident}").text


@pytest.mark.parametrize(
    "form",
    [
        {"reason": ""},
        {"reason": "x" * 501},
        {"reason": "ok", "data": "[1]"},
        {"reason": "ok", "data": "{amount: 4}"},
    ],
)
def test_a_form_that_does_not_fit_is_refused_and_kept(
    operator: FlaskClient, incident: str, form: dict[str, str]
) -> None:
    answer = operator.post(f"/control/incidents/{incident}/retry", data=form)
    assert answer.status_code == 422
    assert "field-error" in answer.text
    assert engine.get_incident(incident).attempts == 1


def test_incidents_of_other_units_are_out_of_reach(
    app: Flask, client: FlaskClient, units: dict[str, UnitView], incident: str
) -> None:
    sign_in(client, make_user("neighbour", posts=[("admin", units["P-B"])]))
    assert "GD1" not in client.get("/control/incidents").text
    assert client.get(f"/control/incidents/{incident}").status_code == 403
    answer = client.post(f"/control/incidents/{incident}/retry", data={"reason": "x", "data": '{"amount": 4}'})
    assert answer.status_code == 403
    assert engine.get_incident(incident).state == "open"


def test_an_incident_that_is_not_is_not_found(operator: FlaskClient) -> None:
    assert operator.get("/control/incidents/unknown").status_code == 404


def test_definitions_with_their_versions(operator: FlaskClient, clock: FrozenClock) -> None:
    drive = Driver(clock)
    drive.deploy(p=DIAGRAM)
    drive.deploy(p=DIAGRAM.replace(b"amount + 1", b"amount + 2"))
    db.session.remove()
    page = operator.get("/control/definitions?kind=bpmn&lang=en")
    assert "/control/definitions/bpmn/p" in page.text
    assert "Process" in page.text
    assert "/control/definitions/bpmn/p" not in operator.get("/control/definitions?kind=dmn").text
    versions = operator.get("/control/definitions/bpmn/p").text
    first = next(entry for entry in engine.list_definitions(all_versions=True) if entry.version == 1)
    assert f"/control/definition-files/{first.id}" in versions
    file = operator.get(f"/control/definition-files/{first.id}")
    assert file.data == DIAGRAM
    assert "attachment" in file.headers["Content-Disposition"]


@pytest.mark.parametrize("path", ["definitions/bpmn/unknown", "definitions/nonsense/p", "definition-files/unknown"])
def test_definitions_that_are_not_are_not_found(operator: FlaskClient, path: str) -> None:
    assert operator.get(f"/control/{path}").status_code == 404


@pytest.mark.parametrize("path", ["incidents", "definitions", "jobs", "calendar"])
def test_pages_are_for_operators_only(client: FlaskClient, units: dict[str, UnitView], path: str) -> None:
    assert client.get(f"/control/{path}").status_code in {302, 401}
    sign_in(client, make_user("agent", posts=[("agent", units["P-A"])]))
    assert client.get(f"/control/{path}").status_code == 403


def test_each_kind_of_definition_is_shown_as_people_read_it(
    operator: FlaskClient, clock: FrozenClock, app: Flask
) -> None:
    db.run(lambda: deploy(_project_files(), actor=SYSTEM, now=clock.now()))
    page = operator.get("/control/definitions/bpmn/callback").text
    address = re.search(r'data-url="(/control/definition-diagrams/[^"]+)"', page)
    assert address
    answer = operator.get(address.group(1) + "?lang=en").json
    assert answer is not None
    assert "Plan the next attempt" in answer["xml"]
    table = operator.get("/control/definitions/dmn/callback_strategy").text
    assert "命中策略" in table
    assert "Callback strategy" in operator.get("/control/definitions/dmn/callback_strategy?lang=en").text
    assert 'data-preview="1"' in operator.get("/control/definitions/form/callback-call").text


def _project_files() -> dict[str, bytes]:
    return {
        str(path): path.read_bytes()
        for pattern in ("bpmn/callback/*.*", "forms/callback/*.form")
        for path in Path().glob(pattern)
    }


def test_several_incidents_are_tried_again_at_once(
    operator: FlaskClient, incident: str, clock: FrozenClock, units: dict[str, UnitView]
) -> None:
    drive = Driver(clock)
    mended = drive.start(data={}, business_key="GD2", unit="P-A-X").id
    drive.start(data={}, business_key="GD3", unit="P-B")
    values = {"name": "amount", "value": "4", "reason": "补录"}
    assert operator.post(f"/control/instances/{mended}/variables", data=values).status_code == 302
    assert "GD2" in operator.get("/control/incidents?business_key=GD2").text
    assert operator.post("/control/incidents/retry", data={"reason": ""}).status_code == 422
    answer = operator.post("/control/incidents/retry", data={"process_key": "p", "reason": "补录完成"})
    while jobs.run_due(clock.now(), 10):
        pass
    page = operator.get(answer.location).text
    assert "GD1" in page
    assert "GD2" in page
    assert "GD3" not in page
    assert engine.list_retries()[0].counts == {"failed": 1, "resolved": 1}
    assert "补录完成" in operator.get("/control/retries").text
    assert operator.post("/control/incidents/retry", data={"element_id": "none", "reason": "x"}).status_code == 422


@pytest.mark.parametrize("form", [{"name": "1x", "value": "4"}, {"name": "amount", "value": "four"}])
def test_a_variable_that_cannot_be_read_is_refused(operator: FlaskClient, incident: str, form: dict[str, str]) -> None:
    case = engine.get_incident(incident).instance_id
    assert operator.post(f"/control/instances/{case}/variables", data=form | {"reason": "x"}).status_code == 422
    assert "amount" not in engine.variables(case)
