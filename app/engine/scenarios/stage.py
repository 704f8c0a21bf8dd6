"""Where scenarios are played: an application on a database file of its own, and a clock that is moved by hand.

The file is put back to its first state before each scenario, so that none sees another.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from flask import Flask

from app.engine.definitions.deploy import deploy
from app.engine.runtime.start_timers import drop_start_timers
from app.kernel.actor import SYSTEM
from app.kernel.clock import FrozenClock
from app.kernel.db import db, run, session
from app.kernel.settings import Settings

T = TypeVar("T")

DEPLOYED_AT = datetime(2000, 1, 1, tzinfo=UTC)


class Stage:
    """`clock` is the time of the scenario; `do` runs one operation as its own transaction."""

    def __init__(self, folder: Path, clock: FrozenClock) -> None:
        self.file = folder / "scenarios.db"
        self.empty = folder / "empty.db"
        self.ready = folder / "ready.db"
        self.clock = clock

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def do(self, work: Callable[[], T]) -> T:
        """Run and commit, then forget everything in memory: the next step starts from the database."""
        try:
            return run(work)
        finally:
            session.remove()

    def read(self, work: Callable[[], T]) -> T:
        try:
            return work()
        finally:
            session.remove()

    def deploy(self, files: Mapping[str, bytes]) -> None:
        """Start from nothing but these definitions, none of which the clock starts by itself. Raises `Refused`."""
        self._put(self.empty)
        self.do(lambda: deploy(files, actor=SYSTEM, now=DEPLOYED_AT))
        self.do(drop_start_timers)
        self._keep(self.ready)

    def reset(self, now: datetime) -> None:
        """Back to the deployed definitions, at this time."""
        self._put(self.ready)
        self.clock.set(now)

    def create(self) -> None:
        db.create_all()
        self._keep(self.empty)

    def _keep(self, copy: Path) -> None:
        session.remove()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
        shutil.copy(self.file, copy)

    def _put(self, copy: Path) -> None:
        session.remove()
        db.engine.dispose()
        for suffix in ("-wal", "-shm"):
            self.file.with_name(self.file.name + suffix).unlink(missing_ok=True)
        shutil.copy(copy, self.file)


@contextmanager
def stage(create: Callable[..., Flask], settings: Settings) -> Iterator[Stage]:
    """A stage for a while; `create` makes the application (`app.create_app`), `settings` are those of the caller."""
    clock = FrozenClock(DEPLOYED_AT)
    with tempfile.TemporaryDirectory(prefix="scenarios-") as name:
        folder = Path(name)
        place = Stage(folder, clock)
        own = replace(
            settings,
            environment="test",
            instance=folder,
            database_url=f"sqlite:///{place.file}",
            celery_broker_url="",
            log_level="ERROR",
        )
        application = create(own, clock=clock)
        with application.app_context():
            place.create()
            try:
                yield place
            finally:
                session.remove()
                db.engine.dispose()
