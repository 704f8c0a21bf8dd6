"""The operators' room: background jobs, incidents of processes, deployed definitions, the working calendar.

Pages only: what they show and do is the kernel's, the engine's. Invariant: what concerns
the whole organisation (jobs, the calendar) needs its permission for the whole organisation;
incidents are shown and retried within the operator's part of it.
"""

from __future__ import annotations

from flask import Flask

from app.control import trail_titles, views


def init_app(app: Flask) -> None:
    """Add this package to the application."""
    views.init_app(app)
    trail_titles.register()
