"""`/healthz` (the process answers), `/readyz` (it can work) and `/metrics` (for Prometheus)."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import structlog
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, Flask, Response, abort, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST

from app.kernel import clock, heartbeat, leader, settings
from app.kernel.db import MIGRATIONS, session
from app.kernel.observability.metrics import exposition

log = structlog.get_logger(__name__)
blueprint = Blueprint("health", __name__)

LOOPBACK = {"127.0.0.1", "::1"}


@dataclass(frozen=True, slots=True)
class _Open:
    """The access rule of these routes, in the shape `web.access` reads; the kernel imports nothing above it."""

    kind: str = "public"
    permissions: tuple[str, ...] = ()


@blueprint.get("/healthz")
def healthz() -> Response:
    """The process lives."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
def readyz() -> tuple[Response, int]:
    """200 where the database answers and its schema is the one this code wants, else 503 with what is missing."""
    checks: dict[str, Any] = {}
    ready = False
    try:
        session.execute(sa.text("select 1"))
        checks["database"] = "ok"
        missing = _missing_migrations()
        checks["migrations"] = "ok" if not missing else f"missing: {', '.join(sorted(missing))}"
        ready = not missing
        checks["clock_seconds_ago"] = _clock_age() if ready else None
        checks["clock_leader"] = leader.who()
    except sa.exc.SQLAlchemyError as exc:
        log.warning("not ready", error=repr(exc))
        checks.setdefault("database", "unreachable")
        session.rollback()
    return jsonify(status="ready" if ready else "not ready", checks=checks), 200 if ready else 503


@blueprint.get("/metrics")
def metrics() -> Response:
    """Prometheus' text; from this machine, or with `Authorization: Bearer` and the token of the settings."""
    token = settings.current().metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    by_token = bool(token) and hmac.compare_digest(given.encode(), token.encode())
    forwarded = "X-Forwarded-For" in request.headers
    if not by_token and (forwarded or request.remote_addr not in LOOPBACK):
        abort(403)
    return Response(exposition(), content_type=CONTENT_TYPE_LATEST)


def _missing_migrations() -> set[str]:
    """Heads of the migrations that this database has not reached."""
    return set(_heads()) - set(MigrationContext.configure(session.connection()).get_current_heads())


@cache
def _heads() -> tuple[str, ...]:
    """Heads of the migrations this code came with; they cannot change while it runs."""
    if not Path(MIGRATIONS, "env.py").exists():
        return ()
    config = Config()
    config.set_main_option("script_location", MIGRATIONS)
    return tuple(ScriptDirectory.from_config(config).get_heads())


def _clock_age() -> float | None:
    age = heartbeat.age(heartbeat.CLOCK, now=clock.now())
    return None if age is None else round(age.total_seconds(), 1)


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
    rules = app.extensions.setdefault("lightline.access.rules", {})
    rules.update({f"health.{name}": _Open() for name in ("healthz", "readyz", "metrics")})
