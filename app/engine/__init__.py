"""SpiffWorkflow, and the only place that imports it; api.py is its face."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Add this package to the application."""
