"""Pages of the crews: who is on duty, edit."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.identity import authority
from app.identity import queries as people
from app.identity.session import current_actor
from app.kernel import clock, db
from app.kernel.errors import Invalid
from app.kernel.i18n import localized
from app.web.access import requires
from app.web.redirects import go
from app.workorders import operations
from app.workorders.crew_rules import crew_rules
from app.workorders.labels import COLOUR, status_label
from app.workorders.operations import CrewData
from app.workorders.operations.trace import Place
from app.workorders.queries import crew_view, crews_under
from app.workorders.queries.codes import all_names, codes
from app.workorders.queries.crew_work import work_of
from app.workorders.queries.crews import CrewView, crews_of
from app.workorders.queries.roster import shifts_now
from app.workorders.queries.scope import READ
from app.workorders.views.blueprint import blueprint
from app.workorders.views.inputs import acting, text


@blueprint.get("/crews")
@requires("order.read")
def crews() -> ResponseReturnValue:
    """The crews of my area, those on duty first."""
    actor, now = current_actor(), clock.now()
    words = {(word.kind, word.code): localized(word.name, word.name_en) for word in all_names().values()}
    found = crews_under(authority.paths(actor, READ, now=now), inactive=bool(text("all")))
    names = people.users_named({crew.leader for crew in found} | {name for crew in found for name in crew.members})
    units = people.units_by_code({crew.unit_code for crew in found}, at=now)
    return render_template(
        "workorders/crews.html",
        crews=found,
        known_as={name: localized(user.name, user.name_en) for name, user in names.items()},
        unit={code: localized(unit.name, unit.name_en) for code, unit in units.items()},
        may_add=bool(_manageable()),
        may_edit={crew.id: _may_edit(crew) for crew in found},
        me=actor.username,
        mine=set(crews_of(actor.username)),
        words=words,
        work=work_of([crew.id for crew in found]),
        on_shift=shifts_now([crew.id for crew in found], at=now),
        stale=now - crew_rules().stale,
        status_label=status_label,
        colour=COLOUR,
        every=bool(text("all")),
    )


@blueprint.post("/crews/<int:crew_id>/duty")
@requires("crew.manage", "crew.work")
def crew_duty(crew_id: int) -> ResponseReturnValue:
    """A crew comes on duty or goes off."""
    operations.set_duty(crew_id, on_duty=text("on_duty") == "1", **acting())
    return redirect(url_for("workorders.crews"))


@blueprint.post("/crews/<int:crew_id>/position")
@requires("crew.manage", "crew.work")
def crew_position(crew_id: int) -> ResponseReturnValue:
    """My phone says where the crew is."""
    place = Place(lat=_degrees("lat"), lon=_degrees("lon"), accuracy=_degrees("accuracy"))
    operations.report_position(crew_id, place, **acting())
    flash(_("The position is kept."), "success")
    return go(url_for("workorders.crews"))


@blueprint.route("/crews/new", methods=["GET", "POST"])
@requires("crew.manage")
def new_crew() -> ResponseReturnValue:
    """Make a crew."""
    return _edit(None)


@blueprint.route("/crews/<int:crew_id>", methods=["GET", "POST"])
@requires("crew.manage")
def crew(crew_id: int) -> ResponseReturnValue:
    """Change a crew."""
    found = crew_view(crew_id)
    if found is None:
        abort(404)
    return _edit(found)


def _edit(crew: CrewView | None) -> ResponseReturnValue:
    if request.method == "GET":
        return _page(crew, {})
    data = CrewData(
        unit=text("unit"),
        name=text("name"),
        name_en=text("name_en"),
        leader=text("leader").partition(" ")[0],
        members=text("members").replace(",", " ").replace("、", " ").split(),
        vehicle=text("vehicle"),
        phone=text("phone"),
        skills=request.form.getlist("skills"),
        active=crew is None or bool(text("active")),
    )
    try:
        operations.save_crew(data, crew_id=crew.id if crew else None, **acting())
    except Invalid as refused:
        db.session.rollback()
        return _page(crew, refused.details.get("errors", {})), 422
    flash(_("The crew is saved."), "success")
    return redirect(url_for("workorders.crews"))


def _page(crew: CrewView | None, errors: dict[str, Any]) -> str:
    values: dict[str, Any] = dict(request.form)
    if not values and crew:
        values = {
            "unit": crew.unit_code,
            "name": crew.name,
            "name_en": crew.name_en,
            "leader": crew.leader,
            "members": " ".join(name for name in crew.members if name != crew.leader),
            "vehicle": crew.vehicle,
            "phone": crew.phone.removeprefix("+86"),
            "active": crew.active,
        }
    skills = request.form.getlist("skills") if request.form else list(crew.skills) if crew else []
    now, paths = clock.now(), _manageable()
    return render_template(
        "workorders/crew.html",
        crew=crew,
        values=values,
        skills=skills,
        lists={kind: codes(kind) for kind in ("crew_skill", "vehicle_kind", "vehicle_equipment", "vehicle_state")},
        errors=errors,
        units=people.subtree(paths, at=now),
        staff=people.find_users(paths=paths, at=now, limit=300),
    )


def _degrees(name: str) -> float | None:
    try:
        return float(text(name))
    except ValueError:
        return None


def _manageable() -> list[str]:
    return authority.paths(current_actor(), "crew.manage", now=clock.now())


def _may_edit(crew: CrewView) -> bool:
    return any(crew.unit_path.startswith(path) for path in _manageable())
