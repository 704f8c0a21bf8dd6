"""Pages of the grid: search and tree, one device with its diagram and forms, operating a switch, imports, exports."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from app.network.views import devices, editing, files, imports
from app.network.views.blueprint import blueprint
from app.web import navigation

__all__ = ["devices", "editing", "files", "imports"]


def init_app(app: Flask) -> None:
    """Add the pages and their entry in the menu."""
    app.register_blueprint(blueprint)
    navigation.add("network.index", _l("Grid"), "topology-star-3", ("network.read",), "service", 4)
