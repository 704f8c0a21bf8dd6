"""The clock process: runs every registered sweep in its rhythm, and jobs on threads of its own.

It keeps nothing in memory that matters: killed at any moment, another one goes on. A
sweep that fails (the database is away) is tried again in its rhythm and stops no other.
Of several clocks one leads (`leader`); the others wait, and look every second whether
it is their turn. With a broker, jobs go to its workers instead of the clock's threads.
"""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from queue import Empty, SimpleQueue
from typing import Any

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from app.kernel import clock, correlation, leader, settings
from app.kernel.jobs.broker import CELERY
from app.kernel.jobs.dispatcher import Dispatcher
from app.kernel.jobs.pool import JobPool
from app.kernel.jobs.sweeps import POOL
from app.kernel.registry import Sweep, registry

log = structlog.get_logger(__name__)

ELECTION = 1.0
"""Seconds between two looks at who leads: how long nobody leads after a leader died."""

JUMP = 2.0
"""Seconds by which the machine's clock must be off its even course to count as put forward or back."""


LOOK_UP = 0.5
"""Seconds after which the main thread looks whether it was told to stop. A signal that comes just before the thread
goes to sleep does not wake it: without looking up it would sleep until the next one."""


def _wait(told: SimpleQueue[int]) -> None:
    while True:
        try:
            told.get(timeout=LOOK_UP)
        except Empty:
            continue
        return


class Worker:
    """Start, run until told to stop, stop cleanly."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._stop = threading.Event()
        self._failing: set[str] = set()
        with app.app_context():
            self._pool = self._make_pool()
            self._lock = leader.make_lock()
        self._leading = False
        self._scheduler = self._make_scheduler()
        self._watcher = threading.Thread(target=self._watch, name="jumps", daemon=True)

    def run(self) -> None:
        """Work until SIGTERM or SIGINT."""
        told: SimpleQueue[int] = SimpleQueue()  # may be put into by a handler; an event's lock may be held just then
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda number, _frame: told.put(number))
        self.start()
        _wait(told)
        self.stop()

    def start(self) -> None:
        """Begin to work, in the background."""
        self._app.extensions[POOL] = self._pool
        self._elect()
        self._scheduler.start()
        self._watcher.start()
        log.info("clock started", sweeps=sorted(registry.sweeps), leading=self._leading)

    def stop(self) -> None:
        """Begin nothing new, let what runs come to its end."""
        log.info("clock stopping")
        self._stop.set()
        self._watcher.join()
        self._scheduler.shutdown(wait=True)
        self._pool.close()
        self._app.extensions.pop(POOL, None)
        self._lock.release()
        log.info("clock stopped")

    def _watch(self) -> None:
        """APScheduler plans by the machine's clock: put back an hour, every sweep would wait for that hour to pass."""
        course = time.time() - time.monotonic()
        while not self._stop.wait(ELECTION):
            moved = time.time() - time.monotonic() - course
            if abs(moved) > JUMP:
                course += moved
                log.warning("the machine's clock was put forward or back", seconds=round(moved, 1))
                for job in self._scheduler.get_jobs():
                    job.modify(next_run_time=datetime.now(UTC))

    def _make_pool(self) -> JobPool | Dispatcher:
        celery = self._app.extensions.get(CELERY)
        return JobPool(self._app, settings.current().job_threads) if celery is None else Dispatcher(celery)

    def _elect(self) -> None:
        """Look whether this clock leads; note a change."""
        leading = self._lock.hold()
        if leading != self._leading:
            self._leading = leading
            log.info("this clock leads" if leading else "this clock leads no more", clock=leader.my_name())
        if not leading:
            self._keep_what_was_begun()

    def _keep_what_was_begun(self) -> None:
        """Jobs this clock began while it led are still its own."""
        with self._app.app_context():
            try:
                self._pool.keep(clock.now())
            except SQLAlchemyError as exc:  # the database is away: so is the lead, and the election tells it
                log.debug("could not renew leases", error=repr(exc))

    def _make_scheduler(self) -> Any:
        logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a sweep longer than its rhythm is no news
        scheduler = BackgroundScheduler(
            timezone="UTC",
            executors={"default": ThreadPoolExecutor(len(registry.sweeps) + 1)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        scheduler.add_job(self._elect, "interval", seconds=ELECTION, id="election")
        now = datetime.now(UTC)  # APScheduler keeps its rhythm by the machine's clock
        for sweep in registry.sweeps.values():
            seconds = sweep.every.total_seconds()
            scheduler.add_job(self._runner(sweep), "interval", seconds=seconds, id=sweep.name, next_run_time=now)
        return scheduler

    def _runner(self, sweep: Sweep) -> Callable[[], None]:
        def run() -> None:
            if not self._leading:
                return
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
