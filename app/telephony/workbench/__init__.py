"""The analysts' room of the line: flows as pictures and texts, versions, trying a call in the browser, switches."""

from __future__ import annotations

from flask import Flask

from app.telephony.workbench import views


def init_app(app: Flask) -> None:
    """Add the pages."""
    views.init_app(app)
