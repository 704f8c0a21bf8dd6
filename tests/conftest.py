"""Fixtures of every test: an application on a fresh database, a clock that stands still, an actor.

The schema is made once for each database server and copied (SQLite) or emptied
(PostgreSQL) for each test, and one application of each process is lent to test after test
(`standing`), so that a test starts in milliseconds. Mark a test `own_app` where it adds routes. Tests marked
`databases` run on SQLite and, where `LIGHTLINE_TEST_POSTGRES` names a server
(`postgresql://user@host/postgres`, a superuser), there too.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings as hypothesis_settings

from app import create_app
from app.kernel.actor import Actor
from app.kernel.clock import LOCAL, FrozenClock
from app.kernel.db import Base, db
from app.kernel.settings import Settings
from tests.standing import Standing

# Where a change is judged, examples are the same each time; at a desk, new ones are looked for.
hypothesis_settings.register_profile("judged", derandomize=True)
if os.environ.get("CI"):
    hypothesis_settings.load_profile("judged")

START = datetime(2026, 3, 2, 9, 0, tzinfo=LOCAL)
"""A Monday morning, working time: where every test begins."""

POSTGRES = os.environ.get("LIGHTLINE_TEST_POSTGRES", "")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" in metafunc.fixturenames and metafunc.definition.get_closest_marker("databases"):
        names = ["sqlite", "postgresql"] if POSTGRES else ["sqlite"]
        metafunc.parametrize("database", names, indirect=True)


def settings_for(url: str, folder: Path) -> Settings:
    """Settings of a test application on this database."""
    return Settings(
        environment="test",
        instance=folder,
        database_url=url,
        secret_key="test-secret-key",
        password_salt="test-salt",
    )


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database file with the whole schema."""
    folder = tmp_path_factory.mktemp("template")
    path = folder / "template.db"
    app = create_app(settings_for(f"sqlite:///{path}", folder))
    with app.app_context():
        db.create_all()
        db.session.remove()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database of this test process on the PostgreSQL server, with the whole schema."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name = f"lightline_test_{worker}_{os.getpid()}"
    server = sa.make_url(POSTGRES).set(drivername="postgresql+psycopg")
    admin = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
    url = server.set(database=name).render_as_string(hide_password=False)
    folder = tmp_path_factory.mktemp("postgres")
    app = create_app(settings_for(url, folder))
    with app.app_context():
        db.create_all()
        db.engine.dispose()
    yield url
    with admin.connect() as connection:
        connection.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')
    admin.dispose()


@pytest.fixture(scope="session")
def sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the database of each test lies: always in one place, so that one application finds it."""
    return tmp_path_factory.mktemp("database") / "test.db"


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a database with the schema and no rows."""
    if getattr(request, "param", "sqlite") == "sqlite":
        path: Path = request.getfixturevalue("sqlite_file")
        for ending in ("", "-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
    else:
        url: str = request.getfixturevalue("postgres_url")
        yield url
        empty(url)


def empty(url: str) -> None:
    """Delete all rows of a PostgreSQL test database, and start its ids from 1 again.

    Truncating every table costs seconds of file work; few tables have rows after a test.
    Triggers and foreign keys are off meanwhile, as only a superuser may set.
    """
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    names = [table.name for table in Base.metadata.sorted_tables]
    filled = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM \"{name}\")" for name in names)
    sequences = "SELECT setval(format('%I', sequencename)::regclass, 1, false) FROM pg_sequences WHERE last_value > 0"
    with engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        for name in connection.exec_driver_sql(filled).scalars().all():
            connection.exec_driver_sql(f'DELETE FROM "{name}"')
        connection.execute(sa.text(sequences))
    engine.dispose()


@pytest.fixture
def clock() -> FrozenClock:
    """The application's clock, standing at `START` until the test moves it."""
    return FrozenClock(START)


@pytest.fixture(scope="session")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Standing]]:
    """This process's application for a database, built when it is first asked for."""
    built: dict[str, Standing] = {}

    def find(url: str) -> Standing:
        if url not in built:
            built[url] = Standing(settings_for(url, tmp_path_factory.mktemp("standing")))
        return built[url]

    yield find
    for one in built.values():
        with one.app.app_context():
            db.engine.dispose()


@pytest.fixture
def app(
    request: pytest.FixtureRequest,
    database: str,
    clock: FrozenClock,
    tmp_path: Path,
    standing: Callable[[str], Standing],
) -> Iterator[Flask]:
    """The application, inside its context, on a fresh database."""
    if request.node.get_closest_marker("own_app"):
        application = create_app(settings_for(database, tmp_path / "instance"), clock=clock)
    else:
        application = standing(database).lend(clock=clock, folder=tmp_path / "instance")
    with application.app_context():
        yield application
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def actor() -> Actor:
    """Somebody who acts, for operations that only record who did it."""
    return Actor(kind="user", id=None, username="tester", name="测试员")
