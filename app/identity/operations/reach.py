"""Which accounts an administrator reaches: those whose home and every appointment lie in their area.

Without the second condition an administrator of a city could take over the account of
somebody who also has a post in the province.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.identity import authority
from app.identity.models import Appointment, OrgUnit, User
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Forbidden, NotFound


class UserNotFound(NotFound):
    code = "user_not_found"


def existing_user(user_id: int) -> User:
    """The row of a user, or `UserNotFound`."""
    user = session.get(User, user_id)
    if user is None:
        raise UserNotFound(_l("There is no such user."), user_id=user_id)
    return user


def reaches(actor: Actor, user: User, *, now: datetime) -> bool:
    """Whether the actor administers this account."""
    allowed = authority.paths(actor, "user.manage", now=now)
    return all(any(path.startswith(prefix) for prefix in allowed) for path in places(user, now))


def reachable(user_id: int, *, actor: Actor, now: datetime) -> User:
    """The row of a user whom the actor administers; `Forbidden` otherwise."""
    user = existing_user(user_id)
    if not reaches(actor, user, now=now):
        raise Forbidden(_l("This account is looked after by another unit."), user_id=user_id)
    return user


def places(user: User, now: datetime) -> list[str]:
    """The paths of a user's home and of all appointments that hold now or later; `/` is everywhere."""
    home = home_path(user)
    rows = session.execute(
        sa.select(Appointment.unit_id, OrgUnit.path)
        .outerjoin(OrgUnit, OrgUnit.id == Appointment.unit_id)
        .where(Appointment.user_id == user.id, sa.or_(Appointment.valid_to.is_(None), Appointment.valid_to > now))
    )
    return [home, *(path if unit_id is not None else "/" for unit_id, path in rows)]


def home_path(user: User) -> str:
    """The path of the user's home unit, `/` where there is none."""
    unit = session.get(OrgUnit, user.unit_id) if user.unit_id is not None else None
    return unit.path if unit else "/"
