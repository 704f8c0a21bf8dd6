"""The list of imports, the upload, and one import with what may be done to it."""

from __future__ import annotations

from typing import Any, BinaryIO, cast

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.customers.importing import find, operations, queries, rights, targets, topics
from app.customers.importing.operations.writing import AlreadyImported
from app.customers.importing.rights import IMPORT
from app.customers.importing.views.blueprint import blueprint
from app.customers.importing.views.labels import ACTS, COLOURS, STATES, SUBJECTS
from app.identity.session import acting
from app.kernel import db, settings
from app.kernel.errors import Invalid
from app.web.access import requires
from app.web.inputs import number, same_page, text


@blueprint.get("")
@requires(IMPORT)
def index() -> ResponseReturnValue:
    """Imports I may see, the latest first."""
    state = text("state") if text("state") in STATES else ""
    page = queries.list_imports(state=state, after=number("after"), **acting())
    return render_template(
        "imports/index.html",
        rows=page.rows,
        next_url=same_page(after=page.after) if page.after else None,
        first_url=url_for("imports.index", state=state or None) if text("after") else None,
        state=state,
        states=STATES,
        colours=COLOURS,
        topic=topics.LIST,
    )


@blueprint.route("/new", methods=["GET", "POST"])
@requires(IMPORT)
def new() -> ResponseReturnValue:
    """Upload a file and say how it is to be read: by a profile, or mapped by hand."""
    if request.method == "GET":
        return _upload_page({})
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        return _upload_page({"file": [_("Choose a file.")]}), 422
    how, _sep, name = text("how").partition(":")
    if how not in {"profile", "target"} or (how == "profile" and not name.isdigit()):
        return _upload_page({"how": [_("Choose how the file is to be read.")]}), 422
    chosen: dict[str, Any] = {"profile_id": int(name)} if how == "profile" else {"target": name}
    try:
        made = operations.receive(cast(BinaryIO, upload.stream), upload.filename, **chosen, **acting())
    except Invalid as refused:
        db.session.rollback()
        return _upload_page({"file": [str(refused)]}), 422
    if how == "target":
        return redirect(url_for("imports.mapping", import_id=made.id))
    operations.begin_check(made.id, **acting())
    return redirect(url_for("imports.show", import_id=made.id))


@blueprint.get("/<int:import_id>")
@requires(IMPORT)
def show(import_id: int) -> ResponseReturnValue:
    """One import: where it stands, its bad rows, what it did."""
    return render_template("imports/show.html", **_facts(import_id))


@blueprint.get("/<int:import_id>/state")
@requires(IMPORT)
def state(import_id: int) -> ResponseReturnValue:
    """The part of the page that changes by itself."""
    return render_template("imports/_state.html", **_facts(import_id))


@blueprint.post("/<int:import_id>/check")
@requires(IMPORT)
def check(import_id: int) -> ResponseReturnValue:
    """Check it again."""
    operations.begin_check(import_id, **acting())
    return redirect(url_for("imports.show", import_id=import_id))


@blueprint.post("/<int:import_id>/write")
@requires(IMPORT)
def write(import_id: int) -> ResponseReturnValue:
    """Import it."""
    try:
        operations.begin_writing(import_id, repetition=bool(text("repetition")), **acting())
    except AlreadyImported as refused:
        db.session.rollback()
        flash(str(refused), "warning")
    return redirect(url_for("imports.show", import_id=import_id))


@blueprint.post("/<int:import_id>/cancel")
@requires(IMPORT)
def cancel(import_id: int) -> ResponseReturnValue:
    """Give it up."""
    operations.cancel(import_id, **acting())
    flash(_("The import is given up. Nothing was written."), "success")
    return redirect(url_for("imports.index"))


def _facts(import_id: int) -> dict[str, Any]:
    view = queries.import_view(import_id, **acting())
    after = number("after") or 0
    problems, next_problem = queries.problems_of(import_id, after=after) if view.bad else ([], None)
    effects, next_effect = queries.effects_of(import_id, after=after) if view.state == "done" else ([], None)
    following = next_problem or next_effect
    target = targets.get(view.target)
    return {
        "view": view,
        "problems": problems,
        "effects": effects,
        "next_url": url_for("imports.show", import_id=import_id, after=following) if following else None,
        "first_url": url_for("imports.show", import_id=import_id) if after else None,
        "states": STATES,
        "colours": COLOURS,
        "subjects": SUBJECTS,
        "acts": ACTS,
        "titles": {field.name: field.title for field in target.fields},
        "topic": topics.of_import(import_id),
        "percent": round(100 * view.read / view.rows) if view.state == "writing" and view.rows else None,
    }


def _upload_page(errors: dict[str, list[str]]) -> str:
    who = acting()
    allowed = [one for one in targets.all_targets() if rights.paths(permission=one.permission, **who)]
    names = {one.name for one in allowed}
    return render_template(
        "imports/new.html",
        profiles=[profile for profile in queries.list_profiles() if profile.target in names],
        targets=[(target.name, target.title) for target in allowed],
        chosen=text("how"),
        errors=errors,
        megabytes=settings.current().max_request // 1024**2,
    )


def require_mappable(import_id: int) -> queries.ImportView:
    """An import whose mapping may still change; 404 for one that moved on."""
    view = queries.import_view(import_id, **acting())
    if view.state not in {"new", "checked", "refused"}:
        abort(404)
    find.in_state(import_id, view.state)
    return view
