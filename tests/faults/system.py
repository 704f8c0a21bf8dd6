"""Lightline as it really runs: webs, clocks and workers as processes of their own, to be killed and started again."""

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
    """Processes on one database: `web`, `clock`, `worker`, and any number more as `web2`, `clock2` and so on.

    `kill` is SIGKILL to the whole process group, children included. Workers need `broker_url`.
    """

    def __init__(self, database_url: str, instance: Path, *, broker_url: str = "", application: str = APPLICATION):
        self.instance = instance
        self._application = application
        self._ports: dict[str, int] = {}
        self.port = self._port("web")
        self.url = self.url_of("web")
        offset = (START - datetime.now(START.tzinfo)).total_seconds()
        self.environment = {
            **os.environ,
            "LIGHTLINE_ENV": "test",
            "LIGHTLINE_SECRET_KEY": "test-secret-key",
            "LIGHTLINE_PASSWORD_SALT": "test-salt",
            "LIGHTLINE_INSTANCE": str(instance),
            "DATABASE_URL": database_url,
            "CELERY_BROKER_URL": broker_url,
            "LIGHTLINE_WEB_WORKERS": "1",
            "LIGHTLINE_TEST_CLOCK_OFFSET": str(offset),
        }
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._lock = threading.Lock()

    def start(self, name: str) -> None:
        """Start `web`, `clock`, `worker` or one more of them; its output goes to a file beside the database."""
        own = {"PROMETHEUS_MULTIPROC_DIR": str(self.instance / f"metrics-{name}")}
        if name.startswith("web"):
            own["LIGHTLINE_BIND"] = f"127.0.0.1:{self._port(name)}"
        log = (self.instance / f"{name}.log").open("ab")
        with self._lock, log:
            self._processes[name] = subprocess.Popen(
                self._command(name),
                cwd=ROOT,
                env=self.environment | own,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def url_of(self, name: str) -> str:
        """Where a web answers."""
        return f"http://127.0.0.1:{self._port(name)}"

    def pid(self, name: str) -> int:
        """The process started last under this name."""
        return self._processes[name].pid

    def kill(self, name: str) -> None:
        """End a process and its children at once, wherever they are."""
        with self._lock:
            process = self._processes[name]
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def wait_ready(self, seconds: float = 60, *, name: str = "web") -> None:
        """Until a web server answers."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                with urllib.request.urlopen(f"{self.url_of(name)}/healthz", timeout=2):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise TimeoutError("the web server does not answer: " + self.log(name)[-2000:])

    def log(self, name: str) -> str:
        return (self.instance / f"{name}.log").read_text(errors="replace")

    def stop(self) -> None:
        """Kill whatever still runs."""
        for name, process in self._processes.items():
            if process.poll() is None:
                self.kill(name)

    def _command(self, name: str) -> list[str]:
        flask = [sys.executable, "-m", "flask", "--app", self._application, "jobs"]
        match name.rstrip("0123456789"):
            case "web":
                return [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", self._application]
            case "clock":
                return [*flask, "clock"]
            case "worker":
                return [*flask, "worker", "--name", name]
        raise ValueError(f"there is no process {name!r}")

    def _port(self, name: str) -> int:
        return self._ports.setdefault(name, _free_port())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
