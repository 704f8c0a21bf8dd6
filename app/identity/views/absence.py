"""Being away: naming who does my work meanwhile, and whose work I do."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.identity import operations, queries, session
from app.identity.views.blueprint import blueprint
from app.identity.views.inputs import errors_of, instant, text
from app.kernel import clock
from app.kernel.errors import Invalid
from app.web.access import signed_in


@blueprint.get("/profile/absence")
@signed_in
def absence() -> Any:
    """My substitutions now and to come."""
    return _page({})


@blueprint.post("/profile/absence")
@signed_in
def grant_substitution() -> Any:
    """Name a substitute for a period."""
    now = clock.now()
    substitute = queries.user_view(text("substitute").partition(" ")[0])
    if substitute is None:
        return _page({"substitute": [_("There is no such user.")]}), 422
    try:
        operations.grant_substitution(
            session.current_user_id(),
            substitute.id,
            valid_from=instant("valid_from") or now,
            valid_to=instant("valid_to") or now,
            reason=text("reason"),
            actor=session.current_actor(),
            now=now,
        )
    except Invalid as refused:
        return _page(errors_of(refused)), 422
    flash(_("%(name)s does your work in this period.", name=substitute.name), "success")
    return redirect(url_for("identity.absence"))


@blueprint.post("/profile/absence/<int:substitution_id>/end")
@signed_in
def end_substitution(substitution_id: int) -> Any:
    """I am back."""
    operations.end_substitution(substitution_id, actor=session.current_actor(), now=clock.now())
    flash(_("The substitution has ended."), "success")
    return redirect(url_for("identity.absence"))


def _page(errors: dict[str, Any]) -> str:
    now, me = clock.now(), session.current_user_id()
    return render_template(
        "identity/absence.html",
        substitutions=queries.substitutions_of(me, at=now),
        colleagues=[user for user in queries.colleagues_of(me, at=now) if user.id != me],
        me=me,
        now=now,
        errors=errors,
        values=request.form if errors else {},
    )
