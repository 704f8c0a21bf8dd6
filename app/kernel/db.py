"""The database: typed base class, column types, and the one owner of the commit.

Operations and queries use `session` and never commit. A web request, a job or a
command line call owns the transaction, through `transaction()` or `run()`.

On SQLite a writer takes the write lock at once (`BEGIN IMMEDIATE`): a deferred
transaction that reads first and writes later fails without waiting when another
writer came between. Readers stay deferred and never wait.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, TypeVar, cast

import orjson
import sqlalchemy as sa
from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.orm import registry as orm_registry
from sqlalchemy.orm.exc import StaleDataError

T = TypeVar("T")

MIGRATIONS = os.path.join(os.path.dirname(__file__), "..", "..", "migrations")


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An instant: always aware, stored and returned in UTC. A naive value is a programming error."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}: every instant carries its offset")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Json = sa.JSON().with_variant(JSONB(), "postgresql")
"""A JSON value: JSONB on PostgreSQL, text on SQLite."""


class Base(DeclarativeBase):
    """Base of every model; constraint names are fixed so that migrations can name them."""

    registry = orm_registry(
        metadata=sa.MetaData(
            naming_convention={
                "ix": "ix_%(table_name)s_%(column_0_N_name)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={datetime: UtcDateTime(), dict[str, Any]: Json, list[Any]: Json, list[str]: Json},
    )


db = SQLAlchemy(model_class=Base)
session = db.session
migrate = Migrate()

_writing: ContextVar[bool] = ContextVar("lightline_writing", default=False)


class NestedTransaction(RuntimeError):
    """An operation tried to own a commit that somebody above it owns."""


def new_id() -> str:
    """A new UUID version 7 (RFC 9562) as text: sorts by time, so that indexes stay compact."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds << 80) | (0x7 << 76) | (secrets.randbits(12) << 64)
    value |= (0b10 << 62) | secrets.randbits(62)
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


@contextmanager
def transaction() -> Iterator[Any]:
    """Own one unit of work: commit at the end, roll back on any exception."""
    if _writing.get():
        raise NestedTransaction("a transaction is already owned by the caller")
    session.rollback()  # end a reading transaction, so that the write lock is taken at the start
    token = _writing.set(True)
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        _writing.reset(token)


def write(statement: Any, rows: Any = None) -> Any:
    """Execute a Core statement in the present transaction past the unit of work; returns its result.

    For the few statements of every command: built once with bind parameters, they are found
    compiled. What is pending in the session and they refer to must be flushed before; what
    they change of a loaded object the caller sets on it (`set_committed_value`).
    """
    return session.connection().execute(statement, rows)


def alone(what: str) -> None:
    """Wait until no other transaction that asked for `what` is under way, and keep others waiting until ours ends.

    For work that reads much and must not miss what another is about to write. On SQLite a writer is alone anyway.
    """
    if not is_sqlite():
        session.execute(_ALONE, {"what": f"lightline {what}"})


_ALONE = sa.text("SELECT pg_advisory_xact_lock(hashtext(:what))")


def table(model: type[Base]) -> sa.Table:
    """The table of a model, for Core statements."""
    return cast(sa.Table, model.__table__)


def run(work: Callable[[], T], *, attempts: int = 8) -> T:
    """Run `work` in a transaction of its own, again when another writer came first.

    `work` must have no effect outside the database (calls, mail and files go through
    `kernel.jobs`), so that running it again is harmless.
    """
    for attempt in range(1, attempts + 1):
        try:
            with transaction():
                return work()
        except Exception as exc:
            if attempt == attempts or not is_conflict(exc):
                raise
            session.expire_all()
            time.sleep(0.005 * attempt * (1 + secrets.randbelow(100) / 100))
    raise AssertionError("unreachable")


def is_conflict(exc: BaseException) -> bool:
    """Whether the unit of work lost a race and may simply be run again."""
    if isinstance(exc, StaleDataError):
        return True
    if isinstance(exc, OperationalError) and "database is locked" in str(exc.orig):
        return True
    # PostgreSQL: serialization_failure, deadlock_detected, lock_not_available
    return isinstance(exc, DBAPIError) and getattr(exc.orig, "sqlstate", None) in {"40001", "40P01", "55P03"}


def is_unavailable(exc: BaseException) -> bool:
    """Whether the database could not be reached, went away or was too busy: no fault of the work's own."""
    if isinstance(exc, PoolTimeout):
        return True
    if not isinstance(exc, DBAPIError):
        return False
    # PostgreSQL: no word from the server at all, connection exceptions, insufficient resources, operator intervention
    state = getattr(exc.orig, "sqlstate", None) or "08"
    return isinstance(exc, OperationalError | InterfaceError) and state[:2] in {"08", "53", "57"}


def is_duplicate(exc: BaseException) -> bool:
    """Whether a unique constraint refused the row."""
    return isinstance(exc, IntegrityError) and (
        "UNIQUE" in str(exc.orig) or getattr(exc.orig, "sqlstate", None) == "23505"
    )


def is_sqlite() -> bool:
    """Whether this process works on SQLite (for the few places where the dialects differ)."""
    return db.engine.dialect.name == "sqlite"


@event.listens_for(Session, "after_soft_rollback")
def _read_again(current: Session, previous: Any) -> None:
    """The unit of work does not know what `write` changed within a savepoint: everything loaded is read again."""
    if previous.nested:
        current.expire_all()


def _dumps(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()


def _loads(text: Any) -> Any:
    """SQLite keeps a JSON number as a number."""
    return text if isinstance(text, int | float) else orjson.loads(text)


def _sqlite_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we emit BEGIN ourselves, below
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=30000", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _sqlite_begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


VANISHED = {
    "connect_timeout": 10,
    "tcp_user_timeout": 30_000,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}
"""A server whose machine vanishes without a word shows within half a minute; TCP alone would wait a quarter of an hour.
Seconds, `tcp_user_timeout` in milliseconds."""


def engine_options(url: str) -> dict[str, Any]:
    """Engine options by kind of database."""
    options: dict[str, Any] = {"json_serializer": _dumps, "json_deserializer": _loads}
    if url.startswith("sqlite"):
        options |= {"pool_size": 32}  # as many as the web server has threads: readers never wait for each other
    else:
        options |= {"pool_pre_ping": True, "pool_size": 10, "max_overflow": 20, "pool_recycle": 1800}
        options["connect_args"] = VANISHED
    return options


def init_app(app: Flask, *, url: str) -> None:
    """Bind the database of `url` and the migrations to the application."""
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(url)
    db.init_app(app)
    migrate.init_app(app, db, directory=MIGRATIONS, render_as_batch=True, compare_type=True)
    if url.startswith("sqlite"):
        with app.app_context():
            event.listen(db.engine, "connect", _sqlite_connect)
            event.listen(db.engine, "begin", _sqlite_begin)
