"""Work orders: intake, repair dispatch, callbacks."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Add this package to the application."""
