"""`flask jobs`: what it prints for people and machines, and the clock as a process."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from app.kernel import clock, db, jobs
from app.kernel.registry import JobKind, registry
from app.kernel.settings import ROOT
from tests.kernel.test_jobs import enqueue, leave_mark, state


@pytest.fixture
def dead_job(app: Flask, monkeypatch: pytest.MonkeyPatch) -> str:
    """A job that failed for good, whose reason is gone now."""
    monkeypatch.setitem(registry.jobs, "mark", JobKind("mark", lambda payload, now: 1 / 0, max_attempts=1))
    job = enqueue("mark")
    jobs.run_due(clock.now())
    monkeypatch.setitem(registry.jobs, "mark", JobKind("mark", leave_mark))
    return job


def run(app: Flask, *args: str) -> tuple[int, str]:
    db.session.remove()
    result = app.test_cli_runner().invoke(args=["jobs", *args])
    return result.exit_code, result.output


def test_jobs_are_listed_for_people(app: Flask, dead_job: str) -> None:
    code, output = run(app, "list", "--state", "dead")
    assert code == 0
    assert output.startswith(f"{dead_job} dead     mark attempts=1")
    assert "ZeroDivisionError" in output
    assert run(app, "list", "--state", "pending") == (0, "")


def test_jobs_are_listed_for_machines(app: Flask, dead_job: str) -> None:
    code, output = run(app, "list", "--json")
    [entry] = [json.loads(line) for line in output.splitlines()]
    assert (code, entry["id"], entry["state"], entry["payload"]) == (0, dead_job, "dead", {"n": 1})


def test_a_retried_job_runs(app: Flask, dead_job: str) -> None:
    assert run(app, "retry", dead_job) == (0, f"{dead_job} will run\n")
    assert run(app, "run", "--json") == (0, '{"run":1}\n')
    assert state(dead_job) == "done"
    code, output = run(app, "retry", dead_job)
    assert code == 1
    assert dead_job in output
    assert run(app, "retry", "unknown")[0] == 1


def test_a_worker_without_a_broker_says_what_is_missing(app: Flask) -> None:
    code, output = run(app, "worker")
    assert code == 1
    assert "CELERY_BROKER_URL" in output


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_clock_process_stops_cleanly(database: str, tmp_path: Path, number: int) -> None:
    environment = os.environ | {"LIGHTLINE_INSTANCE": str(tmp_path / "instance"), "DATABASE_URL": database}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "clock"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "clock started" in line:
                break
        process.send_signal(number)
        rest = process.stderr.read()
        assert process.wait(timeout=20) == 0
    assert "clock stopped" in rest
    assert "Traceback" not in rest.split("clock stopping")[-1]
