"""Who calls: the user of the session cookie, or of the API token in `Authorization: Bearer ll_...`.

For edges only. The answer is found once a request and kept with it. A call with a token
never uses the cookie: that is why such calls need no CSRF token.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal, cast

from flask import Flask, g, has_request_context, request
from flask.signals import request_started
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from app.identity import queries, scopes
from app.identity.models import User
from app.identity.operations.tokens import note_use, token_holder
from app.identity.queries.views import UserView, user_of_row
from app.kernel import clock, db
from app.kernel.actor import Actor
from app.kernel.errors import LightlineError

KEPT = "lightline.caller"
USE_NOTED_EVERY = timedelta(minutes=5)
"""A token's last use is written at most this often, so that reading stays reading."""


class NotSignedIn(LightlineError):
    status = 401
    code = "unauthorized"


@dataclass(frozen=True, slots=True)
class Caller:
    """A signed-in person (`user`) or a program with a token (`api`), narrowed to `scopes`."""

    kind: Literal["user", "api"]
    user: UserView
    must_change_password: bool = False
    scopes: frozenset[str] | None = None

    @property
    def actor(self) -> Actor:
        return Actor(kind=self.kind, id=self.user.id, username=self.user.username, name=self.user.name)


def caller() -> Caller | None:
    """Who sent this request, None for nobody."""
    if not has_request_context():
        return None
    if KEPT not in request.environ:
        request.environ[KEPT] = None if bearer() is not None else _of_cookie()
    return cast(Caller | None, request.environ[KEPT])


def current_actor() -> Actor:
    """The actor to pass on to operations; raises `NotSignedIn`."""
    return _someone().actor


def acting() -> dict[str, Any]:
    """`actor=` and `now=` of this request, for operations and queries."""
    return {"actor": current_actor(), "now": clock.now()}


def current_user_id() -> int:
    """The id of the user who calls; raises `NotSignedIn`."""
    return _someone().user.id


def current_permissions() -> frozenset[str]:
    """Every permission the caller holds somewhere, asked once a request."""
    who = caller()
    if who is None:
        return frozenset()
    if "lightline.permissions" not in request.environ:
        request.environ["lightline.permissions"] = queries.permissions_of(who.user.id, at=clock.now())
    return cast(frozenset[str], request.environ["lightline.permissions"])


def is_known() -> bool:
    """Whether somebody is signed in, as far as this request had to ask (files and probes do not)."""
    return request.environ.get(KEPT) is not None


def preferred_locale() -> str | None:
    """The language the signed-in user chose; None where they did not, or the database cannot say."""
    try:
        who = caller()
    except SQLAlchemyError:  # the page that tells of it is written in the default language
        return None
    return who.user.locale if who else None


def bearer() -> str | None:
    """The token of the request's `Authorization` header."""
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if kind == "Bearer" else None


def forget() -> None:
    """Ask again who calls (after signing in or out)."""
    request.environ.pop(KEPT, None)
    request.environ.pop("lightline.permissions", None)


def init_app(app: Flask) -> None:
    request_started.connect(_begin, app)
    app.teardown_request(lambda _error: scopes.hold(None))


def _begin(_sender: Any, **_kwargs: Any) -> None:
    """Start each request knowing nobody: contexts may be shared (tests), tokens are checked at once."""
    scopes.hold(None)
    g.pop("_login_user", None)
    secret = bearer()
    if secret is not None:
        request.environ[KEPT] = _of_token(secret)


def _of_cookie() -> Caller | None:
    row: User = current_user
    if not row.is_authenticated:
        return None
    return Caller("user", user_of_row(row), must_change_password=row.must_change_password)


def _of_token(secret: str) -> Caller | None:
    now = clock.now()
    found = token_holder(secret, now=now)
    if found is None:
        return None
    token, user = found
    who = Caller("api", user, scopes=frozenset(token.scopes))
    scopes.hold(token.scopes)
    if token.last_used_at is None or now - token.last_used_at > USE_NOTED_EVERY:
        token_id = token.id
        db.run(lambda: note_use(token_id, now=now))
    return who


def _someone() -> Caller:
    who = caller()
    if who is None:
        raise NotSignedIn(_l("Please sign in."))
    return who
