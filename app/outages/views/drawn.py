"""What the board draws of the grid: lines and devices on the map, the one-line diagram of a feeder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from flask import Response, jsonify, render_template
from flask.typing import ResponseReturnValue

from app.identity import authority
from app.identity.session import current_actor
from app.kernel import clock, settings
from app.kernel.errors import NotFound
from app.network import queries as network
from app.network.grid import UnknownDevice, current
from app.network.queries import DrawnEdge, DrawnSwitch, OneLine
from app.outages.queries.board import Filters, rows
from app.outages.rights import READ
from app.outages.views.blueprint import blueprint
from app.web.access import requires
from app.web.inputs import text

EVERYWHERE = (-90.0, -180.0, 90.0, 180.0)


class NoSuchFeeder(NotFound):
    code = "feeder_not_found"


@dataclass(frozen=True, slots=True)
class PlacedSwitch:
    """A switch of the diagram where it is drawn; `upright` where its edge runs downwards there."""

    switch: DrawnSwitch
    x: float
    y: float
    upright: bool
    live: bool


@blueprint.get("/map.json")
@requires("outage.read")
def map_data() -> Response:
    """Lines and points of the grid within `bounds` (south,west,north,east), of all my units where none are given."""
    now = clock.now()
    found = network.map_of(_bounds(), now, paths=_paths(now))
    answer = jsonify(
        lines=[{"points": line.points, "live": line.live and not line.open} for line in found.lines],
        points=[
            {
                "lat": point.lat,
                "lon": point.lon,
                "kind": point.kind,
                "name": point.name,
                "live": point.live,
                "open": point.state == "open",
            }
            for point in found.points
        ],
        more=found.more,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get("/one-line")
@requires("outage.read")
def one_line() -> ResponseReturnValue:
    """The one-line diagram of a feeder: dead parts coloured, its outages marked."""
    now = clock.now()
    code = text("feeder")[:64]
    try:
        if not current(now).info(code).unit_path.startswith(tuple(_paths(now))):
            raise NoSuchFeeder(code)
        drawn = network.one_line(code, now)
    except UnknownDevice as unknown:
        raise NoSuchFeeder(code) from unknown
    active = rows(Filters(feeder=code), paths=_paths(now), now=now)
    return render_template(
        "outages/_one_line.html",
        drawn=drawn,
        switches=list(_switches(drawn)),
        out={row.device_code: row.number for row in active if row.active and row.customers_out},
    )


def map_tiles() -> str:
    """The address of tiles, empty where none are fetched."""
    return settings.current().map_tiles


def map_tiles_by() -> str:
    """Who made the tiles."""
    return settings.current().map_tiles_by


def _paths(now: datetime) -> list[str]:
    return authority.paths(current_actor(), READ, now=now)


def _bounds() -> tuple[float, float, float, float]:
    try:
        south, west, north, east = (float(part) for part in text("bounds").split(","))
    except ValueError:
        return EVERYWHERE
    return south, west, north, east


def _switches(drawn: OneLine) -> Iterator[PlacedSwitch]:
    for edge in drawn.edges:
        for switch in edge.switches:
            x, y, upright = _on(edge, switch.at)
            yield PlacedSwitch(switch, x, y, upright, edge.live)


def _on(edge: DrawnEdge, share: float) -> tuple[float, float, bool]:
    """Where on the way of an edge, first down, then along, a share of it is: on its level part, where it has one."""
    if edge.x1 == edge.x2:
        return edge.x1, edge.y1 + (edge.y2 - edge.y1) * share, True
    return edge.x1 + (edge.x2 - edge.x1) * share, edge.y2, False
