"""The feed of changes through the API, as the marketing system reads it."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.identity import queries as people
from app.kernel.clock import FrozenClock
from tests.api.tokens import token_of
from tests.customers.importing.stage import Stage, table

ROWS = [[f"000{number}", "张三", "阳光花园3幢", "GM-A", "8", "2026-03-02"] for number in range(1, 4)]


@pytest.fixture
def header(app: Flask, clock: FrozenClock) -> dict[str, str]:
    stage = Stage(clock.now())
    assert stage.run(table(*ROWS)).state == "done"
    user = people.user_view(stage.actor.username)
    assert user is not None
    return token_of(user, clock.now(), "customer.read")


def test_changes_are_read_from_where_the_reader_stands(client: FlaskClient, header: dict[str, str]) -> None:
    first = client.get("/api/v1/changes?limit=2", headers=header).get_json()
    assert [change["customer"] for change in first["changes"]] == ["0001", "0002"]
    assert (first["next"], first["last"], first["more"]) == (2, 3, True)
    second = client.get(f"/api/v1/changes?after={first['next']}", headers=header).get_json()
    assert [change["position"] for change in second["changes"]] == [3]
    assert second["changes"][0]["act"] == "created"
    assert "address" in second["changes"][0]["fields"]
    assert not second["more"]


def test_a_subject_narrows_and_the_reader_still_comes_to_the_end(client: FlaskClient, header: dict[str, str]) -> None:
    page = client.get("/api/v1/changes?subject=meter", headers=header).get_json()
    assert (page["changes"], page["next"], page["more"]) == ([], 3, False)


def test_without_the_scope_nothing_is_told(client: FlaskClient, header: dict[str, str]) -> None:
    assert client.get("/api/v1/changes").status_code == 401
    assert client.get("/api/v1/changes?after=x", headers=header).status_code == 422
