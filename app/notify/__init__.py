"""Messages to people: in-app notices now; mail, SMS, fax and phone as they come."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Add this package to the application."""
