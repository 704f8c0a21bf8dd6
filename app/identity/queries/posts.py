"""Posts with their roles, roles with their permissions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.identity.models import Appointment, OrgUnit, Post, PostRole, Role, RolePermission, User
from app.identity.queries.validity import valid
from app.identity.queries.views import UnitView, unit_of_row
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
    query = _held(at).with_only_columns(OrgUnit.code, maintain_column_froms=True).where(Post.code == post)
    return frozenset(session.scalars(query.distinct()))


def staffed_groups(groups: Iterable[str], *, at: datetime) -> frozenset[str]:
    """Which of these groups `"<post>@<unit code>"` have somebody in them, in one statement."""
    wanted = {tuple(group.split("@", 1)) for group in groups if "@" in group}
    if not wanted:
        return frozenset()
    query = _held(at).with_only_columns(Post.code, OrgUnit.code, maintain_column_froms=True)
    named = (Post.code.in_({post for post, _ in wanted}), OrgUnit.code.in_({unit for _, unit in wanted}))
    return frozenset(f"{post}@{unit}" for post, unit in session.execute(query.where(*named)) if (post, unit) in wanted)


def nearest_staffed(post: str, path: str, *, at: datetime) -> UnitView | None:
    """The unit at this path, or the nearest open one above it, where somebody holds the post; None where nowhere."""
    ids = [int(part) for part in path.split("/") if part.isdigit()]
    nearest = _held(at).where(Post.code == post, OrgUnit.id.in_(ids)).order_by(sa.func.length(OrgUnit.path).desc())
    row = session.scalars(nearest.limit(1)).first()
    return unit_of_row(row) if row else None


def _held(at: datetime) -> sa.Select[OrgUnit]:
    """Open units joined to the posts that active users hold there."""
    return (
        sa.select(OrgUnit)
        .join(Appointment, Appointment.unit_id == OrgUnit.id)
        .join(Post, Post.id == Appointment.post_id)
        .join(User, User.id == Appointment.user_id)
        .where(User.active, valid(Appointment, at), valid(OrgUnit, at))
    )
