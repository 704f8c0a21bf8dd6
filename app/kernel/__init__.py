"""The floor of the house: database, settings, clock, jobs, registry, audit, files, search text, i18n.

Invariants: nothing here imports another package of the project; nothing here knows a
business term. One file is one service.
"""

from __future__ import annotations

from flask import Flask

from app.kernel import clock as clocks
from app.kernel import db
from app.kernel.clock import Clock
from app.kernel.settings import Settings


def init_app(app: Flask, settings: Settings, *, clock: Clock | None = None) -> None:
    """Configure settings, clock and database."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        TESTING=settings.testing,
        MAX_CONTENT_LENGTH=settings.max_request,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.https,
    )
    app.extensions["lightline.settings"] = settings
    app.extensions["lightline.own_transaction"] = set()
    settings.instance.mkdir(parents=True, exist_ok=True)
    clocks.init_app(app, clock)
    db.init_app(app, url=settings.database_url)
