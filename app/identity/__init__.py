"""Organisation, posts, users, roles, permissions and sign-in."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Add this package to the application."""
