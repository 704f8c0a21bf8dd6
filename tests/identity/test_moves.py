"""Rows that are scoped by a unit's path stay in scope when the unit moves."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask

from app.identity import moves
from app.kernel.audit import AuditEntry
from app.kernel.db import Base

APPEND_ONLY = {AuditEntry}
"""What was done stays filed under the unit as it stood."""


def test_every_column_of_paths_follows(app: Flask) -> None:
    scoped = [mapper for mapper in Base.registry.mappers if "unit_path" in sa.inspect(mapper).columns]
    missing = [
        str(mapper.class_.unit_path)
        for mapper in scoped
        if mapper.class_ not in APPEND_ONLY and not moves.is_followed(mapper.class_.unit_path)
    ]
    assert missing == []
