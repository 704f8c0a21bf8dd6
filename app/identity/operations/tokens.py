"""API tokens: `ll_` and 40 random characters, shown once; only their SHA-256 is kept.

A fast hash is enough here: a token has 238 bits of its own, unlike a password.
"""

from __future__ import annotations

import hashlib
import secrets
import string
from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.identity import policy, queries
from app.identity.models import ApiToken, User
from app.identity.operations.fields import Fields
from app.identity.operations.reach import existing_user, reachable
from app.identity.operations.users import record
from app.identity.queries.views import UserView, user_of_row
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import NotFound

ALPHABET = string.ascii_letters + string.digits


class TokenNotFound(NotFound):
    code = "token_not_found"


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def issue_token(
    user_id: int, *, name: str, scopes: Iterable[str], expires_at: datetime, actor: Actor, now: datetime
) -> tuple[int, str]:
    """Make a token that acts for a user within `scopes` (permissions they hold); returns (id, secret).

    The secret cannot be had again. By the user or by an administrator who reaches them.
    """
    user = existing_user(user_id) if user_id == actor.id else reachable(user_id, actor=actor, now=now)
    wanted = sorted(set(scopes))
    fields = Fields()
    name = fields.text("name", name, longest=60)
    if not wanted:
        fields.refuse("scopes", _l("Choose at least one right."))
    for scope in set(wanted) - queries.permissions_of(user.id, at=now):
        fields.refuse("scopes", _l("The user does not hold this right: %(name)s", name=scope))
    if not now < expires_at <= now + policy.current().token_life:
        fields.refuse("expires_at", _l("Choose an end within the longest allowed time."))
    fields.done()
    secret = "ll_" + "".join(secrets.choice(ALPHABET) for _n in range(40))
    row = ApiToken(
        user_id=user.id,
        name=name,
        prefix=secret[:8],
        digest=digest(secret),
        scopes=wanted,
        created_at=now,
        expires_at=expires_at,
    )
    session.add(row)
    session.flush()
    record("token.issue", user, actor=actor, now=now, token=row.prefix, scopes=wanted)
    return row.id, secret


def revoke_token(token_id: int, *, actor: Actor, now: datetime) -> None:
    """End a token at once; by its user or by an administrator who reaches them."""
    row = session.get(ApiToken, token_id)
    if row is None:
        raise TokenNotFound(_l("There is no such token."), token_id=token_id)
    user = existing_user(row.user_id) if row.user_id == actor.id else reachable(row.user_id, actor=actor, now=now)
    if row.revoked_at is None:
        row.revoked_at = now
        session.flush()
        record("token.revoke", user, actor=actor, now=now, token=row.prefix)


def token_holder(secret: str, *, now: datetime) -> tuple[ApiToken, UserView] | None:
    """The token in force that this secret is, with its active user."""
    found = session.execute(
        sa.select(ApiToken, User)
        .join(User, User.id == ApiToken.user_id)
        .where(
            ApiToken.digest == digest(secret),
            ApiToken.revoked_at.is_(None),
            ApiToken.expires_at > now,
            User.active,
        )
    ).first()
    return (found[0], user_of_row(found[1])) if found else None


def note_use(token_id: int, *, now: datetime) -> None:
    """Remember when a token was last used."""
    session.execute(sa.update(ApiToken).where(ApiToken.id == token_id).values(last_used_at=now))
