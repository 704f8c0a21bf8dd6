"""The clock process: runs every registered sweep in its rhythm, and jobs on threads of its own.

It keeps nothing in memory that matters: killed at any moment, another one goes on. A
sweep that fails (the database is away) is tried again in its rhythm and stops no other.
"""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from types import FrameType
from typing import Any

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from app.kernel import clock, correlation, settings
from app.kernel.jobs.pool import JobPool
from app.kernel.jobs.sweeps import POOL
from app.kernel.registry import Sweep, registry

log = structlog.get_logger(__name__)


class Worker:
    """Start, run until told to stop, stop cleanly."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._stop = threading.Event()
        self._failing: set[str] = set()
        with app.app_context():
            self._pool = JobPool(app, settings.current().job_threads)
        self._scheduler = self._make_scheduler()

    def run(self) -> None:
        """Work until SIGTERM or SIGINT."""
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self._on_signal)
        self.start()
        while not self._stop.wait(timeout=3600):
            pass
        self.stop()

    def start(self) -> None:
        """Begin to work, in the background."""
        self._app.extensions[POOL] = self._pool
        self._scheduler.start()
        log.info("clock started", sweeps=sorted(registry.sweeps))

    def stop(self) -> None:
        """Begin nothing new, let what runs come to its end."""
        log.info("clock stopping")
        self._scheduler.shutdown(wait=True)
        self._pool.close()
        self._app.extensions.pop(POOL, None)
        log.info("clock stopped")

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._stop.set()

    def _make_scheduler(self) -> Any:
        logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a sweep longer than its rhythm is no news
        scheduler = BackgroundScheduler(
            timezone="UTC",
            executors={"default": ThreadPoolExecutor(max(len(registry.sweeps), 1))},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        now = datetime.now(UTC)  # APScheduler keeps its rhythm by the machine's clock
        for sweep in registry.sweeps.values():
            seconds = sweep.every.total_seconds()
            scheduler.add_job(self._runner(sweep), "interval", seconds=seconds, id=sweep.name, next_run_time=now)
        return scheduler

    def _runner(self, sweep: Sweep) -> Callable[[], None]:
        def run() -> None:
            with self._app.app_context(), correlation.bound(None):
                try:
                    count = sweep.run(clock.now())
                except Exception as exc:
                    self._note_failure(sweep, exc)
                    return
            if sweep.name in self._failing:
                self._failing.discard(sweep.name)
                log.info("sweep works again", sweep=sweep.name)
            if count:
                log.debug("sweep", sweep=sweep.name, count=count)

        return run

    def _note_failure(self, sweep: Sweep, exc: Exception) -> None:
        """One line when it begins to fail, not one a second."""
        if sweep.name not in self._failing:
            self._failing.add(sweep.name)
            log.error("sweep fails, will be tried again", sweep=sweep.name, error=repr(exc), exc_info=True)
