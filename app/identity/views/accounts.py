"""What an administrator does to one account: appoint, end, disable, enable, unlock, reset."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, url_for
from flask_babel import gettext as _

from app.identity import operations, session
from app.identity.views.blueprint import blueprint
from app.identity.views.inputs import day, errors_of, number, text
from app.identity.views.users import render_user
from app.kernel import clock
from app.kernel.errors import Invalid
from app.web.access import requires


@blueprint.post("/users/<int:user_id>/appointments")
@requires("user.manage")
def appoint(user_id: int) -> Any:
    """Give the user a post in a unit."""
    now = clock.now()
    try:
        operations.appoint(
            user_id,
            post=text("post"),
            unit_id=number("post_unit"),
            valid_from=day("valid_from"),
            valid_to=day("valid_to", end=True),
            actor=session.current_actor(),
            now=now,
        )
    except Invalid as refused:
        return render_user(user_id, errors=errors_of(refused)), 422
    return _back(user_id, _("The appointment is made."))


@blueprint.post("/users/<int:user_id>/appointments/<int:appointment_id>/end")
@requires("user.manage")
def end_appointment(user_id: int, appointment_id: int) -> Any:
    """End an appointment now."""
    operations.end_appointment(appointment_id, actor=session.current_actor(), now=clock.now())
    return _back(user_id, _("The appointment has ended."))


@blueprint.post("/users/<int:user_id>/active")
@requires("user.manage")
def set_active(user_id: int) -> Any:
    """Disable or enable an account."""
    active = text("active") == "1"
    operations.set_active(user_id, active, actor=session.current_actor(), now=clock.now())
    return _back(user_id, _("The account is enabled.") if active else _("The account is disabled."))


@blueprint.post("/users/<int:user_id>/unlock")
@requires("user.manage")
def unlock(user_id: int) -> Any:
    """Lift the lock after too many failed attempts."""
    operations.unlock(user_id, actor=session.current_actor(), now=clock.now())
    return _back(user_id, _("The account is unlocked."))


@blueprint.post("/users/<int:user_id>/password")
@requires("user.manage")
def reset_password(user_id: int) -> Any:
    """Set a fresh password and show it, this once."""
    fresh = operations.reset_password(user_id, actor=session.current_actor(), now=clock.now())
    return render_user(user_id, password=fresh)


@blueprint.post("/users/<int:user_id>/two-factor")
@requires("user.manage")
def reset_two_factor(user_id: int) -> Any:
    """Stop asking for one-time codes."""
    operations.reset_two_factor(user_id, actor=session.current_actor(), now=clock.now())
    return _back(user_id, _("Signing in asks for the password only."))


@blueprint.post("/users/<int:user_id>/tokens/<int:token_id>/revoke")
@requires("user.manage")
def revoke_users_token(user_id: int, token_id: int) -> Any:
    """End a token of the user."""
    operations.revoke_token(token_id, actor=session.current_actor(), now=clock.now())
    return _back(user_id, _("The token no longer works."))


def _back(user_id: int, message: str) -> Any:
    flash(message, "success")
    return redirect(url_for("identity.user", user_id=user_id))
