"""The task inbox of staff: lists, one task, hand-overs, comments, files, saved filters.

Invariants: who may see or do what is decided in `rights` alone; lists read one page from
each index range and never an instance's state; every change goes through `operations`.
"""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from app.inbox import models, retention, search, topics, views
from app.inbox.views.blueprint import WORK
from app.web import navigation

__all__ = ["init_app", "models"]


def init_app(app: Flask) -> None:
    """Add the pages of the inbox, and follow the engine's events."""
    search.follow_cases()
    retention.follow_cases()
    topics.follow_tasks()
    views.init_app(app)
    navigation.add("inbox.index", _l("Inbox"), "inbox", permissions=WORK, section="work", order=10)
