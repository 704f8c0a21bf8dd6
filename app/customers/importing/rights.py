"""The right to import, and for which units.

Some things need a right of their own beside `customer.import` (a target's `permission`): money is not brought
in by somebody who may not record it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.customers.importing.models import DataImport
from app.identity import authority
from app.identity import queries as people
from app.kernel.actor import SYSTEM, Actor
from app.kernel.errors import Forbidden

IMPORT = "customer.import"


def require(actor: Actor, *, permission: str = IMPORT, now: datetime) -> None:
    """Raise `Forbidden` unless the actor may import somewhere what needs this `permission` (a target's)."""
    if not paths(actor, permission=permission, now=now):
        raise Forbidden(_l("You have no right to import this."), permission=permission)


def paths(actor: Actor, *, permission: str = IMPORT, now: datetime) -> list[str]:
    """The units the actor may import for, as prefixes of paths: where they hold both rights."""
    mine = authority.paths(actor, IMPORT, now=now)
    if permission == IMPORT:
        return mine
    theirs = authority.paths(actor, permission, now=now)
    inner = {max(one, other, key=len) for one in mine for other in theirs if _one_holds_the_other(one, other)}
    return sorted(inner)


def _one_holds_the_other(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


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


def visible(actor: Actor, *, now: datetime) -> sa.ColumnElement[bool]:
    """SQL: imports the actor may see, their own and those of their units."""
    theirs = [DataImport.unit_path.startswith(path, autoescape=True) for path in paths(actor, now=now)]
    mine = [DataImport.created_by_id == actor.id] if actor.id is not None else []
    return sa.or_(sa.false(), *mine, *theirs)


def person(user_id: int | None) -> Actor:
    """The person on whose behalf a job goes on; the system where nobody is named."""
    if user_id is None:
        return SYSTEM
    user = people.user_view(user_id)
    if user is None:
        raise Forbidden(_l("You have no right to import this."))
    return Actor(kind="user", id=user.id, username=user.username, name=user.name)
