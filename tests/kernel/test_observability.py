"""Correlation ids, health, readiness and metrics."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
import structlog
from flask import Flask
from flask.testing import FlaskClient

from app.kernel import clock, correlation, db, heartbeat
from app.kernel.clock import FrozenClock
from app.kernel.observability import gauge, health, logs, metrics
from app.kernel.registry import registry


def test_a_sane_request_id_is_kept_and_another_replaced(client: FlaskClient) -> None:
    assert client.get("/healthz", headers={"X-Request-ID": "abc-12345"}).headers["X-Request-ID"] == "abc-12345"
    for bad in ("short", "x" * 100, "a\"b'c<script>", ""):
        given = client.get("/healthz", headers={"X-Request-ID": bad}).headers["X-Request-ID"]
        assert given != bad
        assert len(given) == 36
    assert correlation.current() is None


def test_the_process_is_healthy_without_a_database(app: Flask, client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_readiness_wants_the_schema_of_this_code(
    app: Flask, client: FlaskClient, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "_missing_migrations", set)
    assert registry.sweeps["heartbeat"].run(clock.now()) == 1
    clock.advance(timedelta(seconds=7))
    answer = client.get("/readyz")
    checks = {"database": "ok", "migrations": "ok", "clock_seconds_ago": 7.0, "clock_leader": None}
    assert (answer.status_code, answer.json) == (200, {"status": "ready", "checks": checks})
    monkeypatch.setattr(health, "_missing_migrations", lambda: {"abc123"})
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["checks"]["migrations"] == "missing: abc123"


def test_readiness_without_a_database(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise sa.exc.OperationalError("select 1", {}, Exception("gone"))

    monkeypatch.setattr(db.session, "execute", fail)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (
        503,
        {"status": "not ready", "checks": {"database": "unreachable"}},
    )


def test_the_clock_never_seen_is_said(app: Flask) -> None:
    assert heartbeat.age("clock", now=clock.now()) is None


def test_metrics_are_for_this_machine_or_the_token(app: Flask, client: FlaskClient) -> None:
    client.get("/healthz")
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert 'lightline_requests_total{endpoint="health.healthz",method="GET",status="200"}' in answer.text
    assert 'lightline_jobs{state="dead"} 0.0' in answer.text
    abroad = {"REMOTE_ADDR": "10.0.0.5"}
    assert client.get("/metrics", environ_base=abroad).status_code == 403
    assert client.get("/metrics", headers={"X-Forwarded-For": "10.0.0.5"}).status_code == 403
    app.extensions["lightline.settings"] = replace(app.extensions["lightline.settings"], metrics_token="secret")
    for token, status in (("secret", 200), ("wrong", 403), ("", 403)):
        headers = {"Authorization": f"Bearer {token}"}
        assert client.get("/metrics", environ_base=abroad, headers=headers).status_code == status


def test_others_add_gauges_and_a_broken_one_spoils_nothing(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(metrics, "_gauges", {})

    @gauge("gauge_without_value", "Fails")
    def broken() -> float:
        raise RuntimeError("no")

    @gauge("tasks_open", "Open tasks", label="kind")
    def tasks() -> Mapping[str, float]:
        return {"repair": 3.0}

    with caplog.at_level(logging.ERROR):
        text = metrics.exposition().decode()
    assert 'tasks_open{kind="repair"} 3.0' in text
    assert "gauge_without_value" not in text
    assert "a gauge fails" in caplog.text


@pytest.mark.databases
def test_every_registered_gauge_answers_on_an_empty_database(app: Flask) -> None:
    for entry in metrics._gauges.values():
        assert metrics._family(entry).name == entry.name


def test_log_lines_are_json_with_the_correlation_id(app: Flask) -> None:
    shared = structlog.get_config()["processors"][:-1]
    formatter = logs._formatter(shared, for_terminal=False)
    record = logging.LogRecord("library", logging.WARNING, __file__, 1, "停电 %s", ("报修",), None)
    with correlation.bound("request-12345"):
        line = json.loads(formatter.format(record))
    assert (line["event"], line["level"], line["correlation_id"]) == ("停电 报修", "warning", "request-12345")
