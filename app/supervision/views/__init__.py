"""Pages of supervision: the live board, lists behind its numbers, indicators, 督办, alerts, monthly sheets."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from app.supervision.views import acts, alerts, board, cases, indicators, lists, sheets, task_panel
from app.supervision.views.blueprint import blueprint
from app.web import navigation

__all__ = ["acts", "alerts", "board", "cases", "indicators", "lists", "sheets", "task_panel"]


def init_app(app: Flask) -> None:
    """Add the pages and their entry in the menu."""
    app.register_blueprint(blueprint)
    navigation.add("supervision.board", _l("Departmental supervision"), "eye", ("order.supervise",), "service", 13)
