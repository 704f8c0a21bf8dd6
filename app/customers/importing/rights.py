"""The right to import, and for which units."""

from __future__ import annotations

from datetime import datetime

from app.identity import authority
from app.identity import queries as people
from app.kernel.actor import SYSTEM, Actor

IMPORT = "customer.import"


def require(actor: Actor, *, now: datetime) -> None:
    """Raise `Forbidden` unless the actor may import somewhere."""
    authority.require(actor, IMPORT, unit_path=None, now=now)


def paths(actor: Actor, *, now: datetime) -> list[str]:
    """The units the actor may import for, as prefixes of paths."""
    return authority.paths(actor, IMPORT, now=now)


def person(user_id: int | None) -> Actor:
    """The person on whose behalf a job goes on; the system where nobody is named."""
    user = people.user_view(user_id) if user_id is not None else None
    return Actor(kind="user", id=user.id, username=user.username, name=user.name) if user else SYSTEM
