"""Who may do what, where, when: groups and permissions, one's own and those of people one substitutes.

A substitute has the groups and permissions of the absent user, but for privileged ones
(administration is not handed over by going on leave). A token's scopes narrow the answer
(`identity.scopes`). Rights lapse with the appointment, the unit or the account.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.identity import permissions, scopes
from app.identity.models import Appointment, OrgUnit, Post, PostRole, RolePermission, Substitution, User
from app.identity.queries.validity import topmost, valid
from app.kernel.db import session


def acts_for(user_id: int, at: datetime) -> sa.Select[int]:
    """SQL: ids of those active users whose work this user does: their own and the absent ones'."""
    absent = aliased(User)
    absentees = (
        sa.select(Substitution.absent_id)
        .join(absent, absent.id == Substitution.absent_id)
        .where(Substitution.substitute_id == user_id, valid(Substitution, at), absent.active)
    )
    me = sa.select(User.id).where(User.id == user_id, User.active)
    everyone = sa.union_all(me, absentees.where(me.exists())).subquery()
    return sa.select(everyone.c[0])


def groups_of(user_id: int, *, at: datetime) -> frozenset[str]:
    """The groups `"<post>@<unit code>"` whose tasks the user may claim, own and substituted."""
    rows = session.execute(
        sa.select(Post.code, OrgUnit.code)
        .select_from(Appointment)
        .join(Post, Post.id == Appointment.post_id)
        .join(OrgUnit, OrgUnit.id == Appointment.unit_id)
        .where(Appointment.user_id.in_(acts_for(user_id, at)), valid(Appointment, at), valid(OrgUnit, at))
    )
    return frozenset(f"{post}@{unit}" for post, unit in rows)


def permitted_paths(user_id: int, permission: str, *, at: datetime) -> list[str]:
    """Path prefixes under which the user holds the permission; `["/"]` is everything, `[]` nowhere."""
    if not scopes.allow(permission):
        return []
    rows = session.scalars(
        _grants(user_id, permission, at=at).with_only_columns(OrgUnit.path, maintain_column_froms=True)
    )
    return topmost("/" if path is None else path for path in rows)


def may(user_id: int, permission: str, *, unit_path: str | None, at: datetime) -> bool:
    """Whether the user holds the permission at this place (`None`: anywhere at all)."""
    paths = permitted_paths(user_id, permission, at=at)
    return bool(paths) if unit_path is None else any(unit_path.startswith(path) for path in paths)


def permissions_of(user_id: int, *, at: datetime) -> frozenset[str]:
    """Every permission the user holds somewhere."""
    rows = session.execute(
        _grants(user_id, None, at=at).with_only_columns(
            RolePermission.permission, Appointment.user_id, maintain_column_froms=True
        )
    )
    return frozenset(
        name
        for name, holder in rows
        if scopes.allow(name) and (holder == user_id or not permissions.is_privileged(name))
    )


def _grants(user_id: int, permission: str | None, *, at: datetime) -> sa.Select[Any]:
    """SQL: appointments in force that carry a permission, with their unit (none: everywhere)."""
    query = (
        sa.select(Appointment.id)
        .select_from(Appointment)
        .join(PostRole, PostRole.post_id == Appointment.post_id)
        .join(RolePermission, RolePermission.role_id == PostRole.role_id)
        .outerjoin(OrgUnit, OrgUnit.id == Appointment.unit_id)
        .where(
            Appointment.user_id.in_(acts_for(user_id, at)),
            valid(Appointment, at),
            sa.or_(Appointment.unit_id.is_(None), valid(OrgUnit, at)),
        )
    )
    if permission is None:
        return query
    query = query.where(RolePermission.permission == permission)
    return query.where(Appointment.user_id == user_id) if permissions.is_privileged(permission) else query
