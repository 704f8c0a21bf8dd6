"""Rows that are scoped by a unit's path stay in scope when the unit moves."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask

from app.identity import moves
from app.kernel.audit import AuditEntry
from app.kernel.db import Base

PATHS = ("unit_path", "against_path", "scope_path")
"""What columns of a unit's path are called."""

APPEND_ONLY = {AuditEntry}
"""What was done stays filed under the unit as it stood."""


def test_every_column_of_paths_follows(app: Flask) -> None:
    scoped = [
        getattr(mapper.class_, name)
        for mapper in Base.registry.mappers
        for name in PATHS
        if name in sa.inspect(mapper).columns and mapper.class_ not in APPEND_ONLY
    ]
    missing = [str(column) for column in scoped if not moves.is_followed(column)]
    assert missing == []
