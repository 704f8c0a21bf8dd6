"""Switching one-time codes on and off for one's own account."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import current_app, flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext as _

from app.identity import operations, session
from app.identity.models import User
from app.identity.views.blueprint import blueprint
from app.identity.views.inputs import errors_of, text
from app.kernel import clock, db
from app.kernel.errors import Invalid
from app.web.access import signed_in

SECRET = "totp_secret"  # noqa: S105  (a key of the session; the secret in it is encrypted)


@blueprint.get("/profile/two-factor")
@signed_in
def two_factor() -> Any:
    """The code to scan, or the way to switch codes off."""
    return _page({})


@blueprint.post("/profile/two-factor")
@signed_in
def enable_two_factor() -> Any:
    """Switch codes on once the application shows the right one."""
    secret = cookie.get(SECRET)
    if secret is None:
        return redirect(url_for("identity.two_factor"))
    try:
        operations.enable_two_factor(
            session.current_user_id(), secret=secret, code=text("code"), actor=session.current_actor(), now=clock.now()
        )
    except Invalid as refused:
        return _page(errors_of(refused)), 422
    cookie.pop(SECRET, None)
    flash(_("From now on signing in asks for a one-time code."), "success")
    return redirect(url_for("identity.profile"))


@blueprint.post("/profile/two-factor/off")
@signed_in
def disable_two_factor() -> Any:
    """Switch codes off, with the password."""
    try:
        operations.disable_two_factor(
            session.current_user_id(), password=text("password"), actor=session.current_actor(), now=clock.now()
        )
    except Invalid as refused:
        return _page(errors_of(refused)), 422
    flash(_("Signing in asks for the password only."), "success")
    return redirect(url_for("identity.profile"))


def _page(errors: dict[str, Any]) -> str:
    user = db.session.scalars(sa.select(User).where(User.id == session.current_user_id())).one()
    if user.tf_totp_secret is not None:
        return render_template("identity/two_factor.html", enabled=True, errors=errors)
    factory = current_app.extensions["security"].totp_factory
    if SECRET not in cookie or request.args.get("new"):
        cookie[SECRET] = factory.generate_totp_secret()
    values = factory.fetch_setup_values(cookie[SECRET], user)
    return render_template(
        "identity/two_factor.html", enabled=False, errors=errors, image=values["image"], key=values["key"]
    )
