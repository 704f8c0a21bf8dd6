"""Failures told in the reader's language: as a page, as JSON, as a fragment for htmx."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from app.kernel.errors import Conflict
from app.web.access import Rule, set_rule

pytestmark = pytest.mark.own_app


def _raise(error: Exception) -> Callable[[], str]:
    def view() -> str:
        raise error

    return view


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    errors = {
        "conflict": Conflict("王强 12:00 已完成", by="wq"),
        "broken": RuntimeError("secret detail"),
        "database": OperationalError("SELECT secret", {}, Exception("gone")),
    }
    for name, error in errors.items():
        set_rule(app, name, Rule("public"))
        app.add_url_rule(f"/{name}", name, _raise(error), methods=["GET", "POST"])
    for status in (400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 503):
        set_rule(app, f"abort{status}", Rule("public"))
        app.add_url_rule(f"/abort/{status}", f"abort{status}", lambda status=status: abort(status))
    return app.test_client()


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 503])
def test_page_in_both_languages(client: FlaskClient, status: int) -> None:
    chinese = client.get(f"/abort/{status}")
    english = client.get(f"/abort/{status}?lang=en")
    assert chinese.status_code == english.status_code == status
    assert 'lang="zh-CN"' in chinese.text
    assert 'lang="en"' in english.text
    assert any("一" <= c <= "鿿" for c in chinese.text.split("<h1>")[1].split("</h1>")[0])
    assert english.text.split("<h1>")[1].split("</h1>")[0].isascii()


def test_json_for_programs(client: FlaskClient) -> None:
    response = client.get("/conflict", headers={"Accept": "application/json"})
    assert response.status_code == 409
    assert response.json is not None
    assert response.json["code"] == "conflict"
    assert response.json["message"] == "王强 12:00 已完成"
    assert response.json["details"] == {"by": "wq"}
    assert response.json["correlation_id"] == response.headers["X-Request-ID"]


def test_api_paths_answer_json_whatever_is_accepted(client: FlaskClient) -> None:
    response = client.get("/api/v1/nowhere", headers={"Accept": "text/html"})
    assert response.status_code == 404
    assert response.json is not None
    assert response.json["code"] == "not_found"


def test_fragment_for_htmx(client: FlaskClient) -> None:
    response = client.post("/conflict", headers={"HX-Request": "true"})
    assert response.status_code == 409
    assert response.headers["HX-Retarget"] == "#toasts"
    assert "王强 12:00 已完成" in response.text
    assert "<html" not in response.text


def test_inner_failures_are_not_shown(client: FlaskClient) -> None:
    response = client.get("/broken")
    assert response.status_code == 500
    assert "secret" not in response.text
    assert response.headers["X-Request-ID"] in response.text


def test_a_database_that_is_away_says_when_to_try_again(client: FlaskClient) -> None:
    response = client.get("/database")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "5"
    assert "SELECT" not in response.text


def test_plain_words_where_even_the_error_page_breaks(
    client: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_names: object, **_context: object) -> str:
        raise RuntimeError("no templates")

    monkeypatch.setattr("app.web.errors.render_template", broken)
    response = client.get("/abort/404")
    assert response.status_code == 404
    assert "服务暂时不可用" in response.text


def test_a_retry_time_is_kept(app: Flask, client: FlaskClient) -> None:
    response = client.post("/abort/404")
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]
