"""Whether an actor may do something at a place: the question every operation asks first.

The system itself (jobs, the command line) may do everything; people and API clients what
their appointments say.
"""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l

from app.identity import queries
from app.kernel.actor import Actor
from app.kernel.errors import Forbidden


def may(actor: Actor, permission: str, *, unit_path: str | None, now: datetime) -> bool:
    """Whether the actor holds the permission at this place (`None`: anywhere at all)."""
    if actor.kind == "system":
        return True
    return actor.id is not None and queries.may(actor.id, permission, unit_path=unit_path, at=now)


def require(actor: Actor, permission: str, *, unit_path: str | None, now: datetime) -> None:
    """Raise `Forbidden` unless the actor holds the permission at this place."""
    if not may(actor, permission, unit_path=unit_path, now=now):
        raise Forbidden(_l("You have no right to do this in this unit."), permission=permission)


def paths(actor: Actor, permission: str, *, now: datetime) -> list[str]:
    """Path prefixes where the actor holds the permission."""
    if actor.kind == "system":
        return ["/"]
    return [] if actor.id is None else queries.permitted_paths(actor.id, permission, at=now)
