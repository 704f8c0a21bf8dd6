"""Outage management (停电管理): from trouble calls to the located outage, its handling, notices and indices."""

from __future__ import annotations

from flask import Flask

__all__ = ["init_app"]


def init_app(app: Flask) -> None:
    """Add this package to the application."""
