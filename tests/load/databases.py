"""An empty database for as long as a run lasts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from tests.conftest import POSTGRES


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """The URL of one on SQLite (a file of the folder) or on the server that LIGHTLINE_TEST_POSTGRES names."""
    if kind == "sqlite":
        yield f"sqlite:///{folder}/load.db"
        return
    if not POSTGRES:
        raise SystemExit("LIGHTLINE_TEST_POSTGRES names no server")
    server = sa.make_url(POSTGRES).set(drivername="postgresql+psycopg")
    name = f"lightline_load_{os.getpid()}"
    admin = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')
        admin.dispose()
