"""Signing in and out. The second step, for users with a one-time code, is `second_factor`."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Flask, flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext as _
from flask_security.utils import login_user, logout_user

from app.identity import policy, session
from app.identity.models import User
from app.identity.operations import signing_in
from app.identity.views.blueprint import blueprint
from app.kernel import clock, db
from app.web.access import public, signed_in
from app.web.redirects import safe_next
from app.web.security import limiter

PENDING_SECONDS = 300
"""How long the step between password and one-time code may take."""


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
@limiter.limit(lambda: policy.current().address_rate, methods=["POST"])
def sign_in() -> Any:
    """The sign-in page; a right password leads on to `next`, or to the one-time code first."""
    target = safe_next("/")
    if request.method == "GET":
        return redirect(target) if session.caller() is not None else _page(target)
    now, address = clock.now(), request.remote_addr or ""
    username, password = request.form.get("username", ""), request.form.get("password", "")

    def work() -> tuple[str, bool] | None:
        user = signing_in.check_password(username, password, address=address, now=now)
        if user is None:
            return None
        if user.tf_totp_secret is None:
            signing_in.complete(user, address=address, now=now)
        return user.fs_uniquifier, user.tf_totp_secret is not None

    found = db.run(work)
    if found is None:
        flash(_("User name or password is wrong, or the account is locked for a while."), "error")
        return _page(target, username=username), 401
    key, second_step = found
    if second_step:
        cookie.clear()
        cookie["pending"], cookie["pending_until"] = key, now.timestamp() + PENDING_SECONDS
        return redirect(url_for("identity.second_factor", next=target))
    enter(key)
    return redirect(target)


@blueprint.route("/sign-in/code", methods=["GET", "POST"])
@public
@limiter.limit(lambda: policy.current().address_rate, methods=["POST"])
def second_factor() -> Any:
    """The second step: the six digits of the authenticator application."""
    target, now, address = safe_next("/"), clock.now(), request.remote_addr or ""
    key = cookie.get("pending")
    if key is None or cookie.get("pending_until", 0) < now.timestamp():
        cookie.clear()
        return redirect(url_for("identity.sign_in", next=target))
    if request.method == "GET":
        return render_template("identity/second_factor.html", target=target)

    def work() -> bool:
        user = _by_key(key)
        good = user is not None and signing_in.check_code(user, request.form.get("code", ""), address=address, now=now)
        if good and user is not None:
            signing_in.complete(user, address=address, now=now)
        return good

    if not db.run(work):
        flash(_("The code is wrong or was used already. Wait for the next one."), "error")
        return render_template("identity/second_factor.html", target=target), 401
    enter(key)
    return redirect(target)


@blueprint.post("/sign-out")
@signed_in
def sign_out() -> Any:
    """End the session."""
    user = db.session.get(User, session.current_user_id())
    if user is not None:
        signing_in.sign_out(user, address=request.remote_addr or "", now=clock.now())
    logout_user()
    cookie.clear()
    session.forget()
    return redirect(url_for("identity.sign_in"))


def enter(key: str) -> None:
    """Begin the session of the user with this key, empty of what was in the cookie before."""
    user: Any = _by_key(key)
    cookie.clear()
    cookie.permanent = True
    login_user(user, remember=False, authn_via=["password"])
    session.forget()


def _by_key(key: str) -> User | None:
    return db.session.scalar(sa.select(User).where(User.fs_uniquifier == key).with_for_update())


def _page(target: str, username: str = "") -> str:
    return render_template("identity/sign_in.html", target=target, username=username)


def init_app(app: Flask) -> None:
    """Nothing may keep a page with somebody's data after they signed out."""

    @app.after_request
    def _no_store(response: Any) -> Any:
        if session.is_known() and "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "private, no-store"
        return response
