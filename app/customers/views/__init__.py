"""Pages of customers: the page of one customer, their settings, who looked at them."""

from __future__ import annotations

from flask import Flask

from app.customers.views import looks, page, settings
from app.customers.views.blueprint import blueprint

__all__ = ["looks", "page", "settings"]


def init_app(app: Flask) -> None:
    """Add the pages."""
    app.register_blueprint(blueprint)
