"""The name under which a worker process holds jobs, and the thread that keeps their leases alive while it works."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from app.kernel import clock
from app.kernel.jobs import claims
from app.kernel.jobs.claims import LEASE

log = structlog.get_logger(__name__)


class Keeper:
    """One a process: how many jobs are at work here, and their common owner."""

    def __init__(self, app: Flask) -> None:
        self.pid = os.getpid()
        self.owner = claims.new_owner()
        self._app = app
        self._working = 0
        self._lock = threading.Lock()
        threading.Thread(target=self._renew, name="leases", daemon=True).start()

    @contextmanager
    def at_work(self) -> Iterator[str]:
        """While the block runs the owner's leases are renewed; yields the owner."""
        with self._lock:
            self._working += 1
        try:
            yield self.owner
        finally:
            with self._lock:
                self._working -= 1

    def _renew(self) -> None:
        pause = threading.Event()
        while not pause.wait(LEASE.total_seconds() / 4):
            if not self._working:
                continue
            with self._app.app_context():
                try:
                    claims.renew(self.owner, clock.now())
                except SQLAlchemyError as exc:  # tried again; a lease that runs out meanwhile is taken over
                    log.warning("could not renew leases", error=repr(exc))


_making = threading.Lock()


def keeper(app: Flask) -> Keeper:
    """This process's keeper, made at its first use: a forked child has no threads of its parent's."""
    with _making:
        found: Keeper | None = app.extensions.get("lightline.jobs.keeper")
        if found is None or found.pid != os.getpid():
            found = app.extensions["lightline.jobs.keeper"] = Keeper(app)
        return found
