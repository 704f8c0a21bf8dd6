"""The REST interface under /api/v1, with its OpenAPI description."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Add this package to the application."""
