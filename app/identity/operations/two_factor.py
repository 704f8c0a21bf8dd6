"""One-time codes for an account: switched on by proving that the application shows them, off with the password."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l

from app.identity import passwords
from app.identity.models import User
from app.identity.operations.fields import Fields
from app.identity.operations.reach import existing_user, reachable
from app.identity.operations.signing_in import code_matches
from app.identity.operations.users import record
from app.kernel.actor import Actor
from app.kernel.db import session


def enable_two_factor(user_id: int, *, secret: str, code: str, actor: Actor, now: datetime) -> None:
    """Ask for a code at each sign-in from now on; `secret` is the (encrypted) one the code must come from."""
    user = existing_user(user_id)
    fields = Fields()
    if not code_matches(user, code, secret=secret):
        fields.refuse("code", _l("This is not the code the application shows now."))
    fields.done()
    user.tf_totp_secret, user.tf_primary_method = secret, "authenticator"
    session.flush()
    record("user.two_factor_on", user, actor=actor, now=now)


def disable_two_factor(user_id: int, *, password: str, actor: Actor, now: datetime) -> None:
    """Stop asking for a code; the user proves themselves with the password."""
    user = existing_user(user_id)
    fields = Fields()
    if not passwords.matches(password, user.password):
        fields.refuse("password", _l("This is not your present password."))
    fields.done()
    _forget(user)
    record("user.two_factor_off", user, actor=actor, now=now)


def reset_two_factor(user_id: int, *, actor: Actor, now: datetime) -> None:
    """Help a user who lost their telephone: the next sign-in asks for the password only."""
    user = reachable(user_id, actor=actor, now=now)
    _forget(user)
    record("user.two_factor_reset", user, actor=actor, now=now)


def _forget(user: User) -> None:
    user.tf_totp_secret, user.tf_primary_method, user.totp_counter = None, None, None
    session.flush()
