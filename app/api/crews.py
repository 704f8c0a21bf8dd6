"""Crews through the API: a crew's device says where it is."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from app.api.schemas import Problem
from app.api.setup import PREFIX
from app.identity.session import current_actor
from app.kernel import clock
from app.web.access import requires
from app.web.security import limiter
from app.workorders import operations
from app.workorders.operations.trace import Place

blueprint = Blueprint("crews", "crews", url_prefix=f"{PREFIX}/crews", description="Repair crews")


class NewPosition(Schema):
    """WGS 84 degrees, metres; `at` and `sent_at` by the device's own clock, which may be wrong."""

    lat = fields.Float(required=True, validate=validate.Range(-90, 90))
    lon = fields.Float(required=True, validate=validate.Range(-180, 180))
    accuracy = fields.Float(load_default=None, validate=validate.Range(0), allow_none=True)
    at = fields.AwareDateTime(load_default=None, allow_none=True)
    sent_at = fields.AwareDateTime(load_default=None, allow_none=True)


class KeptPosition(Schema):
    """What was kept: `at` is the server's time, corrected by the device's clock."""

    crew_id = fields.Integer()
    lat = fields.Float()
    lon = fields.Float()
    at = fields.AwareDateTime()
    received_at = fields.AwareDateTime()


@blueprint.post("/<int:crew_id>/position")
@requires("crew.work", "crew.manage")
@limiter.limit("600/minute")
@blueprint.arguments(NewPosition)
@blueprint.response(201, KeptPosition)
@blueprint.alt_response(404, schema=Problem)
@blueprint.alt_response(422, schema=Problem)
def report_position(sent: dict[str, Any], crew_id: int) -> Any:
    """Where the crew is now: members of the crew may say so, and who manages crews there."""
    place = Place(lat=sent["lat"], lon=sent["lon"], accuracy=sent["accuracy"], device_at=sent["at"])
    return operations.report_position(crew_id, place, sent_at=sent["sent_at"], actor=current_actor(), now=clock.now())
