"""The task inbox of staff: lists, one task, hand-overs, comments, files, saved filters.

Invariants: who may see or do what is decided in `rights` alone; lists read one page from
each index range and never an instance's state; every change goes through `operations`.
"""

from __future__ import annotations

from flask import Flask

from app.inbox import models, search, topics

__all__ = ["init_app", "models"]


def init_app(app: Flask) -> None:
    """Add this package to the application."""
    search.follow_cases()
    topics.follow_tasks()
