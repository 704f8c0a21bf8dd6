"""API tokens of one's own: issued, shown once, revoked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.identity import operations, permissions, policy, queries, session
from app.identity.views.blueprint import blueprint
from app.identity.views.inputs import day, errors_of, text
from app.kernel import clock, i18n
from app.kernel.errors import Invalid
from app.web.access import signed_in


@blueprint.get("/profile/tokens")
@signed_in
def tokens() -> Any:
    """My tokens and the form for a new one."""
    return _page()


@blueprint.post("/profile/tokens")
@signed_in
def issue_token() -> Any:
    """Issue a token; the answer shows its secret, this once."""
    now = clock.now()
    try:
        _token_id, secret = operations.issue_token(
            session.current_user_id(),
            name=text("name"),
            scopes=request.form.getlist("scopes"),
            expires_at=day("expires_at", end=True) or now,
            actor=session.current_actor(),
            now=now,
        )
    except Invalid as refused:
        return _page(errors=errors_of(refused)), 422
    return _page(secret=secret)


@blueprint.post("/profile/tokens/<int:token_id>/revoke")
@signed_in
def revoke_token(token_id: int) -> Any:
    """End a token of mine at once."""
    operations.revoke_token(token_id, actor=session.current_actor(), now=clock.now())
    flash(_("The token no longer works."), "success")
    return redirect(url_for("identity.tokens"))


def _page(errors: dict[str, Any] | None = None, secret: str = "") -> str:
    now, user_id = clock.now(), session.current_user_id()
    held = queries.permissions_of(user_id, at=now)
    scopes = [(p.name, i18n.localized(p.title, p.title_en)) for p in permissions.all_permissions() if p.name in held]
    return render_template(
        "identity/tokens.html",
        tokens=queries.tokens_of(user_id, at=now),
        scopes=scopes,
        chosen=request.form.getlist("scopes") if errors else [],
        values=request.form if errors else {},
        errors=errors or {},
        secret=secret,
        latest=(now + policy.current().token_life).astimezone(clock.LOCAL).date().isoformat(),
        usual=(now + timedelta(days=90)).astimezone(clock.LOCAL).date().isoformat(),
    )
