"""All that runs: the processes, the way to their database, their Redis, the receiver, and what may hit them."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from tests.faults.system import System
from tests.load.proxy import Proxy
from tests.load.receiver import Receiver
from tests.load.redis_server import PROGRAM, RedisServer
from tests.load.rounds import RECEIVER

APPLICATION = "tests.load.application:app"
SMALL = ("web", "clock")
LARGE = ("web", "clock", "clock2", "worker", "worker2")

Cut = Callable[[float], None]
"""Takes something away for so many seconds."""


@dataclass(frozen=True)
class Stage:
    """`names` are the processes, any of which may be killed; `cuts` what else may befall them."""

    system: System
    names: tuple[str, ...]
    cuts: dict[str, Cut]
    receiver: Receiver


@contextmanager
def stage(url: str, folder: Path) -> Iterator[Stage]:
    """The processes on the database of `url`, not started yet; with PostgreSQL workers too where Redis is installed."""
    receiver = Receiver()
    system: System | None = None
    proxy = Proxy(url) if url.startswith("postgresql") else None
    redis = RedisServer(folder) if proxy is not None and PROGRAM is not None else None
    try:
        if proxy is None:
            system = System(url, folder, application=APPLICATION)
            found = Stage(system, SMALL, {"the write lock held": lambda s: hold_write_lock(url, s)}, receiver)
        else:
            proxy.start()
            cuts: dict[str, Cut] = {
                "the way to the database cut": proxy.cut,
                "the way to the database held up": proxy.stall,
                "the database's sessions ended": lambda _seconds: end_sessions(url),
            }
            if redis is not None:
                redis.start()
                cuts["redis killed"] = redis.away
            broker = redis.url if redis is not None else ""
            system = System(proxy.url, folder, broker_url=broker, application=APPLICATION)
            names = LARGE if redis is not None else LARGE[:3]
            found = Stage(system, names, cuts, receiver)
        system.environment[RECEIVER] = receiver.url
        yield found
    finally:
        if system is not None:
            system.stop()
        if redis is not None:
            redis.kill()
        if proxy is not None:
            proxy.stop()
        receiver.stop()


def hold_write_lock(url: str, seconds: float) -> None:
    """Nobody else can write meanwhile."""
    connection = sqlite3.connect(str(sa.make_url(url).database), isolation_level=None, timeout=30)
    with suppress(sqlite3.OperationalError):  # so busy that even we do not get it
        connection.execute("BEGIN IMMEDIATE")
        time.sleep(seconds)
        connection.execute("ROLLBACK")
    connection.close()


def end_sessions(url: str) -> None:
    """What a server does that restarts: every session of this database ends, whatever it was about."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        all_others = (
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )
        connection.exec_driver_sql(all_others)
    engine.dispose()
