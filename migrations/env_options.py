"""What Alembic is told about our column types and about tables that are not models."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app.kernel.db import UtcDateTime


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


def include_object(_item: Any, name: str | None, kind: str, reflected: bool, _other: Any) -> bool:
    """Full-text tables and indexes belong to `kernel.search`, which makes and fills them itself."""
    return not (kind in {"table", "index"} and reflected and (name or "").startswith("search_"))
