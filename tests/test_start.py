"""`flask start`: all from one process, and all gone with it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from app.kernel.settings import ROOT

pytestmark = pytest.mark.slow


def test_web_and_clock_come_up_and_end_together(database: str, tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    instance = tmp_path / "instance"
    (instance / "metrics").mkdir(parents=True)
    environment = os.environ | {
        "LIGHTLINE_INSTANCE": str(instance),
        "PROMETHEUS_MULTIPROC_DIR": str(instance / "metrics"),
        "DATABASE_URL": database,
        "LIGHTLINE_BIND": f"127.0.0.1:{port}",
        "LIGHTLINE_WEB_WORKERS": "1",
    }
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "start"]
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        assert "lightline_requests_total" in answer(port, "/metrics")
        wait_until_said(tmp_path / "log", "clock started")
        children = (Path(f"/proc/{process.pid}/task/{process.pid}/children")).read_text().split()
        assert len(children) == 3
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
    finally:
        process.kill()
    assert [pid for pid in children if Path(f"/proc/{pid}").exists()] == []


def answer(port: int, path: str) -> str:
    """What it answers once it does; two calls, so that the first is counted."""
    end = time.monotonic() + 60
    while True:
        try:
            for _ in range(2):
                with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as found:
                    text: str = found.read().decode()
            return text
        except (urllib.error.URLError, OSError):
            assert time.monotonic() < end, "it does not answer"
            time.sleep(0.1)


def wait_until_said(log: Path, words: str) -> None:
    end = time.monotonic() + 30
    while words not in log.read_text():
        assert time.monotonic() < end, log.read_text()[-2000:]
        time.sleep(0.1)
