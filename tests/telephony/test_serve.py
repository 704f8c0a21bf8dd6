"""The IVR process of this version: says that it answers no calls and stops when told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path


def test_serve_says_so_and_stops_cleanly(tmp_path: Path) -> None:
    environment = {**os.environ, "LIGHTLINE_ENV": "test", "LIGHTLINE_INSTANCE": str(tmp_path)}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "ivr", "serve"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, bufsize=1) as process:
        assert process.stdout is not None
        assert "no calls are answered" in process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        assert "stopped" in process.stdout.read()
