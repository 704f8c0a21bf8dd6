"""Looking at people: one, many, the members of a group, those who stand in for others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa

from app.identity.models import Appointment, OrgUnit, Post, PostRole, RolePermission, Substitution, User
from app.identity.queries.validity import valid, within
from app.identity.queries.views import UserView, user_of_row
from app.kernel.db import session


def user_view(user: int | str) -> UserView | None:
    """The user of this id or this sign-in name, active or not."""
    condition = User.id == user if isinstance(user, int) else User.username == user.lower()
    row = session.scalar(sa.select(User).where(condition))
    return user_of_row(row) if row else None


def user_views(user_ids: Iterable[int]) -> dict[int, UserView]:
    """Many users by id, in one statement."""
    ids = set(user_ids)
    if not ids:
        return {}
    return {row.id: user_of_row(row) for row in session.scalars(sa.select(User).where(User.id.in_(ids)))}


def users_named(usernames: Iterable[str]) -> dict[str, UserView]:
    """Many users by sign-in name, in one statement."""
    wanted = set(usernames)
    if not wanted:
        return {}
    return {row.username: user_of_row(row) for row in session.scalars(sa.select(User).where(User.username.in_(wanted)))}


def members_of(group: str, *, at: datetime) -> list[UserView]:
    """The active users of a group `"<post>@<unit code>"` and those who substitute them, by name."""
    post, _, unit = group.partition("@")
    holders = (
        sa.select(Appointment.user_id)
        .join(Post, Post.id == Appointment.post_id)
        .join(OrgUnit, OrgUnit.id == Appointment.unit_id)
        .join(User, User.id == Appointment.user_id)
        .where(Post.code == post, OrgUnit.code == unit, User.active, valid(Appointment, at), valid(OrgUnit, at))
    )
    return _with_substitutes(holders, at)


def users_with(permission: str, *, unit_path: str, at: datetime) -> list[UserView]:
    """The active users who by their own appointments hold a permission at this place, by name."""
    ancestors = prefixes(unit_path)
    holders = (
        sa.select(Appointment.user_id)
        .join(PostRole, PostRole.post_id == Appointment.post_id)
        .join(RolePermission, RolePermission.role_id == PostRole.role_id)
        .outerjoin(OrgUnit, OrgUnit.id == Appointment.unit_id)
        .where(
            RolePermission.permission == permission,
            valid(Appointment, at),
            sa.or_(Appointment.unit_id.is_(None), sa.and_(OrgUnit.path.in_(ancestors), valid(OrgUnit, at))),
        )
    )
    return _people(sa.select(User).where(User.id.in_(holders), User.active))


def substitutes_of(user_id: int, *, at: datetime) -> list[UserView]:
    """Who does this user's work at this instant."""
    ids = sa.select(Substitution.substitute_id).where(Substitution.absent_id == user_id, valid(Substitution, at))
    return _people(sa.select(User).where(User.id.in_(ids), User.active))


def substituted_by(user_id: int, *, at: datetime) -> list[UserView]:
    """Whose work this user does at this instant, besides their own."""
    ids = sa.select(Substitution.absent_id).where(Substitution.substitute_id == user_id, valid(Substitution, at))
    return _people(sa.select(User).where(User.id.in_(ids), User.active))


def find_users(text: str = "", *, paths: Sequence[str] = ("/",), at: datetime, limit: int = 20) -> list[UserView]:
    """Active users by part of a name, sign-in name or phone, whose home unit lies under these paths."""
    query = sa.select(User).outerjoin(OrgUnit, OrgUnit.id == User.unit_id).where(User.active).limit(limit)
    if "/" not in paths:
        query = query.where(within(OrgUnit.path, paths), valid(OrgUnit, at))
    for word in text.split():
        query = query.where(matches(word))
    return _people(query)


def matches(word: str) -> sa.ColumnElement[bool]:
    """SQL: a word is part of a user's name, sign-in name or phone."""
    columns = (User.username, User.name, User.name_en, User.phone)
    return sa.or_(*(column.icontains(word, autoescape=True) for column in columns))


def _with_substitutes(holders: sa.Select[int], at: datetime) -> list[UserView]:
    substitutes = sa.select(Substitution.substitute_id).where(
        Substitution.absent_id.in_(holders), valid(Substitution, at)
    )
    both = sa.or_(User.id.in_(holders), User.id.in_(substitutes))
    return _people(sa.select(User).where(both, User.active))


def _people(query: sa.Select[User]) -> list[UserView]:
    return [user_of_row(row) for row in session.scalars(query.order_by(User.name, User.id))]


def prefixes(path: str) -> list[str]:
    """`/1/4/` gives `/1/` and `/1/4/`."""
    parts = path.strip("/").split("/") if path.strip("/") else []
    return ["/" + "/".join(parts[: n + 1]) + "/" for n in range(len(parts))]


def home_path(user_id: int) -> str:
    """The path of the unit a user works in, `/` where they have none."""
    query = sa.select(OrgUnit.path).join(User, User.unit_id == OrgUnit.id).where(User.id == user_id)
    return session.scalar(query) or "/"


def home_paths(user_ids: Iterable[int]) -> dict[int, str]:
    """The same of many users, in one statement."""
    ids = set(user_ids)
    query = sa.select(User.id, OrgUnit.path).join(OrgUnit, User.unit_id == OrgUnit.id).where(User.id.in_(ids))
    return dict.fromkeys(ids, "/") | {user: path for user, path in session.execute(query)}


def colleagues_of(user_id: int, *, at: datetime, limit: int = 200) -> list[UserView]:
    """Active users of the same city or, for those of the province, of the province itself: likely substitutes."""
    above = prefixes(home_path(user_id))
    top = above[min(1, len(above) - 1)] if above else "/"
    return find_users(paths=[top], at=at, limit=limit)


def staff_of(unit_id: int, *, at: datetime) -> list[tuple[UserView, str, str]]:
    """Who works in a unit: (user, name of the post, its English twin), by post and name."""
    rows = session.execute(
        sa.select(User, Post.name, Post.name_en)
        .join(Appointment, Appointment.user_id == User.id)
        .join(Post, Post.id == Appointment.post_id)
        .where(Appointment.unit_id == unit_id, valid(Appointment, at), User.active)
        .order_by(Post.sort, User.name, User.id)
    )
    return [(user_of_row(user), name, name_en) for user, name, name_en in rows]
