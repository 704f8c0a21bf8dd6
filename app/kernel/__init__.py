"""The floor of the house: database, settings, clock, jobs, registry, audit, files, search text, i18n.

Invariants: nothing here imports another package of the project; nothing here knows a
business term. One file is one service.
"""

from __future__ import annotations

from flask import Flask

from app.kernel import audit, cleaning, db, heartbeat, live, numbering, observability
from app.kernel import clock as clocks
from app.kernel.calendar import models as _calendar
from app.kernel.clock import Clock
from app.kernel.files import models as _files
from app.kernel.i18n import locale as locales
from app.kernel.i18n.cli import i18n_cli
from app.kernel.jobs import broker, gauges, sweeps
from app.kernel.jobs.cli import jobs_cli
from app.kernel.retention import sweeping as retention
from app.kernel.retention.cli import history
from app.kernel.settings import Settings

REGISTERS = (audit, cleaning, gauges, heartbeat, live, numbering, retention, sweeps, _calendar, _files)
"""Modules imported for what they register: tables, sweeps, gauges."""


def init_app(app: Flask, settings: Settings, *, clock: Clock | None = None) -> None:
    """Configure settings, clock, database, languages, logs and the health routes."""
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
    locales.init_app(app, default_locale=settings.default_locale, compile_now=not settings.production)
    observability.init_app(app)
    if settings.celery_broker_url:
        broker.init_app(app, settings.celery_broker_url)
    sweeps.register()
    app.cli.add_command(jobs_cli)
    app.cli.add_command(history)
    app.cli.add_command(i18n_cli)
