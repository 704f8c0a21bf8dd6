"""Changing one's own password, and setting a first one for somebody else."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l

from app.identity import passwords
from app.identity.models import User
from app.identity.operations.fields import Fields
from app.identity.operations.reach import existing_user, reachable
from app.identity.operations.users import record
from app.kernel.actor import Actor
from app.kernel.db import new_id, session


def change_password(user_id: int, *, old: str, new: str, actor: Actor, now: datetime) -> str:
    """Change one's own password; returns the new session key: every other session ends."""
    user = existing_user(user_id)
    fields = Fields()
    if not passwords.matches(old, user.password):
        fields.refuse("old", _l("This is not your present password."))
    elif old == new:
        fields.refuse("password", _l("The new password is the old one."))
    fields.done()
    passwords.check(new, username=user.username)
    _set(user, new, must_change=False, now=now)
    record("user.change_password", user, actor=actor, now=now)
    return user.fs_uniquifier


def reset_password(
    user_id: int, *, password: str | None = None, must_change: bool = True, actor: Actor, now: datetime
) -> str:
    """Set a password for a user who administrators reach, random by default; returns it. Their sessions end."""
    user = reachable(user_id, actor=actor, now=now)
    if password is not None:
        passwords.check(password, username=user.username)
    fresh = password or passwords.random_password()
    _set(user, fresh, must_change=must_change, now=now)
    record("user.reset_password", user, actor=actor, now=now)
    return fresh


def _set(user: User, password: str, *, must_change: bool, now: datetime) -> None:
    user.password, user.password_changed_at = passwords.hashed(password), now
    user.must_change_password = must_change
    user.fs_uniquifier = new_id()
    session.flush()
