"""The pages of comparing versions and of moving cases between them."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.engine import api as engine
from app.identity.queries import UnitView
from app.kernel import db, jobs
from app.kernel.clock import FrozenClock
from tests.engine.diagrams import diagram, line, user
from tests.engine.runtime.driving import Driver
from tests.identity.factories import make_tree, make_user, sign_in

OLD = diagram(line(user("a", name="勘查"), user("b", name="处理"), ids=("a", "b")))
NEW = diagram(line(user("a2", name="勘查"), user("b", name="处理", camunda_priority="70"), ids=("a2", "b")))
PLAN = {"process": "p", "source": "1", "target": "2"}


@pytest.fixture
def units(app: Flask) -> dict[str, UnitView]:
    return make_tree()


@pytest.fixture
def drive(clock: FrozenClock, units: dict[str, UnitView]) -> Driver:
    """Two cases on version 1, one of them in the step that version 2 changed."""
    drive = Driver(clock)
    drive.deploy(p=OLD)
    drive.start(business_key="GD1", title="停电")
    drive.complete(drive.start(business_key="GD2").id, "a")
    drive.deploy(p=NEW)
    db.session.remove()
    return drive


@pytest.fixture
def operator(client: FlaskClient, units: dict[str, UnitView]) -> FlaskClient:
    sign_in(client, make_user("operator", posts=[("admin", None)]))
    return client


def test_versions_are_compared(operator: FlaskClient, drive: Driver) -> None:
    page = operator.get("/control/definitions/bpmn/p/compare").text
    assert "a2" in page
    assert "制定迁移方案" in page
    old, new = (one.id for one in engine.list_definitions(kind="bpmn", all_versions=True))
    shown = operator.get(f"/control/definition-diagrams/{old}/compare/{new}/old").get_json()["marks"]
    assert (shown["a"]["name"], shown["b"]["name"], "a2" in shown) == ("removed", "changed", False)
    shown = operator.get(f"/control/definition-diagrams/{new}/compare/{old}/new?lang=en").get_json()["marks"]
    assert (shown["a2"]["name"], shown["b"]["name"], "a" in shown) == ("added", "changed", False)


def test_a_plan_proposes_and_is_tried(operator: FlaskClient, drive: Driver) -> None:
    page = operator.get("/control/migrations/plan", query_string=PLAN).text
    assert '<option value="a2" selected>' in page
    assert "GD1" not in page
    tried = operator.get("/control/migrations/plan", query_string=PLAN | {"try": "1", "map.a": "a2"}).text
    assert "GD1" in tried
    assert "确认后迁移" in tried
    wrong = operator.get("/control/migrations/plan", query_string=PLAN | {"try": "1", "map.a": "b"}).text
    assert 'role="alert"' in wrong


def test_cases_move_and_one_returns(operator: FlaskClient, drive: Driver) -> None:
    form = PLAN | {"map.a": "a2", "reason": "流程改版"}
    assert operator.post("/control/migrations", data=form | {"reason": ""}).status_code == 422
    answer = operator.post("/control/migrations", data=form)
    while jobs.run_due(drive.now, 10):
        pass
    page = operator.get(answer.location).text
    assert "流程改版" in page
    [found] = engine.list_migrations()
    assert found.counts == {"moved": 1, "refused": 1}
    [moved] = engine.migration_results(found.id, state="moved")
    assert "GD2" not in operator.get(f"{answer.location}?state=moved").text
    revert = f"/control/migrations/{found.id}/{moved.instance_id}/revert"
    assert operator.post(revert, data={"reason": "错了"}).status_code == 302
    assert engine.get_migration(found.id).counts == {"reverted": 1, "refused": 1}
    assert operator.post(revert, data={"reason": "再来"}).status_code == 409
    assert "1 → 2" in operator.get("/control/migrations").text


def test_changed_steps_move_when_confirmed(operator: FlaskClient, drive: Driver) -> None:
    operator.post("/control/migrations", data=PLAN | {"map.a": "a2", "reason": "改版", "confirmed": "1"})
    while jobs.run_due(drive.now, 10):
        pass
    assert [one.counts for one in engine.list_migrations()] == [{"moved": 2}]


def test_a_migration_needs_the_right_for_the_whole(
    client: FlaskClient, units: dict[str, UnitView], drive: Driver
) -> None:
    sign_in(client, make_user("local", posts=[("admin", units["P-A"])]))
    for path in ("/control/migrations", "/control/migrations/plan?process=p"):
        assert client.get(path).status_code == 403
    assert client.post("/control/migrations", data=PLAN | {"reason": "x"}).status_code == 403


def test_deployments_are_told(operator: FlaskClient, drive: Driver) -> None:
    page = operator.get("/control/deployments").text
    assert page.count("/control/definition-files/") == 2
    assert operator.get("/control/definitions/bpmn/p").status_code == 200
