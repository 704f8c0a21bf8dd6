"""The administrators' list of accounts, by pages of a key, and what they may see of one account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.identity import policy
from app.identity.models import ApiToken, Appointment, OrgUnit, Post, SignInAttempt, User
from app.identity.queries.appointments import AppointmentView, appointments_of
from app.identity.queries.people import matches
from app.identity.queries.validity import valid, within
from app.identity.queries.views import UserView, user_of_row
from app.kernel.db import session


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account as its administrators see it."""

    user: UserView
    unit_name: str
    unit_name_en: str
    posts: list[AppointmentView]
    locked: bool
    two_factor: bool
    has_password: bool
    last_sign_in_at: datetime | None


@dataclass(frozen=True, slots=True)
class TokenView:
    """A token without its secret."""

    id: int
    name: str
    prefix: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None


def list_accounts(
    *,
    paths: Sequence[str],
    at: datetime,
    text: str = "",
    unit_path: str | None = None,
    post: str | None = None,
    active: bool | None = None,
    after: str = "",
    limit: int = 50,
) -> tuple[list[AccountView], str | None]:
    """A page of accounts whose home lies under `paths`, by sign-in name; and the key of the next page."""
    query = sa.select(User, OrgUnit).outerjoin(OrgUnit, OrgUnit.id == User.unit_id)
    if "/" not in paths:
        query = query.where(within(OrgUnit.path, paths))
    if unit_path:
        query = query.where(OrgUnit.path.like(f"{unit_path}%"))
    if post:
        holders = sa.select(Appointment.user_id).join(Post, Post.id == Appointment.post_id)
        query = query.where(User.id.in_(holders.where(Post.code == post, valid(Appointment, at))))
    if active is not None:
        query = query.where(User.active == active)
    for word in text.split():
        query = query.where(matches(word))
    query = query.where(User.username > after).order_by(User.username).limit(limit + 1)
    rows = session.execute(query).all()
    accounts = _accounts([(user, unit) for user, unit in rows[:limit]], at)
    return accounts, rows[limit - 1][0].username if len(rows) > limit else None


def account(user_id: int, *, at: datetime) -> AccountView | None:
    """One account."""
    row = session.execute(
        sa.select(User, OrgUnit).outerjoin(OrgUnit, OrgUnit.id == User.unit_id).where(User.id == user_id)
    ).first()
    return _accounts([(row[0], row[1])], at)[0] if row else None


def tokens_of(user_id: int, *, at: datetime) -> list[TokenView]:
    """The tokens of a user that still work, newest first."""
    rows = session.scalars(
        sa.select(ApiToken)
        .where(ApiToken.user_id == user_id, ApiToken.revoked_at.is_(None), ApiToken.expires_at > at)
        .order_by(ApiToken.id.desc())
    )
    return [
        TokenView(
            id=row.id,
            name=row.name,
            prefix=row.prefix,
            scopes=row.scopes,
            created_at=row.created_at,
            expires_at=row.expires_at,
            last_used_at=row.last_used_at,
        )
        for row in rows
    ]


def _accounts(rows: Sequence[tuple[User, OrgUnit | None]], at: datetime) -> list[AccountView]:
    posts = appointments_of([user.id for user, _unit in rows], at=at)
    locked = _locked([user.username for user, _unit in rows], at)
    return [
        AccountView(
            user=user_of_row(user),
            unit_name=unit.name if unit else "",
            unit_name_en=unit.name_en if unit else "",
            posts=posts.get(user.id, []),
            locked=user.username in locked,
            two_factor=user.tf_totp_secret is not None,
            has_password=user.password is not None,
            last_sign_in_at=user.last_sign_in_at,
        )
        for user, unit in rows
    ]


def _locked(usernames: Sequence[str], at: datetime) -> set[str]:
    rules = policy.current()
    names = session.scalars(
        sa.select(SignInAttempt.username)
        .where(SignInAttempt.username.in_(usernames), SignInAttempt.at > at - rules.window)
        .group_by(SignInAttempt.username)
        .having(sa.func.count() >= rules.failures)
    )
    return set(names)
