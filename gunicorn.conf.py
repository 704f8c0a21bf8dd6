"""How the web server runs: threads for pages and live connections, workers for cores."""

import os
import shutil
from pathlib import Path
from typing import Any

bind = os.environ.get("LIGHTLINE_BIND", "127.0.0.1:8000")
workers = int(os.environ.get("LIGHTLINE_WEB_WORKERS", "2"))
worker_class = "gthread"
threads = int(os.environ.get("LIGHTLINE_WEB_THREADS", "32"))
timeout = 60
graceful_timeout = 5
max_requests = 20000
max_requests_jitter = 2000
accesslog = None
errorlog = "-"
loglevel = "warning"

# Every worker counts its own requests; the files in this folder let any of them answer for all.
metrics = Path(os.environ.get("LIGHTLINE_INSTANCE", "instance"), "metrics").absolute()
os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(metrics))


def on_starting(_server: Any) -> None:
    """Begin with no counts of workers that are gone."""
    shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)
    os.makedirs(os.environ["PROMETHEUS_MULTIPROC_DIR"])


def child_exit(_server: Any, worker: Any) -> None:
    """Drop what a dead worker alone held."""
    from prometheus_client import multiprocess  # noqa: PLC0415 - only after the folder is named above

    multiprocess.mark_process_dead(worker.pid)
