"""What the board draws of the grid: lines and devices on the map, the one-line diagram of a feeder."""

from __future__ import annotations

from flask import Response, current_app, jsonify
from flask.typing import ResponseReturnValue

from app.kernel import settings
from app.outages.views.blueprint import blueprint
from app.web.access import requires


@blueprint.get("/map.json")
@requires("outage.read")
def map_data() -> Response:
    """Lines and points of the grid within bounds, of all where none are given."""
    return jsonify(lines=[], points=[])


@blueprint.get("/one-line")
@requires("outage.read")
def one_line() -> ResponseReturnValue:
    """The one-line diagram of a feeder, dead parts coloured."""
    return ""


def map_tiles() -> str:
    """The address of tiles, empty where none are fetched."""
    return settings.current().map_tiles


def map_tiles_by() -> str:
    """Who made the tiles."""
    return settings.current().map_tiles_by


__all__ = ["current_app", "map_data", "one_line"]
