"""A case from its first task to its end through the API alone, with a token."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.identity import operations as identity
from app.identity.queries import UserView
from app.kernel.clock import FrozenClock
from app.kernel.db import session
from tests.identity.factories import actor_of, make_tree, make_user
from tests.inbox.repair import report, task_of


def token_of(user: UserView, clock: FrozenClock, *scopes: str) -> dict[str, str]:
    _id, secret = identity.issue_token(
        user.id,
        name="test",
        scopes=list(scopes),
        expires_at=clock.now() + timedelta(days=1),
        actor=actor_of(user),
        now=clock.now(),
    )
    session.commit()
    return {"Authorization": f"Bearer {secret}"}


@pytest.fixture
def staff(app: object) -> dict[str, UserView]:
    station = make_tree()["P-A-X-1"]
    return {
        "dispatcher": make_user("zhangwei", posts=[("dispatcher", station)], name="张伟"),
        "leader": make_user("leader", posts=[("crew_leader", station)]),
        "reviewer": make_user("sun", posts=[("reviewer", station)]),
    }


def test_a_case_from_beginning_to_end(client: FlaskClient, staff: dict[str, UserView], clock: FrozenClock) -> None:
    tokens = {name: token_of(user, clock, "task.work", "task.read") for name, user in staff.items()}
    case = report(clock.now(), unit="P-A-X-1", leader="leader")
    (line,) = client.get("/api/v1/tasks?scope=groups", headers=tokens["dispatcher"]).json["tasks"]
    assert (line["title"], line["element_id"]) == ("青山路停电", "dispatch")
    path = f"/api/v1/tasks/{line['id']}"
    detail = client.get(path, headers=tokens["dispatcher"]).json
    assert detail["form"]["id"] == "inbox_repair-dispatch"
    assert "claim" in detail["may"]
    assert (
        client.post(f"{path}/complete", json={"data": {"crew": "一班"}}, headers=tokens["dispatcher"]).status_code
        == 403
    )
    assert client.post(f"{path}/claim", headers=tokens["dispatcher"]).json["assignee_id"] == staff["dispatcher"].id
    refused = client.post(f"{path}/complete", json={"data": {"people": 0}}, headers=tokens["dispatcher"])
    assert (refused.status_code, set(refused.json["details"]["errors"])) == (422, {"crew", "people"})
    done = client.post(f"{path}/complete", json={"data": {"crew": "一班"}}, headers=tokens["dispatcher"]).json
    (repair,) = done["next_tasks"]
    assert repair["assignee_id"] == staff["leader"].id
    again = client.post(f"{path}/complete", json={"data": {"crew": "二班"}}, headers=tokens["dispatcher"])
    assert (again.status_code, again.json["details"]["by"]) == (409, "zhangwei")
    client.post(f"/api/v1/tasks/{repair['id']}/complete", json={}, headers=tokens["leader"])
    review = task_of(case)
    client.post(f"/api/v1/tasks/{review.id}/claim", headers=tokens["reviewer"])
    end = client.post(f"/api/v1/tasks/{review.id}/complete", json={"data": {}}, headers=tokens["reviewer"]).json
    assert (end["instance_status"], end["next_tasks"]) == ("completed", [])


def test_pages_and_filters(client: FlaskClient, staff: dict[str, UserView], clock: FrozenClock) -> None:
    token = token_of(staff["dispatcher"], clock, "task.read")
    for _number in range(3):
        report(clock.now(), unit="P-A-X-1", leader="leader")
    first = client.get("/api/v1/tasks?scope=all&limit=2", headers=token).json
    rest = client.get(f"/api/v1/tasks?scope=all&limit=2&after={first['after']}", headers=token).json
    assert [len(first["tasks"]), len(rest["tasks"]), rest["after"]] == [2, 1, ""]
    assert client.get("/api/v1/tasks?scope=all&q=青山", headers=token).json["tasks"]
    refused = client.get("/api/v1/tasks?scope=all&sort=colour&limit=0", headers=token)
    assert refused.status_code == 422
    assert {"sort", "limit"} <= set(refused.json["details"]["errors"]["query"])


def test_a_token_does_no_more_than_its_scopes(
    client: FlaskClient, staff: dict[str, UserView], clock: FrozenClock
) -> None:
    task = task_of(report(clock.now(), unit="P-A-X-1", leader="leader"))
    reads = token_of(staff["dispatcher"], clock, "task.read")
    assert client.get(f"/api/v1/tasks/{task.id}", headers=reads).status_code == 200
    assert client.post(f"/api/v1/tasks/{task.id}/claim", headers=reads).status_code == 403
    assert client.get("/api/v1/tasks", headers=token_of(staff["dispatcher"], clock, "order.read")).status_code == 403
    for headers in ({}, {"Authorization": "Bearer ll_false"}):
        answer: Any = client.get("/api/v1/tasks", headers=headers)
        assert (answer.status_code, answer.json["code"]) == (401, "unauthorized")


def test_the_description_names_every_path(client: FlaskClient) -> None:
    described = client.get("/api/v1/openapi.json").json
    assert "/api/v1/tasks/{task_id}/complete" in described["paths"]
    assert described["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
