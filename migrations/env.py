"""Alembic's environment: migrates the database of the Flask application, in one transaction."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import context
from flask import current_app

from app.kernel.db import UtcDateTime, db


def render_item(kind: str, item: Any, autogen: Any) -> str | bool:
    """Write our own column types as plain SQLAlchemy, so that a migration outlives the code."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, sa.JSON):
        autogen.imports.add("from sqlalchemy.dialects import postgresql")
        return "sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')"
    return False


def compare_type(_context: Any, _column: Any, _database: Any, _database_type: Any, model_type: Any) -> bool | None:
    """JSON is stored as JSONB on PostgreSQL on purpose: no difference."""
    return False if isinstance(model_type, sa.JSON) else None


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


def include_object(_item: Any, name: str | None, kind: str, reflected: bool, _other: Any) -> bool:
    """Full-text tables belong to the search index, which makes and fills them itself."""
    return not (kind == "table" and reflected and (name or "").startswith("search_"))


if context.is_offline_mode():
    raise SystemExit("migrations run on a live database only")
migrate()
