"""Which unit of the organisation tree holds a post for an order: the order's own, or the nearest above it."""

from __future__ import annotations

from datetime import datetime

from app.identity import queries as people
from app.identity.queries import UnitView


def parent_path(path: str) -> str:
    """The path of the unit above, `/` above the topmost."""
    return path.rstrip("/").rpartition("/")[0] + "/"


def unit_with(path: str, *, post: str, now: datetime) -> UnitView | None:
    """The unit at this path, or the nearest above it, where somebody holds the post."""
    return people.nearest_staffed(post, path, at=now)


def unit_above(path: str, *, post: str, now: datetime) -> UnitView | None:
    """The nearest unit above this path where somebody holds the post; the topmost unit has none above."""
    return unit_with(parent_path(path), post=post, now=now)
