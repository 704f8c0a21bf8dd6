"""Scheduled imports: list, plan, stop."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.customers.importing import operations, queries
from app.customers.importing.operations import ScheduleData
from app.customers.importing.operations.schedules import BadSchedule
from app.customers.importing.rights import IMPORT
from app.customers.importing.views.blueprint import blueprint
from app.customers.importing.views.labels import COLOURS, STATES
from app.identity.session import acting
from app.kernel import db, settings
from app.web.access import requires
from app.web.inputs import number, text


@blueprint.get("/schedules")
@requires(IMPORT)
def schedules() -> ResponseReturnValue:
    """All plans."""
    found = queries.list_schedules()
    return render_template("imports/schedules.html", schedules=found, states=STATES, colours=COLOURS)


@blueprint.route("/schedules/new", methods=["GET", "POST"])
@requires(IMPORT)
def new_schedule() -> ResponseReturnValue:
    """Plan an import."""
    return _edit(None)


@blueprint.route("/schedules/<int:schedule_id>", methods=["GET", "POST"])
@requires(IMPORT)
def schedule(schedule_id: int) -> ResponseReturnValue:
    """Change a plan."""
    return _edit(queries.schedule_view(schedule_id))


@blueprint.post("/schedules/<int:schedule_id>/active")
@requires(IMPORT)
def schedule_active(schedule_id: int) -> ResponseReturnValue:
    """Stop looking, or look again."""
    operations.set_schedule_active(schedule_id, active=text("active") == "1", **acting())
    return redirect(url_for("imports.schedules"))


def _edit(view: queries.ScheduleView | None) -> ResponseReturnValue:
    if request.method == "GET":
        return _page(view, {})
    data = ScheduleData(
        name=text("name"),
        profile_id=number("profile") or 0,
        kind=text("kind"),
        location=text("location"),
        every_minutes=number("every_minutes") or 0,
        pattern=text("pattern"),
        token_name=text("token_name"),
    )
    try:
        operations.save_schedule(data, schedule_id=view.id if view else None, **acting())
    except BadSchedule as refused:
        db.session.rollback()
        return _page(view, refused.details["errors"]), 422
    flash(_("The scheduled import is saved."), "success")
    return redirect(url_for("imports.schedules"))


def _page(view: queries.ScheduleView | None, errors: dict[str, Any]) -> str:
    names = ("name", "kind", "location", "pattern", "token_name", "every_minutes")
    values: dict[str, Any] = dict(request.form)
    if not values:
        kept = {name: getattr(view, name) for name in names} | {"profile": view.profile_id} if view else {}
        values = {"kind": "folder", "pattern": "*.csv", "every_minutes": 60} | kept
    known = settings.current()
    return render_template(
        "imports/schedule.html",
        view=view,
        values=values,
        errors=errors,
        profiles=[(one.id, f"{one.name} ({one.target_name})") for one in queries.list_profiles()],
        root=known.import_root is not None,
        hosts=sorted(known.outbound_hosts),
        tokens=sorted(known.tokens),
    )
