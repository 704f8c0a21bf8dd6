"""Appointments (任职): giving a user a post in a unit, and ending it."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.identity import authority, permissions
from app.identity.models import Appointment, OrgUnit, Post, PostRole, RolePermission
from app.identity.operations.fields import Fields
from app.identity.operations.reach import existing_user, home_path
from app.identity.operations.units import open_unit
from app.identity.operations.users import record
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict, Forbidden, NotFound


class PostNotFound(NotFound):
    code = "post_not_found"


class AppointmentNotFound(NotFound):
    code = "appointment_not_found"


class AlreadyAppointed(Conflict):
    code = "already_appointed"


def appoint(
    user_id: int,
    *,
    post: str,
    unit_id: int | None,
    valid_from: datetime | None = None,
    valid_to: datetime | None = None,
    actor: Actor,
    now: datetime,
) -> int:
    """Give a user a post (by code) in a unit (none: the whole organisation); returns the appointment's id.

    A post with privileged permissions is given only by somebody who holds them there.
    """
    user, kind = existing_user(user_id), _post(post)
    unit = open_unit(unit_id, now) if unit_id is not None else None
    path = unit.path if unit else "/"
    for place in {path, home_path(user)}:
        authority.require(actor, "user.manage", unit_path=place, now=now)
    _check_privileges(kind, path, actor, now)
    start = valid_from or now
    fields = Fields()
    if valid_to is not None and valid_to <= start:
        fields.refuse("valid_to", _l("The end must lie after the beginning."))
    fields.done()
    if _overlaps(user_id, kind.id, unit_id, start, valid_to):
        raise AlreadyAppointed(_l("The user already has this post in this unit."))
    row = Appointment(user_id=user_id, post_id=kind.id, unit_id=unit_id, valid_from=start, valid_to=valid_to)
    session.add(row)
    session.flush()
    record("user.appoint", user, actor=actor, now=now, post=post, unit=unit.code if unit else None)
    return row.id


def end_appointment(appointment_id: int, *, at: datetime | None = None, actor: Actor, now: datetime) -> None:
    """End an appointment (default: now); one that has not begun never does."""
    row = session.get(Appointment, appointment_id)
    if row is None:
        raise AppointmentNotFound(_l("There is no such appointment."), appointment_id=appointment_id)
    unit = session.get(OrgUnit, row.unit_id) if row.unit_id is not None else None
    authority.require(actor, "user.manage", unit_path=unit.path if unit else "/", now=now)
    end = max(at or now, now, row.valid_from)
    if row.valid_to is not None and row.valid_to <= end:
        return
    row.valid_to = end
    session.flush()
    post = session.get_one(Post, row.post_id)
    user = existing_user(row.user_id)
    record("user.end_appointment", user, actor=actor, now=now, post=post.code, unit=unit.code if unit else None)


def _post(code: str) -> Post:
    post = session.scalar(sa.select(Post).where(Post.code == code))
    if post is None:
        raise PostNotFound(_l("There is no such post."), post=code)
    return post


def _check_privileges(post: Post, path: str, actor: Actor, now: datetime) -> None:
    names = session.scalars(
        sa.select(RolePermission.permission)
        .join(PostRole, PostRole.role_id == RolePermission.role_id)
        .where(PostRole.post_id == post.id)
        .distinct()
    )
    for name in names:
        if permissions.is_privileged(name) and not authority.may(actor, name, unit_path=path, now=now):
            raise Forbidden(_l("This post carries rights that you do not have yourself."), permission=name)


def _overlaps(user_id: int, post_id: int, unit_id: int | None, start: datetime, end: datetime | None) -> bool:
    conditions = [
        Appointment.user_id == user_id,
        Appointment.post_id == post_id,
        Appointment.unit_id == unit_id if unit_id is not None else Appointment.unit_id.is_(None),
        sa.or_(Appointment.valid_to.is_(None), Appointment.valid_to > start),
    ]
    if end is not None:
        conditions.append(Appointment.valid_from < end)
    return session.scalar(sa.select(Appointment.id).where(*conditions).limit(1)) is not None
