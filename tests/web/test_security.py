"""Headers, CSRF and redirects: the walls around every page."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.web.access import Rule, set_rule
from app.web.redirects import is_safe

pytestmark = pytest.mark.own_app


@pytest.fixture
def writing(app: Flask) -> FlaskClient:
    """A client of an application that checks CSRF, with a page that writes."""
    app.config["WTF_CSRF_ENABLED"] = True
    set_rule(app, "write", Rule("public"))
    app.add_url_rule("/write", "write", lambda: "written", methods=["POST"])
    return app.test_client()


def _token(client: FlaskClient) -> str:
    found = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/nowhere").text)
    assert found is not None
    return found[1]


def test_headers(client: FlaskClient) -> None:
    headers = client.get("/nowhere").headers
    policy = headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"


def test_pages_hold_no_inline_script(client: FlaskClient) -> None:
    page = client.get("/nowhere").text
    scripts = re.findall(r"<script([^>]*)>", page)
    assert scripts
    assert all("src=" in attributes or 'type="application/json"' in attributes for attributes in scripts)
    assert not re.search(r"\son[a-z]+=", page)
    assert "<style" not in page


def test_writing_without_token_is_refused_with_advice(writing: FlaskClient) -> None:
    response = writing.post("/write")
    assert response.status_code == 400
    assert "请刷新后重新提交" in response.text


@pytest.mark.parametrize("way", ["field", "header"])
def test_writing_with_token(writing: FlaskClient, way: str) -> None:
    token = _token(writing)
    if way == "field":
        response = writing.post("/write", data={"csrf_token": token})
    else:
        response = writing.post("/write", headers={"X-CSRFToken": token, "HX-Request": "true"})
    assert response.text == "written"


def test_a_call_with_a_bearer_token_needs_none(writing: FlaskClient) -> None:
    assert writing.post("/write", headers={"Authorization": "Bearer ll_x"}).text == "written"


def test_basic_credentials_do_not_pass_the_check(writing: FlaskClient) -> None:
    assert writing.post("/write", headers={"Authorization": "Basic eDp5"}).status_code == 400


@pytest.mark.parametrize("target", ["/inbox", "/tasks/1?tab=files", "/", "/%2f%2fevil"])
def test_safe_targets(target: str) -> None:
    assert is_safe(target)


@pytest.mark.parametrize(
    "target",
    [
        "",
        None,
        "//evil.cn",
        "/\\evil.cn",
        "\\\\evil.cn",
        "https://evil.cn",
        "javascript:alert(1)",
        "evil",
        "/a\nb",
        "/\t/x",
    ],
)
def test_unsafe_targets(target: str | None) -> None:
    assert not is_safe(target)
