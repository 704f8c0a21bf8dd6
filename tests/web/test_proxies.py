"""Webs behind a balancer: whose address counts, and that counting goes on while the shared storage is away."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask, request

from app import create_app
from app.kernel.db import db
from app.web.access import Rule, set_rule
from app.web.security import limiter
from tests.conftest import settings_for

SENT = {
    "X-Forwarded-For": "198.51.100.7, 203.0.113.5",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "hotline.example",
}


@pytest.mark.parametrize(
    ("proxies", "seen"),
    [
        (0, "127.0.0.1 http localhost"),
        (1, "203.0.113.5 https hotline.example"),
        (2, "198.51.100.7 http localhost"),  # names of one proxy only: not from the trusted place
    ],
)
def test_only_our_own_proxies_name_the_caller(database: str, tmp_path: Path, proxies: int, seen: str) -> None:
    app = create_app(replace(settings_for(database, tmp_path / "instance"), proxies=proxies))
    set_rule(app, "seen", Rule("public"))
    app.add_url_rule("/seen", "seen", lambda: f"{request.remote_addr} {request.scheme} {request.host}")
    assert app.test_client().get("/seen", headers=SENT).text == seen
    with app.app_context():
        db.engine.dispose()


def test_rates_are_limited_while_the_shared_storage_is_away(app: Flask) -> None:
    alone = Flask("alone")
    alone.config.update(app.config)
    alone.config.update(RATELIMIT_ENABLED=True, RATELIMIT_STORAGE_URI="redis://127.0.0.1:9/0")
    own = type(limiter)(key_func=limiter._key_func)
    own.init_app(alone)
    alone.add_url_rule("/", "few", own.limit("2 per minute")(lambda: "ok"))
    client = alone.test_client()
    assert [client.get("/").status_code for _ in range(3)] == [200, 200, 429]
