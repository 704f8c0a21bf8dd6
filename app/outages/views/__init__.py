"""Pages of outages: one outage with its calls, reasons and history, and what a dispatcher does there."""

from __future__ import annotations

from flask import Flask

from app.outages.views.blueprint import blueprint


def init_app(app: Flask) -> None:
    """Add the pages."""
    app.register_blueprint(blueprint)
