"""Columns of other packages that hold a unit's path: a move of a unit rewrites them.

A package that stores paths for scoping (`task.unit_path`) registers the column once:
`moves.follow(Task.unit_path)`. Append-only tables stay as they were. What keeps paths in memory is told by
`moves.on_move` once the columns are rewritten.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from app.kernel.db import session

_columns: dict[str, InstrumentedAttribute[Any]] = {}
_listeners: list[Callable[[], object]] = []


def follow(column: InstrumentedAttribute[Any]) -> None:
    """Keep this column of paths true when units move; registering twice is once."""
    _columns[str(column)] = column


def on_move(listener: Callable[[], object]) -> None:
    """Call it in the transaction of each move, after the columns are rewritten; registering twice is once."""
    if listener not in _listeners:
        _listeners.append(listener)


def is_followed(column: InstrumentedAttribute[Any]) -> bool:
    """Whether a move rewrites this column."""
    return str(column) in _columns


def rewrite(old: str, new: str) -> None:
    """Replace the prefix `old` by `new` in every registered column."""
    for column in _columns.values():
        session.execute(
            sa.update(column.class_)
            .where(column.like(f"{old}%"))
            .values({column.key: sa.literal(new).concat(sa.func.substr(column, len(old) + 1))})
            .execution_options(synchronize_session=False)
        )
    session.expire_all()
    for listener in _listeners:
        listener()
