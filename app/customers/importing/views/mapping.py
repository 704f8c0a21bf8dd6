"""Mapping by hand: which column is which field, with the first rows as they would be read."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.customers.importing import find, operations, queries, targets
from app.customers.importing.operations import ProfileData
from app.customers.importing.profiles import BadProfile, Content, check
from app.customers.importing.queries.preview import proposals
from app.customers.importing.rights import IMPORT
from app.customers.importing.views.blueprint import blueprint
from app.customers.importing.views.form import content_of_form, editor_context
from app.customers.importing.views.imports import require_mappable
from app.identity.session import acting
from app.kernel import db
from app.web.access import requires
from app.web.inputs import text


@blueprint.route("/<int:import_id>/mapping", methods=["GET", "POST"])
@requires(IMPORT)
def mapping(import_id: int) -> ResponseReturnValue:
    """Map an upload; `preview` only shows, `check` goes on, and keeps the mapping as a profile where it has a name."""
    view = require_mappable(import_id)
    target = targets.get(view.target)
    if request.method == "GET":
        kept = find.an_import(import_id).content
        content = Content.from_json(kept) if kept else Content(())
        if not content.columns:
            content = Content(proposals(view.file_id, target, content.layout))
        return _page(view, content, {})
    try:
        content = content_of_form(target)
        if text("action") != "preview":
            check(content, target)
            _go_on(import_id, view, content)
            return redirect(url_for("imports.show", import_id=import_id))
    except BadProfile as refused:
        db.session.rollback()
        return _page(view, content_of_form(target, lenient=True), refused.details.get("errors", {})), 422
    return _page(view, content, {})


def _go_on(import_id: int, view: queries.ImportView, content: Content) -> None:
    row = find.in_state(import_id, "new", "checked", "refused")
    row.content, row.profile_version_id = content.as_json(), None
    if name := text("profile_name"):
        same = next((one for one in queries.list_profiles(target=view.target) if one.name == name), None)
        data = ProfileData(name, view.target, content, text("note"))
        profile = operations.save_profile(data, profile_id=same.id if same else None, **acting())
        row.profile_version_id = find.version_in_force(profile).id
    operations.begin_check(import_id, **acting())


def _page(view: queries.ImportView, content: Content, errors: dict[str, Any]) -> str:
    target = targets.get(view.target)
    shown = queries.preview(view.file_id, target, content)
    return render_template(
        "imports/mapping.html",
        view=view,
        profile_name=text("profile_name") or view.profile,
        note=text("note"),
        **editor_context(target, content, shown, errors),
    )
