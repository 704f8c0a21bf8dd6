"""Every endpoint states who may call it; what states nothing is refused."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.web.access import endpoint_rule


def test_every_endpoint_has_a_rule(app: Flask) -> None:
    without = [
        f"{rule.endpoint} {method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        if endpoint_rule(app, rule.endpoint, method) is None
    ]
    assert not without, "no access rule: " + "; ".join(without)


@pytest.mark.own_app
def test_an_endpoint_without_rule_is_refused(app: Flask, client: FlaskClient) -> None:
    app.add_url_rule("/open-by-mistake", "mistake", lambda: "secret")
    response = client.get("/open-by-mistake")
    assert response.status_code == 403
    assert b"secret" not in response.data
