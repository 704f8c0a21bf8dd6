"""The ivr process: listens and says so, tells how it is, and stops when told."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_serve_says_so_and_stops_cleanly(tmp_path: Path) -> None:
    port, watch = free_port(), free_port()
    environment = {
        **os.environ,
        "LIGHTLINE_ENV": "test",
        "LIGHTLINE_INSTANCE": str(tmp_path),
        "LIGHTLINE_IVR_LISTEN": f"127.0.0.1:{port}",
        "LIGHTLINE_IVR_WATCH": f"127.0.0.1:{watch}",
    }
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "ivr", "serve"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, bufsize=1) as process:
        assert process.stdout is not None
        assert f"listening on 127.0.0.1:{port}" in process.stdout.readline()
        assert "no FreeSWITCH is named" in process.stdout.readline()
        assert _get(watch, "/healthz") == {"status": "ok"}
        state = _get(watch, "/readyz")
        assert state["checks"]["link"] == "none"
        assert state["checks"]["listening"] is True
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        assert "stopped" in process.stdout.read()


def _get(port: int, path: str) -> dict:
    for _attempt in range(50):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
                return json.load(answer)
        except ConnectionError:
            time.sleep(0.1)
        except urllib.error.HTTPError as not_ready:
            return json.load(not_ready)
        except urllib.error.URLError:
            time.sleep(0.1)
    raise AssertionError("nobody answers")
