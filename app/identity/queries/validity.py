"""SQL conditions of half-open validity and of subtrees, the same everywhere."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute


def valid(model: Any, at: datetime) -> sa.ColumnElement[bool]:
    """Whether the row of `model` holds at this instant: `valid_from <= at < valid_to`."""
    return sa.and_(model.valid_from <= at, sa.or_(model.valid_to.is_(None), model.valid_to > at))


def within(path: InstrumentedAttribute[Any], prefixes: Iterable[str]) -> sa.ColumnElement[bool]:
    """Whether a path lies under any of these prefixes (paths hold digits and slashes only)."""
    return sa.or_(sa.false(), *(path.like(f"{prefix}%") for prefix in prefixes))


def topmost(paths: Iterable[str]) -> list[str]:
    """The prefixes that cover all of these paths, without those under another one."""
    kept: list[str] = []
    for path in sorted(set(paths)):
        if not kept or not path.startswith(kept[-1]):
            kept.append(path)
    return kept
