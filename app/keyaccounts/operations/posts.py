"""Which unit's post gets a task of an account: the nearest unit above it where somebody holds the post.

Stations have no head and no account manager of their own; their county has.
"""

from __future__ import annotations

from datetime import datetime

from app.identity import queries as people

MANAGER = "account_manager"
HEAD = "head"


def posts_for(unit_code: str, *, now: datetime) -> dict[str, str]:
    """`manager_unit` and `head_unit`, the words of the diagrams' candidate groups."""
    return {
        "manager_unit": nearest(unit_code, MANAGER, now=now),
        "head_unit": nearest(unit_code, HEAD, now=now),
    }


def nearest(unit_code: str, post: str, *, now: datetime) -> str:
    """The unit itself or the nearest above it where somebody holds the post; the unit itself where nobody does."""
    unit = people.unit_by_code(unit_code, at=now)
    found = people.nearest_staffed(post, unit.path, at=now) if unit else None
    return found.code if found else unit_code
