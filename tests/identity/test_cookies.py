"""The session cookie between machines whose clocks differ, and over clocks that are moved."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import TimestampSigner

from tests.identity.factories import make_user, sign_in

LIFE = timedelta(hours=12)


@pytest.mark.parametrize(
    ("moved", "status"),
    [
        (timedelta(seconds=-1), 200),
        (timedelta(hours=-3), 200),
        (timedelta(hours=3), 200),
        (LIFE + timedelta(minutes=1), 302),
        (-LIFE - timedelta(minutes=1), 302),
    ],
)
def test_a_session_lives_as_long_before_as_after(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, moved: timedelta, status: int
) -> None:
    sign_in(client, make_user("wang"))
    now = TimestampSigner.get_timestamp
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda self: now(self) + int(moved.total_seconds()))
    assert client.get("/profile").status_code == status


def test_a_changed_cookie_is_still_no_session(app: Flask, client: FlaskClient) -> None:
    sign_in(client, make_user("wang"))
    cookie = client.get_cookie("session")
    assert cookie is not None
    client.set_cookie("session", cookie.value[:-3] + "abc")
    assert client.get("/profile").status_code == 302
