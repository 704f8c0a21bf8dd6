"""form-js files: checked, rendered by form-js in the browser, validated again on the server; uploads and drafts.

Invariants: what the browser sends is validated against the same file that it showed;
nothing here knows a process or a task beyond its id. `api` is the face.
"""

from __future__ import annotations

from flask import Flask

from app.forms import models, rendering
from app.forms.views import blueprint

__all__ = ["init_app", "models"]


def init_app(app: Flask) -> None:
    """Add this package to the application."""
    rendering.init_app(app)
    app.register_blueprint(blueprint)
