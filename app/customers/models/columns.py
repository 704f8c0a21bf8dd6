"""Column types that several tables of this package share, and indexes that serve searches by beginning."""

from __future__ import annotations

import sqlalchemy as sa

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""Ids of tables with tens of millions of rows (SQLite's own row ids have 64 bits under the name INTEGER)."""


def beginning_index(name: str, column: str, *more: str) -> sa.Index:
    """An index that finds texts by their beginning whatever the database's collation is."""
    return sa.Index(name, column, *more, postgresql_ops={column: "varchar_pattern_ops"})
