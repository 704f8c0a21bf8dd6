"""Vehicles of a crew: added, changed and taken off on the crew's page."""

from __future__ import annotations

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.web.access import requires
from app.web.redirects import go
from app.workorders import operations
from app.workorders.operations import VehicleData
from app.workorders.views.blueprint import blueprint
from app.workorders.views.inputs import acting, text


@blueprint.post("/crews/<int:crew_id>/vehicles")
@requires("crew.manage")
def add_vehicle(crew_id: int) -> ResponseReturnValue:
    """Give the crew a vehicle."""
    return _save(crew_id, None)


@blueprint.post("/crews/<int:crew_id>/vehicles/<int:vehicle_id>")
@requires("crew.manage")
def save_vehicle(crew_id: int, vehicle_id: int) -> ResponseReturnValue:
    """Change a vehicle."""
    return _save(crew_id, vehicle_id)


@blueprint.post("/crews/<int:crew_id>/vehicles/<int:vehicle_id>/removal")
@requires("crew.manage")
def remove_vehicle(crew_id: int, vehicle_id: int) -> ResponseReturnValue:
    """Take a vehicle off the crew."""
    operations.remove_vehicle(crew_id, vehicle_id, **acting())
    flash(_("The vehicle is taken off."), "success")
    return go(url_for("workorders.crew", crew_id=crew_id, _anchor="vehicles"))


def _save(crew_id: int, vehicle_id: int | None) -> ResponseReturnValue:
    data = VehicleData(
        plate=text("plate"),
        kind=text("kind"),
        state=text("state") or "ready",
        equipment=request.form.getlist("equipment"),
    )
    operations.save_vehicle(crew_id, data, vehicle_id=vehicle_id, **acting())
    flash(_("The vehicle is saved."), "success")
    return go(url_for("workorders.crew", crew_id=crew_id, _anchor="vehicles"))
