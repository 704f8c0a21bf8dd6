"""Alembic's environment: migrates the database of the Flask application, in one transaction."""

from __future__ import annotations

from alembic import context
from flask import current_app

from app.kernel.db import db
from migrations.env_options import compare_type, include_object, render_item


def migrate() -> None:
    """Run the migrations on a connection that foreign keys do not disturb (SQLite rebuilds tables)."""
    engine = db.engine
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.commit()
        options = dict(current_app.extensions["migrate"].configure_args)
        options.update(render_item=render_item, compare_type=compare_type, include_object=include_object)
        context.configure(connection=connection, target_metadata=db.metadata, **options)
        with context.begin_transaction():
            context.run_migrations()
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")


if context.is_offline_mode():
    raise SystemExit("migrations run on a live database only")
migrate()
