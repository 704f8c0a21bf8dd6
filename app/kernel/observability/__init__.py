"""How the running system is watched: JSON logs, health and readiness, Prometheus metrics.

`logs` sets logging up, `requests` gives each request its correlation id, log line and
metrics, `metrics` holds what is measured and lets others add gauges, `health` the three
routes, `access` their rules.
"""

from __future__ import annotations

from flask import Flask

from app.kernel.observability import health, logs, requests
from app.kernel.observability.metrics import gauge

__all__ = ["gauge", "init_app"]


def init_app(app: Flask) -> None:
    """Add logging, request measures and the routes."""
    logs.configure(app)
    requests.init_app(app)
    health.init_app(app)
