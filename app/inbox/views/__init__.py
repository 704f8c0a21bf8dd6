"""Pages of the inbox. One file is one place people go to; each view is one operation or query."""

from __future__ import annotations

from flask import Flask

from app.inbox.views import actions, bulk, case, completing, done, lists, people, saved, task
from app.inbox.views.blueprint import blueprint

__all__ = ["actions", "bulk", "case", "completing", "done", "init_app", "lists", "people", "saved", "task"]


def init_app(app: Flask) -> None:
    """Add the pages of the inbox and of tasks."""
    app.register_blueprint(blueprint)
