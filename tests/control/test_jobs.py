"""The pages of background jobs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.kernel import clock, db, jobs
from app.kernel.registry import JobKind, registry
from tests.identity.factories import make_tree, make_user, sign_in


@pytest.fixture
def operator(app: Flask, client: FlaskClient) -> FlaskClient:
    """An administrator of the whole organisation, signed in."""
    sign_in(client, make_user("admin", posts=[("admin", None)]))
    return client


@pytest.fixture
def dead_job(app: Flask, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setitem(registry.jobs, "sms", JobKind("sms", lambda payload, now: 1 / 0, max_attempts=1))
    job = db.run(lambda: jobs.enqueue("sms", {"to": "13800000000"}, now=clock.now(), key="sms:1"))
    jobs.run_due(clock.now())
    db.session.remove()
    return job


def test_failed_jobs_are_shown_first(operator: FlaskClient, dead_job: str) -> None:
    page = operator.get("/control/jobs")
    assert page.status_code == 200
    assert "ZeroDivisionError" in page.text
    assert "后台作业" in page.text
    assert "Background jobs" in operator.get("/control/jobs?lang=en").text


@pytest.mark.parametrize("query", ["?state=pending", "?state=nonsense", "?kind=other", "?page=x", "?page=7"])
def test_lists_of_any_kind_open(operator: FlaskClient, dead_job: str, query: str) -> None:
    assert operator.get(f"/control/jobs{query}").status_code == 200


def test_a_dead_job_is_looked_at_and_retried(operator: FlaskClient, dead_job: str) -> None:
    page = operator.get(f"/control/jobs/{dead_job}").text
    assert "13800000000" in page
    assert "ZeroDivisionError" in page
    answer = operator.post(f"/control/jobs/{dead_job}/retry")
    assert (answer.status_code, answer.location) == (302, f"/control/jobs/{dead_job}")
    assert jobs.get_job(dead_job).state == "pending"


def test_a_job_done_is_not_retried(operator: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry.jobs, "sms", JobKind("sms", lambda payload, now: None))
    job = db.run(lambda: jobs.enqueue("sms", {}, now=clock.now()))
    jobs.run_due(clock.now())
    assert operator.post(f"/control/jobs/{job}/retry").status_code == 409
    assert operator.get("/control/jobs/unknown").status_code == 404


def test_long_lists_have_pages(operator: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry.jobs, "sms", JobKind("sms", lambda payload, now: None))
    later = clock.now() + timedelta(hours=1)
    db.run(lambda: [jobs.enqueue("sms", {"n": n}, now=clock.now(), run_at=later) for n in range(60)])
    first, second = (operator.get(f"/control/jobs?state=pending&page={n}").text for n in (1, 2))
    assert first.count("<tr data-row>") == 50
    assert second.count("<tr data-row>") == 10
    assert "page=2" in first


def test_jobs_belong_to_the_whole_organisation(app: Flask, client: FlaskClient, dead_job: str) -> None:
    units = make_tree()
    sign_in(client, make_user("local", posts=[("admin", units["P-A"])]))
    assert client.get("/control/jobs").status_code == 403
    assert client.post(f"/control/jobs/{dead_job}/retry").status_code == 403
    sign_in(client, make_user("agent", posts=[("agent", units["P-A"])]))
    assert client.get("/control/jobs").status_code == 403
    assert jobs.get_job(dead_job).state == "dead"
