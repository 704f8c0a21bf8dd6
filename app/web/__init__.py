"""The shell of every page: layout, components, navigation, errors, security headers, front-end bundle.

Knows no domain and no user: domains add pages and navigation entries, identity says who calls.
"""

from __future__ import annotations

from flask import Flask

from app.web import access


def init_app(app: Flask) -> None:
    """Add this package to the application."""
    access.init_app(app)
