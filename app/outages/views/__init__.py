"""Pages of outages: the dispatchers' board, one outage with its calls, reasons and history, what is done there."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from app.outages.views import (
    acts,
    board,
    board_acts,
    board_etr,
    board_panel,
    crew_pane,
    customer_panel,
    drawn,
    handling,
    indices,
    outage,
    playback,
    sending,
    unplaced,
    wall,
)
from app.outages.views.blueprint import blueprint
from app.web import navigation

__all__ = [
    "acts",
    "board",
    "board_acts",
    "board_etr",
    "board_panel",
    "crew_pane",
    "customer_panel",
    "drawn",
    "handling",
    "indices",
    "outage",
    "playback",
    "sending",
    "unplaced",
    "wall",
]


def init_app(app: Flask) -> None:
    """Add the pages."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(map_tiles=drawn.map_tiles, map_tiles_by=drawn.map_tiles_by)
    navigation.add("outages.board", _l("Outage board"), "bolt-off", ("outage.read",), "service", 3)
    indices.init_app()
    handling.begin()
