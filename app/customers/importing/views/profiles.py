"""Profiles: list, edit, versions."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.customers.importing import operations, queries, targets
from app.customers.importing.operations import ProfileData
from app.customers.importing.profiles import BadProfile, Content
from app.customers.importing.rights import IMPORT
from app.customers.importing.views.blueprint import blueprint
from app.customers.importing.views.form import content_of_form, editor_context
from app.identity.session import acting
from app.kernel import db
from app.web.access import requires
from app.web.inputs import number, text


@blueprint.get("/profiles")
@requires(IMPORT)
def profiles() -> ResponseReturnValue:
    """All profiles."""
    every = bool(text("all"))
    return render_template("imports/profiles.html", profiles=queries.list_profiles(retired=every), every=every)


@blueprint.route("/profiles/<int:profile_id>", methods=["GET", "POST"])
@requires(IMPORT)
def profile(profile_id: int) -> ResponseReturnValue:
    """Edit a profile, with the first rows of my last file it was used for; an older version can be looked at."""
    view = queries.profile_view(profile_id, version=number("version"))
    target = targets.get(view.target)
    if request.method == "GET":
        return _page(view, view.content, {})
    try:
        content = content_of_form(target)
        if text("action") != "preview":
            data = ProfileData(text("profile_name"), view.target, content, text("note"))
            operations.save_profile(data, profile_id=profile_id, **acting())
            flash(_("The profile is saved."), "success")
            return redirect(url_for("imports.profile", profile_id=profile_id))
    except BadProfile as refused:
        db.session.rollback()
        return _page(view, content_of_form(target, lenient=True), refused.details.get("errors", {})), 422
    return _page(view, content, {})


@blueprint.post("/profiles/<int:profile_id>/active")
@requires(IMPORT)
def profile_active(profile_id: int) -> ResponseReturnValue:
    """Lay a profile aside, or take it up again."""
    operations.retire_profile(profile_id, active=text("active") == "1", **acting())
    return redirect(url_for("imports.profiles"))


def _page(view: queries.ProfileView, content: Content, errors: dict[str, Any]) -> str:
    target = targets.get(view.target)
    file_id = queries.last_file(view.id, **acting())
    shown = queries.preview(file_id, target, content) if file_id else queries.Preview()
    return render_template(
        "imports/profile.html",
        view=view,
        versions=queries.versions_of(view.id),
        profile_name=text("profile_name") or view.name,
        note=text("note"),
        **editor_context(target, content, shown, errors),
    )
