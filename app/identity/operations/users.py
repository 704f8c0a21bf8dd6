"""Accounts: creating, editing, disabling and enabling, unlocking, and the language a user chose."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.identity import authority, passwords
from app.identity.models import OrgUnit, SignInAttempt, User
from app.identity.operations.fields import Fields
from app.identity.operations.reach import existing_user, home_path, reachable
from app.identity.operations.units import open_unit
from app.identity.queries.views import UserView, user_of_row
from app.kernel import audit
from app.kernel.actor import Actor
from app.kernel.db import new_id, session
from app.kernel.errors import Conflict

LOCALES = ("zh", "en")
EDITED = ("name", "name_en", "phone", "email", "unit_id")


class OwnAccount(Conflict):
    """One cannot disable the account one works with."""

    code = "own_account"


def create_user(
    *,
    username: str,
    name: str,
    name_en: str = "",
    phone: str = "",
    email: str = "",
    unit_id: int | None = None,
    locale: str | None = None,
    password: str | None = None,
    must_change_password: bool = True,
    actor: Actor,
    now: datetime,
) -> UserView:
    """Open an account at a home unit (none: only administrators of everything may).

    Without a password nobody can sign in to it until one is set (`reset_password`).
    """
    unit = open_unit(unit_id, now) if unit_id is not None else None
    authority.require(actor, "user.manage", unit_path=unit.path if unit else "/", now=now)
    fields = Fields()
    username = fields.username(username)
    user = User(username=username, unit_id=unit_id, fs_uniquifier=new_id(), created_at=now, active=True)
    _fill(fields, user, name=name, name_en=name_en, phone=phone, email=email, locale=locale)
    if session.scalar(sa.select(User.id).where(User.username == username)) is not None:
        fields.refuse("username", _l("Another user has this name."))
    fields.done()
    if password is not None:
        passwords.check(password, username=username)
        user.password, user.password_changed_at = passwords.hashed(password), now
        user.must_change_password = must_change_password
    session.add(user)
    session.flush()
    record("user.create", user, actor=actor, now=now)
    return user_of_row(user)


def edit_user(
    user_id: int,
    *,
    name: str,
    name_en: str = "",
    phone: str = "",
    email: str = "",
    unit_id: int | None = None,
    actor: Actor,
    now: datetime,
) -> UserView:
    """Change a user's names, phone, e-mail and home unit; needs the right at the old and the new home."""
    user = reachable(user_id, actor=actor, now=now)
    unit: OrgUnit | None = open_unit(unit_id, now) if unit_id is not None else None
    if unit_id != user.unit_id:
        authority.require(actor, "user.manage", unit_path=unit.path if unit else "/", now=now)
    before = user_of_row(user)
    fields = Fields()
    _fill(fields, user, name=name, name_en=name_en, phone=phone, email=email, locale=user.locale)
    fields.done()
    user.unit_id = unit_id
    session.flush()
    changed = [key for key in EDITED if getattr(before, key) != getattr(user, key)]
    if changed:
        record("user.edit", user, actor=actor, now=now, changed=changed)
    return user_of_row(user)


def set_active(user_id: int, active: bool, *, actor: Actor, now: datetime) -> UserView:
    """Disable an account (its sessions end at once, its tokens stop working) or enable it again."""
    user = reachable(user_id, actor=actor, now=now)
    if user.id == actor.id and not active:
        raise OwnAccount(_l("You cannot disable your own account."))
    if user.active != active:
        user.active = active
        user.fs_uniquifier = new_id()
        session.flush()
        record("user.enable" if active else "user.disable", user, actor=actor, now=now)
    return user_of_row(user)


def unlock(user_id: int, *, actor: Actor, now: datetime) -> None:
    """Forget the failed attempts that lock an account."""
    user = reachable(user_id, actor=actor, now=now)
    session.execute(sa.delete(SignInAttempt).where(SignInAttempt.username == user.username))
    record("user.unlock", user, actor=actor, now=now)


def set_locale(user_id: int, locale: str | None, *, actor: Actor, now: datetime) -> None:
    """The language a user reads; None is the installation's default."""
    fields = Fields()
    if locale is not None:
        fields.choice("locale", locale, LOCALES)
    fields.done()
    user = existing_user(user_id)
    if user.id != actor.id:
        reachable(user_id, actor=actor, now=now)
    user.locale = locale
    session.flush()


def record(action: str, user: User, *, actor: Actor, now: datetime, **details: object) -> None:
    """Note in the audit trail what was done to an account."""
    audit.record(
        action,
        actor=actor,
        now=now,
        subject_type="user",
        subject_id=user.username,
        unit_path=home_path(user),
        details=details,
    )


def _fill(fields: Fields, user: User, *, name: str, name_en: str, phone: str, email: str, locale: str | None) -> None:
    user.name = fields.text("name", name, longest=60)
    user.name_en = fields.text("name_en", name_en, longest=60, required=False)
    user.phone = fields.phone(phone)
    user.email = fields.email(email)
    if locale is not None:
        fields.choice("locale", locale, LOCALES)
    user.locale = locale
