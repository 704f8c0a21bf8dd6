"""Signing in: the checks, their counting, and the lock-out.

Whether a name is unknown, disabled, locked or the password wrong, the same work is done and
the same answer given: nobody learns from it which names exist. Failures are counted by the
name as typed. Counting needs a commit even when the answer is a refusal, so these return an
outcome and raise nothing.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from flask import current_app

from app.identity import passwords, policy
from app.identity.models import OrgUnit, SignInAttempt, User
from app.identity.operations.reach import home_path
from app.identity.totp import WINDOW
from app.kernel import audit
from app.kernel.actor import Actor
from app.kernel.db import session


def check_password(username: str, password: str, *, address: str, now: datetime) -> User | None:
    """The user whom this name and password sign in, None for a refusal (which is counted)."""
    username = username.strip().lower()[:64]
    user, place = _find(username)
    locked = is_locked(username, now=now)
    matches = passwords.matches(password, user.password if user else None)
    if user is None or not matches or locked or not user.active:
        _refuse(username, user, place, address, now, reason="locked" if locked else "password")
        return None
    return user


def check_code(user: User, code: str, *, address: str, now: datetime) -> bool:
    """Whether this one-time code is the user's; a wrong one counts like a wrong password."""
    locked = is_locked(user.username, now=now)
    good = user.active and not locked and code_matches(user, code)
    if not good:
        _refuse(user.username, user, home_path(user), address, now, reason="locked" if locked else "code")
    return good


def code_matches(user: User, code: str, *, secret: str | None = None) -> bool:
    """Whether a one-time code belongs to the user's secret (or the one being set up) and is new."""
    code = "".join(code.split())
    secret = secret or user.tf_totp_secret
    if secret is None or not (code.isascii() and code.isdigit() and len(code) == 6):
        return False
    totp = current_app.extensions["security"].totp_factory
    return bool(totp.verify_totp(token=code, totp_secret=secret, user=user, window=WINDOW))


def complete(user: User, *, address: str, now: datetime) -> None:
    """Note a successful sign-in and forget the failures before it."""
    session.execute(sa.delete(SignInAttempt).where(SignInAttempt.username == user.username))
    user.last_sign_in_at = now
    actor = Actor(kind="user", id=user.id, username=user.username, name=user.name)
    _record("session.sign_in", actor, user.username, home_path(user), now, address=address)


def sign_out(user: User, *, address: str, now: datetime) -> None:
    """Note a sign-out."""
    actor = Actor(kind="user", id=user.id, username=user.username, name=user.name)
    _record("session.sign_out", actor, user.username, home_path(user), now, address=address)


def is_locked(username: str, *, now: datetime) -> bool:
    """Whether the failures of the last window are as many as the policy allows."""
    rules = policy.current()
    recent = sa.select(sa.func.count()).where(SignInAttempt.username == username, SignInAttempt.at > now - rules.window)
    return (session.scalar(recent) or 0) >= rules.failures


def _find(username: str) -> tuple[User | None, str | None]:
    """The user of this name with the path of their home, in one statement whether they exist or not."""
    found = session.execute(
        sa.select(User, OrgUnit.path).outerjoin(OrgUnit, OrgUnit.id == User.unit_id).where(User.username == username)
    ).first()
    return (found[0], found[1]) if found else (None, None)


def _refuse(username: str, user: User | None, place: str | None, address: str, now: datetime, *, reason: str) -> None:
    """Count a failure. While locked nothing is counted: the lock ends one window after its failures.

    The audit trail does not keep a name that nobody has: it may be a password typed in the wrong field.
    """
    session.execute(sa.delete(SignInAttempt).where(SignInAttempt.at <= now - policy.current().window))
    if reason != "locked":
        session.add(SignInAttempt(username=username, address=address[:64], at=now))
    subject = user.username if user else "?"
    stranger = Actor(kind="customer", id=None, username="?", name="?")
    _record("session.refuse", stranger, subject, place, now, address=address, reason=reason)


def _record(action: str, actor: Actor, subject: str, place: str | None, now: datetime, **details: object) -> None:
    audit.record(
        action, actor=actor, now=now, subject_type="user", subject_id=subject, unit_path=place, details=details
    )
