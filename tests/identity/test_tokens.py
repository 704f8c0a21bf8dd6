"""API tokens: who they act for, what they are narrowed to, when they end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, jsonify
from flask.testing import FlaskClient

from app.identity import operations, queries
from app.identity import session as callers
from app.identity.models import ApiToken
from app.identity.operations.fields import InvalidFields
from app.identity.queries import UserView
from app.kernel import clock as clocks
from app.kernel.clock import FrozenClock
from app.kernel.db import session
from app.web.access import requires, signed_in
from tests.identity.factories import actor_of, make_unit, make_user, sign_in

pytestmark = [pytest.mark.databases, pytest.mark.own_app]


@pytest.fixture
def app(app: Flask) -> Flask:
    """The application with an API of three calls."""

    def whoami() -> Any:
        actor = callers.current_actor()
        return jsonify(kind=actor.kind, username=actor.username)

    def read() -> Any:
        return whoami()

    def deep() -> Any:
        reached = queries.may(callers.current_user_id(), "order.dispatch", unit_path="/1/", at=clocks.now())
        return jsonify(reached=reached)

    app._got_first_request = False
    app.add_url_rule("/api/v1/me", "me", signed_in(whoami), methods=["GET", "POST"])
    app.add_url_rule("/api/v1/read", "read", requires("order.read")(read))
    app.add_url_rule("/api/v1/deep", "deep", requires("order.read", "order.dispatch")(deep))
    return app


def issue(user: UserView, clock: FrozenClock, scopes: Iterable[str] = ("task.work",), days: int = 1) -> str:
    _id, secret = operations.issue_token(
        user.id,
        name="test",
        scopes=scopes,
        expires_at=clock.now() + timedelta(days=days),
        actor=actor_of(user),
        now=clock.now(),
    )
    session.commit()
    return secret


def call(client: FlaskClient, path: str, secret: str) -> Any:
    return client.get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {secret}"})


@pytest.fixture
def user(app: Flask) -> UserView:
    return make_user("lin", posts=[("dispatcher", make_unit())])


def test_a_token_acts_for_its_user_as_a_program(client: FlaskClient, clock: FrozenClock, user: UserView) -> None:
    answer = call(client, "me", issue(user, clock))
    assert answer.json == {"kind": "api", "username": "lin"}


def test_no_token_or_a_wrong_one_is_401_in_json(client: FlaskClient, clock: FrozenClock, user: UserView) -> None:
    secret = issue(user, clock)
    for headers in ({}, {"Authorization": "Bearer"}, {"Authorization": f"Bearer {secret}x"}, {"Authorization": secret}):
        answer = client.get("/api/v1/me", headers=headers)
        assert answer.status_code == 401
        assert answer.json["code"] == "unauthorized"


def test_scopes_bound_endpoints_and_what_lies_below(client: FlaskClient, clock: FrozenClock, user: UserView) -> None:
    work, read, both = (
        issue(user, clock, scopes) for scopes in (["task.work"], ["order.read"], ["order.read", "order.dispatch"])
    )
    assert [call(client, "me", secret).status_code for secret in (work, read)] == [200, 403]
    assert [call(client, "read", secret).status_code for secret in (work, read)] == [403, 200]
    assert [call(client, "deep", secret).json for secret in (read, both)] == [{"reached": False}, {"reached": True}]
    sign_in(client, user)
    assert client.get("/api/v1/deep").json == {"reached": True}


def test_a_token_ends_on_time_by_revocation_and_with_the_account(
    client: FlaskClient, clock: FrozenClock, user: UserView
) -> None:
    short, long, last = issue(user, clock, days=1), issue(user, clock, days=9), issue(user, clock, days=9)
    clock.advance(timedelta(days=1))
    assert [call(client, "me", secret).status_code for secret in (short, long)] == [401, 200]
    row = session.scalars(sa.select(ApiToken).where(ApiToken.prefix == long[:8])).first()
    assert row is not None
    operations.revoke_token(row.id, actor=actor_of(user), now=clock.now())
    session.commit()
    assert call(client, "me", long).status_code == 401
    boss = actor_of(make_user(posts=[("admin", None)]))
    assert call(client, "me", last).status_code == 200
    operations.set_active(user.id, False, actor=boss, now=clock.now())
    session.commit()
    assert call(client, "me", last).status_code == 401


def test_a_bad_token_does_not_fall_back_to_the_cookie(client: FlaskClient, clock: FrozenClock, user: UserView) -> None:
    sign_in(client, user)
    assert client.get("/api/v1/me").status_code == 200
    assert call(client, "me", "ll_wrong").status_code == 401


def test_rights_of_one_call_do_not_stay_for_the_next(client: FlaskClient, clock: FrozenClock, user: UserView) -> None:
    call(client, "me", issue(user, clock))
    assert client.get("/api/v1/me").status_code == 401
    assert queries.permissions_of(user.id, at=clock.now()) > {"task.work"}


def test_the_last_use_is_noted_now_and_then(client: FlaskClient, clock: FrozenClock, user: UserView) -> None:
    secret, start = issue(user, clock), clock.now()
    for minutes, noted in ((0, 0), (4, 0), (2, 6)):
        clock.advance(timedelta(minutes=minutes))
        call(client, "me", secret)
        session.rollback()
        assert session.scalars(sa.select(ApiToken.last_used_at)).one() == start + timedelta(minutes=noted)


def test_only_the_hash_is_kept(app: Flask, clock: FrozenClock, user: UserView) -> None:
    secret = issue(user, clock)
    row = session.scalars(sa.select(ApiToken)).one()
    assert secret not in {str(value) for value in vars(row).values()}
    assert row.prefix == secret[:8]
    assert len(secret) == 43


def test_pages_are_not_for_tokens(client: FlaskClient, clock: FrozenClock, user: UserView) -> None:
    headers = {"Authorization": f"Bearer {issue(user, clock)}"}
    assert client.get("/profile", headers=headers).status_code == 403
    assert client.post("/profile/absence", headers=headers, data={}).status_code == 403


@pytest.mark.parametrize(
    ("scopes", "days", "wrong"),
    [
        ([], 1, "scopes"),
        (["user.manage"], 1, "scopes"),
        (["order.read"], 0, "expires_at"),
        (["order.read"], 367, "expires_at"),
    ],
)
def test_a_token_is_within_its_users_rights_and_the_policy(
    app: Flask, clock: FrozenClock, user: UserView, scopes: list[str], days: int, wrong: str
) -> None:
    with pytest.raises(InvalidFields) as refused:
        issue(user, clock, scopes, days)
    assert list(refused.value.details["errors"]) == [wrong]


def test_a_token_is_issued_shown_once_and_revoked_on_the_page(
    client: FlaskClient, clock: FrozenClock, user: UserView
) -> None:
    sign_in(client, user)
    data = {"name": "脚本", "scopes": ["task.work"], "expires_at": "2026-03-10"}
    shown = client.post("/profile/tokens", data=data).text
    row = session.scalars(sa.select(ApiToken)).one()
    secret = next(word for word in shown.replace("<", " ").replace(">", " ").split() if word.startswith("ll_"))
    assert call(client, "me", secret).status_code == 200
    assert secret not in client.get("/profile/tokens").text
    client.post(f"/profile/tokens/{row.id}/revoke")
    assert call(client, "me", secret).status_code == 401
