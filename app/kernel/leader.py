"""Which of several clocks leads: the one that holds a lock, for as long as it lives.

On PostgreSQL it is a session-level advisory lock on a connection of its own: the server
frees it when the leader's process dies or its connection is lost, and another clock has
it at its next try. On SQLite, whose processes share one machine, it is a lock on a file,
which the kernel frees.

Two leaders for an instant (one has not yet noticed that it lost its connection) do no
harm: rows are claimed one by one under locks. What leads only saves the others' work.
A connection pooler between clock and server must pool sessions, not transactions.
"""

from __future__ import annotations

import fcntl
import os
import socket
from contextlib import suppress
from pathlib import Path
from typing import IO, Protocol

import psycopg
import sqlalchemy as sa
import structlog

from app.kernel import settings
from app.kernel.db import db, is_sqlite, session

log = structlog.get_logger(__name__)

LOCK = 0x4C696768
"""The advisory lock's number: "Ligh" in ASCII, far from what another program would pick."""

PREFIX = "lightline clock "
"""Begins the leader's name among the server's connections."""

ANSWER = 5
"""Seconds within which a lost network must show, at either end of the leader's connection."""


class Lock(Protocol):
    """What a clock must hold to lead."""

    def hold(self) -> bool:
        """Whether this process holds the lock now, trying to take it where it does not."""

    def release(self) -> None:
        """Let another have it at once."""


def make_lock() -> Lock:
    """The lock of the application's database."""
    if is_sqlite():
        return FileLock(lock_file())
    return AdvisoryLock(db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False))


def my_name() -> str:
    """This process, as operators see it: host and process number."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}"


def who() -> str | None:
    """The name of the clock that leads, None where none does."""
    return _file_holder(lock_file()) if is_sqlite() else _advisory_holder()


def lock_file() -> Path:
    return settings.current().instance / "clock.lock"


class AdvisoryLock:
    """A session-level advisory lock of PostgreSQL; lost with its connection."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: psycopg.Connection[tuple[object, ...]] | None = None
        self._held = False

    def hold(self) -> bool:
        try:
            connection = self._connect()
            if self._held:
                connection.execute("select 1")  # raises where the connection, and the lock with it, is lost
            else:
                row = connection.execute("select pg_try_advisory_lock(%s)", (LOCK,)).fetchone()
                self._held = row is not None and row[0] is True
        except psycopg.Error as exc:
            if self._held:
                log.warning("the leader's connection is lost", error=repr(exc))
            self._disconnect()
        return self._held

    def release(self) -> None:
        if self._held and self._connection is not None:
            with suppress(psycopg.Error):  # without the server there is nothing left to free
                self._connection.execute("select pg_advisory_unlock(%s)", (LOCK,))
        self._disconnect()

    def _disconnect(self) -> None:
        self._held = False
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connect(self) -> psycopg.Connection[tuple[object, ...]]:
        if self._connection is None:
            server = f"-c tcp_keepalives_idle={ANSWER} -c tcp_keepalives_interval=1 -c tcp_keepalives_count=3"
            self._connection = psycopg.connect(
                self._url,
                autocommit=True,
                connect_timeout=ANSWER,
                tcp_user_timeout=ANSWER * 1000,
                application_name=PREFIX + my_name(),
                options=server,
                keepalives_idle=ANSWER,
                keepalives_interval=1,
                keepalives_count=3,
            )
        return self._connection


class FileLock:
    """A lock on a file of the instance folder; freed by the kernel when its process ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[str] | None = None

    def hold(self) -> bool:
        if self._file is None:
            self._file = self._take()
        return self._file is not None

    def release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _take(self) -> IO[str] | None:
        file = self._path.open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return None
        file.truncate(0)
        file.write(my_name())
        file.flush()
        return file


def _file_holder(path: Path) -> str | None:
    """Its name, where somebody holds the lock; asked for by trying to share it."""
    try:
        with path.open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return file.read()
    except FileNotFoundError:
        pass
    return None


def _advisory_holder() -> str | None:
    """The name its connection gave itself."""
    query = sa.text(
        "select a.application_name from pg_locks l join pg_stat_activity a on a.pid = l.pid"
        " where l.locktype = 'advisory' and l.classid = 0 and l.objid = :lock and l.objsubid = 1 and l.granted"
        " and l.database = (select oid from pg_database where datname = current_database())"
    )
    name = session.scalar(query, {"lock": LOCK})
    return None if name is None else str(name).removeprefix(PREFIX)
