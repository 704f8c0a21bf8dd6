"""Pages of the answers library."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from app.knowledge.queries.scope import READ, REVIEW, WRITE
from app.knowledge.views import keeping, reading
from app.knowledge.views.blueprint import blueprint
from app.web import navigation

__all__ = ["keeping", "reading"]


def init_app(app: Flask) -> None:
    """Add the pages and their entries in the menu."""
    app.register_blueprint(blueprint)
    navigation.add("knowledge.index", _l("Answers"), "book", (READ,), "service", 20)
    navigation.add("knowledge.articles", _l("Keep the library"), "books", (WRITE, REVIEW), "manage", 40)
    navigation.add("knowledge.statistics", _l("Use of the library"), "chart-bar", (REVIEW,), "manage", 41)
