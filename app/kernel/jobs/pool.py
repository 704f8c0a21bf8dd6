"""Threads of the clock process that work off jobs. What a job is and when it is done is `claims` and `runner`."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime

import structlog
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from app.kernel import clock
from app.kernel.jobs import claims
from app.kernel.jobs.claims import LEASE, Claim
from app.kernel.jobs.runner import execute

log = structlog.get_logger(__name__)


class JobPool:
    """Claims as many jobs as it has free threads; each thread goes on until nothing is due."""

    def __init__(self, app: Flask, threads: int) -> None:
        self._app = app
        self._threads = threads
        self._owner = claims.new_owner()
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="job")
        self._running: set[Future[None]] = set()
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._renewed: datetime | None = None

    def fill(self, now: datetime) -> int:
        """Start due jobs on free threads and keep the leases alive; how many were started. Called by the clock."""
        self.keep(now)
        with self._lock:
            free = self._threads - len(self._running)
        if free <= 0 or self._stopping.is_set():
            return 0
        claimed = claims.claim(now, limit=free, owner=self._owner)
        for held in claimed:
            future = self._executor.submit(self._work, held)
            with self._lock:
                self._running.add(future)
            future.add_done_callback(self._ended)
        return len(claimed)

    def keep(self, now: datetime) -> None:
        """Keep the leases of the jobs at work alive, also where the clock was put back."""
        if self._renewed is not None and abs(now - self._renewed) < LEASE / 4:
            return
        if self._running:
            claims.renew(self._owner, now)
        self._renewed = now

    def close(self) -> None:
        """Let the jobs at work end, give back those not started."""
        self._stopping.set()
        self._executor.shutdown(wait=True, cancel_futures=True)
        try:
            with self._app.app_context():
                claims.release(self._owner)
        except SQLAlchemyError as exc:  # without the database their leases run out instead
            log.warning("could not give jobs back", error=repr(exc))

    def _work(self, held: Claim) -> None:
        with self._app.app_context():
            following: list[Claim] = [held]
            while following:
                execute(following[0], clock.now())
                if self._stopping.is_set():
                    return
                following = claims.claim(clock.now(), limit=1, owner=self._owner)

    def _ended(self, future: Future[None]) -> None:
        with self._lock:
            self._running.discard(future)
        if not future.cancelled() and (error := future.exception()) is not None:
            log.error("a job's thread ended with an error; its lease will be taken over", error=repr(error))
