"""API tokens of people, for tests that speak HTTP only."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.identity import operations as identity
from app.identity.queries import UserView
from app.kernel.db import session
from tests.identity.factories import actor_of


def token_of(user: UserView, now: datetime, *scopes: str) -> dict[str, str]:
    """The header that makes a request come from this user, narrowed to these permissions."""
    _id, secret = identity.issue_token(
        user.id, name="test", scopes=list(scopes), expires_at=now + timedelta(days=1), actor=actor_of(user), now=now
    )
    session.commit()
    return {"Authorization": f"Bearer {secret}"}
