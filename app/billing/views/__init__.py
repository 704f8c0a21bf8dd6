"""Pages of billing: a bill explained, arrears, runs and their exceptions, tariffs, cutting off."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from app.billing.views import arrears, bill, cut_offs, panels, payments, runs, tariffs, terms
from app.billing.views.blueprint import blueprint
from app.web import navigation

__all__ = ["arrears", "bill", "cut_offs", "panels", "payments", "runs", "tariffs", "terms"]


def init_app(app: Flask) -> None:
    """Add the pages and their entries in the menu."""
    app.register_blueprint(blueprint)
    navigation.add("billing.arrears", _l("Arrears"), "alert-circle", ("bill.view",), "service", 50)
    navigation.add("billing.cut_offs", _l("Cutting off"), "bolt", ("bill.view",), "service", 52)
    navigation.add("billing.runs", _l("Billing runs"), "list-check", ("bill.issue",), "manage", 50)
    navigation.add("billing.tariffs", _l("Tariffs"), "file-text", ("bill.view",), "manage", 55)
