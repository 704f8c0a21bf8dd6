"""Pages of customers: find one, their page and settings, who looked; make, change, meters, readings."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from app.customers.views import edit, find, looks, meters, page, reading_history, rounds, settings
from app.customers.views.blueprint import blueprint
from app.web import navigation

__all__ = ["edit", "find", "looks", "meters", "page", "reading_history", "rounds", "settings"]


def init_app(app: Flask) -> None:
    """Add the pages and their entries in the menu."""
    app.register_blueprint(blueprint)
    navigation.add("customers.find", _l("Customers"), "user-search", ("customer.view",), "service", 8)
    navigation.add("customers.rounds", _l("Meter reading"), "gauge", ("reading.enter",), "manage", 20)
