"""One-time codes: set up, asked for, used once, switched off, reset."""

from __future__ import annotations

import re
from datetime import timedelta

import pyotp
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.identity import operations
from app.identity.models import User
from app.kernel.actor import SYSTEM
from app.kernel.clock import FrozenClock
from app.kernel.db import session
from tests.identity.factories import PASSWORD, make_user

pytestmark = pytest.mark.databases


@pytest.fixture
def totp(app: Flask, client: FlaskClient, clock: FrozenClock) -> pyotp.TOTP:
    """The authenticator of the user `lin`, set up through the pages; nobody is signed in after it."""
    make_user("lin", password=True)
    _password(client)
    page = client.get("/profile/two-factor").text
    found = re.search(r"<code>([A-Z2-7-]+)</code>", page)
    assert found is not None
    authenticator = pyotp.TOTP(found[1].replace("-", ""))
    assert client.post("/profile/two-factor", data={"code": "000000"}).status_code == 422
    assert client.post("/profile/two-factor", data={"code": authenticator.at(clock.now())}).status_code == 302
    client.post("/sign-out")
    clock.advance(timedelta(minutes=2))
    return authenticator


def _password(client: FlaskClient) -> str | None:
    return client.post("/sign-in", data={"username": "lin", "password": PASSWORD, "next": "/units"}).location


def test_the_password_alone_does_not_lead_in(app: Flask, client: FlaskClient, totp: pyotp.TOTP) -> None:
    assert _password(client) == "/sign-in/code?next=/units"
    assert client.get("/units").status_code == 302


def test_the_code_leads_in_once(app: Flask, client: FlaskClient, totp: pyotp.TOTP, clock: FrozenClock) -> None:
    code = totp.at(clock.now())
    _password(client)
    assert client.post("/sign-in/code", data={"code": f"{code[:3]} {code[3:]}", "next": "/units"}).location == "/units"
    assert client.get("/units").status_code == 200
    thief = app.test_client()
    _password(thief)
    assert thief.post("/sign-in/code", data={"code": code}).status_code == 401


def test_wrong_codes_lock_like_wrong_passwords(
    app: Flask, client: FlaskClient, totp: pyotp.TOTP, clock: FrozenClock
) -> None:
    _password(client)
    for _n in range(5):
        assert client.post("/sign-in/code", data={"code": "12345x"}).status_code == 401
    assert client.post("/sign-in/code", data={"code": totp.at(clock.now())}).status_code == 401
    assert _password(client) is None


def test_the_second_step_waits_five_minutes(
    app: Flask, client: FlaskClient, totp: pyotp.TOTP, clock: FrozenClock
) -> None:
    _password(client)
    clock.advance(timedelta(minutes=5, seconds=1))
    assert client.post("/sign-in/code", data={"code": totp.at(clock.now())}).location.startswith("/sign-in?")


def test_the_second_step_needs_the_first(app: Flask, client: FlaskClient, totp: pyotp.TOTP) -> None:
    assert client.get("/sign-in/code").location.startswith("/sign-in?")


def test_the_secret_is_stored_encrypted(app: Flask, totp: pyotp.TOTP) -> None:
    stored = session.scalars(sa.select(User.tf_totp_secret)).one()
    assert stored is not None
    assert totp.secret not in stored


def test_switching_off_needs_the_password(
    app: Flask, client: FlaskClient, totp: pyotp.TOTP, clock: FrozenClock
) -> None:
    _password(client)
    client.post("/sign-in/code", data={"code": totp.at(clock.now())})
    assert client.post("/profile/two-factor/off", data={"password": "wrong"}).status_code == 422
    assert client.post("/profile/two-factor/off", data={"password": PASSWORD}).status_code == 302
    client.post("/sign-out")
    assert _password(client) == "/units"


def test_an_administrator_helps_after_a_lost_telephone(
    app: Flask, client: FlaskClient, totp: pyotp.TOTP, clock: FrozenClock
) -> None:
    user_id = session.scalars(sa.select(User.id)).one()
    operations.reset_two_factor(user_id, actor=SYSTEM, now=clock.now())
    session.commit()
    assert _password(client) == "/units"
