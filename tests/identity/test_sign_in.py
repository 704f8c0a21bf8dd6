"""Signing in: what leads in, what is refused, and that refusals tell nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.identity import operations, passwords
from app.identity.models import SignInAttempt
from app.identity.policy import Policy
from app.kernel.actor import SYSTEM
from app.kernel.audit import AuditEntry
from app.kernel.clock import FrozenClock
from app.kernel.db import session
from app.web.security import limiter
from tests.identity.factories import PASSWORD, make_unit, make_user

pytestmark = pytest.mark.databases


def enter(client: FlaskClient, username: str, password: str = PASSWORD, **data: Any) -> TestResponse:
    return client.post("/sign-in", data={"username": username, "password": password, **data})


def test_name_and_password_lead_to_the_page_asked_for(app: Flask, client: FlaskClient) -> None:
    make_user("lin", posts=[("agent", make_unit())], password=True)
    answer = enter(client, " LIN ", next="/profile")
    assert (answer.status_code, answer.location) == (302, "/profile")
    page = client.get("/profile")
    assert page.status_code == 200
    assert "no-store" in page.headers["Cache-Control"]
    assert session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id.desc()).limit(1)).one() == (
        "session.sign_in"
    )


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/%0a\n//x"]
)
def test_next_leads_to_this_site_only(app: Flask, client: FlaskClient, target: str) -> None:
    make_user("lin", password=True)
    assert enter(client, "lin", next=target).location == "/"


def test_what_was_in_the_cookie_before_does_not_stay(app: Flask, client: FlaskClient) -> None:
    make_user("lin", password=True)
    with client.session_transaction() as cookie:
        cookie["planted"] = "by somebody else"
    enter(client, "lin")
    with client.session_transaction() as cookie:
        assert "planted" not in cookie
        assert "_user_id" in cookie


def test_unknown_disabled_and_wrong_get_the_same_answer(app: Flask, client: FlaskClient, clock: FrozenClock) -> None:
    make_user("lin", password=True)
    away = make_user("away", password=True)
    make_user("fresh", password=False)
    operations.set_active(away.id, False, actor=SYSTEM, now=clock.now())
    session.commit()
    answers = [
        enter(client, "lin", "wrong-password-1"),
        enter(client, "nobody"),
        enter(client, "away"),
        enter(client, "fresh"),
        enter(client, "lin", "x" * 5000),
    ]
    assert {answer.status_code for answer in answers} == {401}
    texts = {answer.text for answer in answers}
    for name in ("lin", "nobody", "away", "fresh"):
        texts = {text.replace(f'value="{name}"', "") for text in texts}
    assert len(texts) == 1


def test_unknown_and_known_names_cost_one_hash_each(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_user("lin", password=True)
    checked: list[str] = []
    real = passwords.verify_password

    def counted(password: str, stored: str) -> bool:
        checked.append(stored)
        return bool(real(password, stored))

    monkeypatch.setattr(passwords, "verify_password", counted)
    for name in ("lin", "nobody"):
        checked.clear()
        enter(client, name, "wrong-password-1")
        assert len(checked) == 1
        assert checked[0].startswith("$argon2id$")


@pytest.mark.parametrize("name", ["lin", "nobody"])
def test_an_account_locks_after_too_many_failures(
    app: Flask, client: FlaskClient, clock: FrozenClock, name: str
) -> None:
    make_user("lin", password=True)
    for _n in range(5):
        assert enter(client, name, "wrong-password-1").status_code == 401
    assert enter(client, "lin").status_code == (401 if name == "lin" else 302)
    clock.advance(timedelta(minutes=14, seconds=59))
    assert enter(client, "lin").status_code == (401 if name == "lin" else 302)
    clock.advance(timedelta(seconds=1))
    assert enter(client, "lin").status_code == 302


def test_attempts_while_locked_do_not_prolong_the_lock(app: Flask, client: FlaskClient, clock: FrozenClock) -> None:
    make_user("lin", password=True)
    for _n in range(5):
        enter(client, "lin", "wrong-password-1")
    clock.advance(timedelta(minutes=14))
    enter(client, "lin", "wrong-password-1")
    clock.advance(timedelta(minutes=1))
    assert enter(client, "lin").status_code == 302
    assert session.scalar(sa.select(sa.func.count()).select_from(SignInAttempt)) == 0


def test_an_administrator_unlocks(app: Flask, client: FlaskClient, clock: FrozenClock) -> None:
    user = make_user("lin", password=True)
    for _n in range(5):
        enter(client, "lin", "wrong-password-1")
    operations.unlock(user.id, actor=SYSTEM, now=clock.now())
    session.commit()
    assert enter(client, "lin").status_code == 302


def test_refusals_are_on_record_without_names_nobody_has(app: Flask, client: FlaskClient) -> None:
    make_user("lin", password=True)
    enter(client, "lin", "wrong-password-1")
    enter(client, "my-secret-password")
    rows = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "session.refuse").order_by(AuditEntry.id))
    assert [(row.subject_id, row.details["reason"]) for row in rows] == [("lin", "password"), ("?", "password")]


def test_signing_out_ends_the_session(app: Flask, client: FlaskClient) -> None:
    make_user("lin", password=True)
    enter(client, "lin")
    assert client.post("/sign-out").location == "/sign-in"
    assert client.get("/profile").status_code == 302


def test_a_first_password_must_be_changed_before_anything_else(
    app: Flask, client: FlaskClient, clock: FrozenClock
) -> None:
    user = make_user("lin", password=True)
    first = operations.reset_password(user.id, actor=SYSTEM, now=clock.now())
    session.commit()
    enter(client, "lin", first)
    assert client.get("/units").location == "/profile/password"
    data = {"old": first, "password": "my-own-secret-9", "again": "my-own-secret-9"}
    assert client.post("/profile/password", data=data).location == "/profile"
    assert client.get("/units").status_code == 200


def test_a_new_password_ends_other_sessions_and_not_this_one(app: Flask, client: FlaskClient) -> None:
    make_user("lin", password=True)
    other = app.test_client()
    enter(client, "lin")
    enter(other, "lin")
    data = {"old": PASSWORD, "password": "my-own-secret-9", "again": "my-own-secret-9"}
    client.post("/profile/password", data=data)
    assert client.get("/profile").status_code == 200
    assert other.get("/profile").status_code == 302


@pytest.mark.parametrize(
    ("old", "new", "again"),
    [
        ("wrong", "my-own-secret-9", "my-own-secret-9"),
        (PASSWORD, PASSWORD, PASSWORD),
        (PASSWORD, "short-1", "short-1"),
        (PASSWORD, "lettersonly", "lettersonly"),
        (PASSWORD, "lin-has-a-secret", "lin-has-a-secret"),
        (PASSWORD, "a1a1a1a1a1a1", "a1a1a1a1a1a1"),
        (PASSWORD, "my-own-secret-9", "another-secret-9"),
        (PASSWORD, "x1" * 100, "x1" * 100),
    ],
)
def test_weak_and_mistyped_passwords_are_refused(
    app: Flask, client: FlaskClient, old: str, new: str, again: str
) -> None:
    make_user("lin", password=True)
    enter(client, "lin")
    answer = client.post("/profile/password", data={"old": old, "password": new, "again": again})
    assert answer.status_code == 422
    assert "field-error" in answer.text
    assert enter(app.test_client(), "lin").status_code == 302


def test_disabling_an_account_ends_its_sessions(app: Flask, client: FlaskClient, clock: FrozenClock) -> None:
    user = make_user("lin", password=True)
    enter(client, "lin")
    operations.set_active(user.id, False, actor=SYSTEM, now=clock.now())
    session.commit()
    assert client.get("/profile").status_code == 302


@pytest.fixture
def limited(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Requests are limited, as they are outside tests: three attempts a minute."""
    monkeypatch.setattr(limiter, "enabled", False)
    monkeypatch.setattr(limiter, "initialized", False)
    monkeypatch.setitem(app.extensions, "lightline.policy", replace(Policy(), address_rate="3 per minute"))
    app.config["RATELIMIT_ENABLED"] = True
    limiter.init_app(app)
    yield
    limiter.reset()


@pytest.mark.own_app
@pytest.mark.usefixtures("limited")
def test_an_address_that_tries_too_often_waits(app: Flask, client: FlaskClient) -> None:
    assert [enter(client, f"name{n}").status_code for n in range(4)] == [401, 401, 401, 429]
    assert client.get("/sign-in").status_code == 200


def test_forms_of_other_sites_are_refused(app: Flask, client: FlaskClient) -> None:
    make_user("lin", password=True)
    app.config["WTF_CSRF_ENABLED"] = True
    assert enter(client, "lin").status_code == 400
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/sign-in").text)
    assert token is not None
    assert enter(client, "lin", csrf_token=token[1]).status_code == 302


def test_the_language_of_the_account_is_spoken(app: Flask, client: FlaskClient) -> None:
    make_user("lin", password=True)
    enter(client, "lin")
    assert "我的账号" in client.get("/profile").text
    client.post("/profile/language", data={"locale": "en"})
    assert "My account" in client.get("/profile").text
    assert client.post("/profile/language", data={"locale": "xx"}).status_code == 422
