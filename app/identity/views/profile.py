"""One's own account: facts, language, password."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app.identity import operations, policy, queries, session
from app.identity.models import User
from app.identity.views import signin
from app.identity.views.blueprint import blueprint
from app.identity.views.inputs import errors_of, text
from app.kernel import clock, db, i18n
from app.kernel.errors import Invalid
from app.web.access import signed_in


@blueprint.get("/profile")
@signed_in
def profile() -> Any:
    """Who I am here, my posts, and the ways to change what is mine."""
    account = queries.account(session.current_user_id(), at=clock.now())
    return render_template("identity/profile.html", account=account, now=clock.now())


@blueprint.post("/profile/language")
@signed_in
def set_language() -> Any:
    """Remember the language with the account; the browser's own choice gives way to it."""
    actor, now = session.current_actor(), clock.now()
    wanted = text("locale") or None
    operations.set_locale(session.current_user_id(), wanted, actor=actor, now=now)
    with i18n.in_locale(wanted or i18n.current_locale()):
        flash(_("The language is set."), "success")
    response = redirect(url_for("identity.profile"))
    response.delete_cookie("lang")
    return response


@blueprint.get("/profile/password")
@signed_in
def password() -> Any:
    return _password_page({})


@blueprint.post("/profile/password")
@signed_in
def change_password() -> Any:
    """Change one's password; this session goes on, all others end."""
    user_id, new = session.current_user_id(), text("password")
    if new != text("again"):
        return _password_page({"again": [_("The two passwords differ.")]}), 422
    try:
        key = operations.change_password(
            user_id, old=text("old"), new=new, actor=session.current_actor(), now=clock.now()
        )
    except Invalid as refused:
        return _password_page(errors_of(refused)), 422
    signin.enter(key)
    flash(_("The password is changed. Your other sessions have ended."), "success")
    return redirect(url_for("identity.profile"))


def _password_page(errors: dict[str, Any]) -> str:
    must = db.session.scalar(sa.select(User.must_change_password).where(User.id == session.current_user_id()))
    return render_template(
        "identity/password.html", errors=errors, must_change=must, shortest=policy.current().password_min
    )
