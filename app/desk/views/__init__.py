"""Pages of the desk."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from app.desk.views import customer_panel, page, phone, taking, templates, today
from app.desk.views.blueprint import blueprint
from app.web import navigation

__all__ = ["customer_panel", "page", "phone", "taking", "templates", "today"]


def init_app(app: Flask) -> None:
    """Add the pages and their entry in the menu."""
    app.register_blueprint(blueprint)
    navigation.add("desk.desk", _l("Desk"), "headset", ("desk.use",), "work", 5)
