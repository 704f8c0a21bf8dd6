"""The right to import, and for which units."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.customers.importing.models import DataImport
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


def common_path(paths: Sequence[str]) -> str:
    """The path of the unit that holds all of these: `/1/4/` and `/1/5/7/` have `/1/`."""
    if not paths:
        return "/"
    shared: list[str] = []
    for names in zip(*(path.strip("/").split("/") for path in paths), strict=False):
        if len(set(names)) > 1 or not names[0]:
            break
        shared.append(names[0])
    return "/" + "".join(f"{name}/" for name in shared)


def require_import(row: DataImport, *, actor: Actor, now: datetime) -> None:
    """Raise `Forbidden` for an import of units that are not the actor's."""
    if row.created_by_id is None or row.created_by_id != actor.id:
        authority.require(actor, IMPORT, unit_path=row.unit_path, now=now)


def person(user_id: int | None) -> Actor:
    """The person on whose behalf a job goes on; the system where nobody is named."""
    user = people.user_view(user_id) if user_id is not None else None
    return Actor(kind="user", id=user.id, username=user.username, name=user.name) if user else SYSTEM
