"""SpiffWorkflow, and the only place that imports it; api.py is its face."""

from __future__ import annotations

from flask import Flask

from app.engine.decisions.cli import dmn
from app.engine.definitions.cli import definitions


def init_app(app: Flask) -> None:
    """Add this package to the application."""
    app.cli.add_command(dmn)
    app.cli.add_command(definitions)
