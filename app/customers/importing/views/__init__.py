"""Pages of imports: list, upload, mapping with a preview, result, profiles, schedules."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from app.customers.importing.rights import IMPORT
from app.customers.importing.views import downloads, imports, mapping, profiles, schedules
from app.customers.importing.views.blueprint import blueprint
from app.web import navigation

__all__ = ["downloads", "imports", "mapping", "profiles", "schedules"]


def init_app(app: Flask) -> None:
    """Add the pages and their entry in the menu."""
    app.register_blueprint(blueprint)
    navigation.add("imports.index", _l("Imports"), "database-import", (IMPORT,), "service", 60)
