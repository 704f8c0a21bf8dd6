"""SQL for "begins with" that an index answers on both databases, whatever the collation."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import UnaryExpression
from sqlalchemy.sql.operators import custom_op

from app.kernel.db import is_sqlite

HIGHEST = "\U0010ffff"


def begins_with(column: Any, beginning: str) -> sa.ColumnElement[bool]:
    """Whether a text column begins with `beginning`, by bytes.

    A range by the operators of `varchar_pattern_ops` on PostgreSQL and of the plain index on
    SQLite: unlike LIKE with a parameter, a prepared statement's plan uses the index too.
    """
    above = beginning + HIGHEST
    if is_sqlite():
        return sa.and_(column >= beginning, column < above)
    return sa.and_(column.op("~>=~")(beginning), column.op("~<~")(above))


def in_byte_order(column: Any) -> Any:
    """An order by that the index of `begins_with` gives without sorting: the first few of very many cost nothing."""
    return column if is_sqlite() else UnaryExpression(column, modifier=custom_op("USING ~<~"))


def under(column: Any, paths: list[str] | tuple[str, ...]) -> sa.ColumnElement[bool]:
    """Whether a column of unit paths lies under one of these prefixes (`/` is everything, none is nothing)."""
    if "/" in paths:
        return sa.true()
    return sa.or_(sa.false(), *(begins_with(column, path) for path in paths))
