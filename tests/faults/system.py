"""Lightline as it really runs: web server and clock as processes of their own, to be killed and started again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from datetime import datetime
from pathlib import Path

from tests.conftest import START

ROOT = Path(__file__).resolve().parents[2]
APPLICATION = "tests.faults.shifted:app"


class System:
    """Web and clock on one database. `kill` is SIGKILL to the whole process group, workers included."""

    def __init__(self, database_url: str, instance: Path) -> None:
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.instance = instance
        offset = (START - datetime.now(START.tzinfo)).total_seconds()
        self.environment = {
            **os.environ,
            "LIGHTLINE_ENV": "test",
            "LIGHTLINE_SECRET_KEY": "test-secret-key",
            "LIGHTLINE_PASSWORD_SALT": "test-salt",
            "LIGHTLINE_INSTANCE": str(instance),
            "DATABASE_URL": database_url,
            "LIGHTLINE_BIND": f"127.0.0.1:{self.port}",
            "LIGHTLINE_WEB_WORKERS": "1",
            "LIGHTLINE_TEST_CLOCK_OFFSET": str(offset),
        }
        self._commands = {
            "web": [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", APPLICATION],
            "clock": [sys.executable, "-m", "flask", "--app", APPLICATION, "jobs", "clock"],
        }
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._lock = threading.Lock()

    def start(self, name: str) -> None:
        """Start `web` or `clock`; its output goes to a file beside the database."""
        log = (self.instance / f"{name}.log").open("ab")
        with self._lock, log:
            self._processes[name] = subprocess.Popen(
                self._commands[name], cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )

    def kill(self, name: str) -> None:
        """End a process and its children at once, wherever they are."""
        with self._lock:
            process = self._processes[name]
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def wait_ready(self, seconds: float = 60) -> None:
        """Until the web server answers."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=2):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise TimeoutError("the web server does not answer: " + self.log("web")[-2000:])

    def log(self, name: str) -> str:
        return (self.instance / f"{name}.log").read_text(errors="replace")

    def stop(self) -> None:
        """Kill whatever still runs."""
        for name, process in self._processes.items():
            if process.poll() is None:
                self.kill(name)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
