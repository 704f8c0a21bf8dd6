"""An application on a database of its own, for as long as a measurement lasts."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from flask import Flask

from app import create_app
from app.kernel.clock import LOCAL, FrozenClock
from app.kernel.db import db
from app.kernel.settings import Settings
from tests.load.databases import database

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=LOCAL)


@contextmanager
def house(kind: str = "sqlite") -> Iterator[Flask]:
    """The application, inside its context, with the schema and no rows; on `sqlite` or `postgresql`."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with database(kind, folder) as url, opened(folder, url) as app:
            db.create_all()
            yield app


@contextmanager
def opened(folder: Path, url: str) -> Iterator[Flask]:
    """The application on the database of this address, inside its context; its files lie in the folder."""
    settings = Settings(
        environment="test",
        instance=folder,
        database_url=url,
        secret_key="bench",
        password_salt="bench",
    )
    app = create_app(settings, clock=FrozenClock(NOW))
    logging.disable(logging.INFO)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
