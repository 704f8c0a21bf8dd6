"""Posts with their roles, roles with their permissions."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.identity.models import Appointment, OrgUnit, Post, PostRole, Role, RolePermission, User
from app.identity.queries.validity import valid
from app.kernel.db import session


@dataclass(frozen=True, slots=True)
class RoleView:
    code: str
    name: str
    name_en: str
    permissions: list[str]


@dataclass(frozen=True, slots=True)
class PostView:
    """A post; `permissions` is what all its roles hold together."""

    code: str
    name: str
    name_en: str
    roles: list[RoleView]

    @property
    def permissions(self) -> list[str]:
        return sorted({name for role in self.roles for name in role.permissions})


def list_roles() -> dict[int, RoleView]:
    """All roles by id."""
    permissions: dict[int, list[str]] = defaultdict(list)
    for row in session.scalars(sa.select(RolePermission).order_by(RolePermission.permission)):
        permissions[row.role_id].append(row.permission)
    roles = session.scalars(sa.select(Role).order_by(Role.id))
    return {role.id: RoleView(role.code, role.name, role.name_en, permissions[role.id]) for role in roles}


def list_posts() -> list[PostView]:
    """All posts in their order."""
    roles = list_roles()
    held: dict[int, list[RoleView]] = defaultdict(list)
    for row in session.scalars(sa.select(PostRole).order_by(PostRole.role_id)):
        held[row.post_id].append(roles[row.role_id])
    posts = session.scalars(sa.select(Post).order_by(Post.sort, Post.code))
    return [PostView(post.code, post.name, post.name_en, held[post.id]) for post in posts]


def staffed_units(post: str, *, at: datetime) -> frozenset[str]:
    """Codes of the units where somebody holds this post: where a group `"<post>@<unit>"` is not empty."""
    query = (
        sa.select(OrgUnit.code)
        .join(Appointment, Appointment.unit_id == OrgUnit.id)
        .join(Post, Post.id == Appointment.post_id)
        .join(User, User.id == Appointment.user_id)
        .where(Post.code == post, User.active, valid(Appointment, at), valid(OrgUnit, at))
    )
    return frozenset(session.scalars(query.distinct()))
