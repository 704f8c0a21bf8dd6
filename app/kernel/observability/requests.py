"""Each request: a correlation id in and out, one log line, one count, one duration."""

from __future__ import annotations

import time

import structlog
from flask import Flask, Response, g, request

from app.kernel import correlation
from app.kernel.observability.metrics import LATENCY, REQUESTS

log = structlog.get_logger("lightline.request")

HEADER = "X-Request-ID"
QUIET = {"healthz", "readyz", "metrics", "static"}
"""Endpoints whose success is not worth a line."""


def _begin() -> None:
    correlation.start(correlation.accept(request.headers.get(HEADER)))
    g.request_began = time.perf_counter()


def _end(response: Response) -> Response:
    if (value := correlation.current()) is not None:
        response.headers[HEADER] = value
    began = g.get("request_began")
    endpoint = request.endpoint or "(none)"
    seconds = time.perf_counter() - began if began is not None else 0.0
    REQUESTS.labels(endpoint, request.method, str(response.status_code)).inc()
    LATENCY.labels(endpoint).observe(seconds)
    if endpoint.rpartition(".")[2] not in QUIET or response.status_code >= 500:
        log.info(
            "request",
            method=request.method,
            path=request.path,
            endpoint=endpoint,
            status=response.status_code,
            ms=round(seconds * 1000, 1),
        )
    return response


def _forget(_error: BaseException | None) -> None:
    correlation.start(None)


def init_app(app: Flask) -> None:
    """Hook into requests before anything else does, so that refusals are measured too."""
    app.before_request(_begin)
    app.after_request(_end)
    app.teardown_request(_forget)
