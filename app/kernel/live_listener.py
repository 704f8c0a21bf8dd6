"""Waiting for changes of topics: one thread a process watches, any number of open pages wait on it.

On PostgreSQL the thread listens to NOTIFY; on SQLite it asks `PRAGMA data_version`, which
changes when another connection commits and costs no read of a table. Both read the
changed counters then, and look again from time to time without being told, so that
nothing stays unseen after the database was away.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Mapping

import psycopg
import sqlalchemy as sa
import structlog
from flask import Flask, current_app

from app.kernel.db import db
from app.kernel.live import CHANNEL, LiveTopic, Versions, changes, newer

log = structlog.get_logger(__name__)

POLL = 0.5
QUIET_LOOK = 10.0
REPAIR = 2.0
GIVEN_UP = 1.0
"""Seconds between the questions whether a waiting caller still wants to know."""

OVERLAP_MS = 60_000
"""Counters are read again from this far back: a long transaction may commit an older version late."""


class Listener:
    """The versions this process has seen, and the thread that keeps them fresh."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._pid = os.getpid()
        self._seen: Versions = {}
        self._highest = 0
        self._changed = threading.Condition()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="live", daemon=True)
        self._thread.start()

    @property
    def alive(self) -> bool:
        """False after a fork, whose child has no threads, and after `close`."""
        return self._pid == os.getpid() and self._thread.is_alive()

    def close(self) -> None:
        """Stop the thread and wake everyone who waits."""
        self._stop.set()
        with self._changed:
            self._changed.notify_all()
        self._thread.join(timeout=5)

    def wait(
        self, topics: list[str], since: Mapping[str, int], timeout: float, given_up: Callable[[], bool] = lambda: False
    ) -> Versions:
        """The changed topics as soon as there are any, or nothing when the time is over or the caller gave up."""
        until = time.monotonic() + timeout
        with self._changed:
            while not (found := newer({t: self._seen.get(t, 0) for t in topics}, since)):
                left = until - time.monotonic()
                if left <= 0 or self._stop.is_set() or given_up():
                    break
                self._changed.wait(min(left, GIVEN_UP))
        return found

    def _watch(self) -> None:
        with self._app.app_context():
            while not self._stop.is_set():
                try:
                    self._watch_sqlite() if db.engine.dialect.name == "sqlite" else self._watch_postgres()
                except (sa.exc.SQLAlchemyError, psycopg.Error) as exc:
                    log.warning("live updates lost the database", error=repr(exc))
                    self._stop.wait(REPAIR)

    def _watch_sqlite(self) -> None:
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            last: int | None = None
            while not self._stop.is_set():
                version = connection.exec_driver_sql("PRAGMA data_version").scalar_one()
                connection.rollback()
                if version != last:
                    self._read(connection)
                    last = version
                self._stop.wait(POLL)

    def _watch_postgres(self) -> None:
        url = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(url, autocommit=True) as listening:
            listening.execute(f"LISTEN {CHANNEL}")
            while not self._stop.is_set():
                with db.engine.connect() as connection:
                    self._read(connection)
                self._listen(listening)

    def _listen(self, listening: psycopg.Connection[tuple[object, ...]]) -> None:
        """Return at the first notice, after a quiet while, or soon after `close`."""
        quiet_until = time.monotonic() + QUIET_LOOK
        while not self._stop.is_set() and time.monotonic() < quiet_until:
            if next(listening.notifies(timeout=POLL, stop_after=1), None) is not None:
                return

    def _read(self, connection: sa.Connection) -> None:
        query = sa.select(LiveTopic.topic, LiveTopic.version).where(LiveTopic.version > self._highest - OVERLAP_MS)
        rows: Versions = {topic: version for topic, version in connection.execute(query)}
        connection.rollback()
        with self._changed:
            if newer(rows, self._seen):
                self._seen.update(rows)
                self._highest = max(self._highest, *rows.values())
                self._changed.notify_all()


_starting = threading.Lock()


def listener() -> Listener:
    """The listener of this process, started at its first use."""
    with _starting:
        found: Listener | None = current_app.extensions.get("lightline.live")
        if found is None or not found.alive:
            app = current_app._get_current_object()  # type: ignore[attr-defined]
            found = current_app.extensions["lightline.live"] = Listener(app)
        return found


def wait(
    topics: Iterable[str], since: Mapping[str, int], *, timeout: float, given_up: Callable[[], bool] = lambda: False
) -> Versions:
    """Block until one of the topics is later than in `since`; the changed ones with their versions, or `{}`.

    `given_up` is asked every second and must answer at once; where it says yes the wait is over.

    `since` comes from `live.versions(topics)` when the page was made, updated with each
    answer. Holds no transaction and no connection while it waits. Never call it inside a
    writing transaction.
    """
    wanted = list(topics)
    return changes(wanted, since) or listener().wait(wanted, since, timeout, given_up)
