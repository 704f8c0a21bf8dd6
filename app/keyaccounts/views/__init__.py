"""Pages of key accounts: my accounts with their alerts, one account, its yearly report."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from app.keyaccounts.views import account, acts, customer_panel, mine, report, task_panel
from app.keyaccounts.views.blueprint import blueprint
from app.web import navigation

__all__ = ["account", "acts", "customer_panel", "mine", "report", "task_panel"]


def init_app(app: Flask) -> None:
    """Add the pages and their entry in the menu."""
    app.register_blueprint(blueprint)
    navigation.add("keyaccounts.mine", _l("Key accounts"), "building-factory-2", ("keyaccount.view",), "service", 40)
