"""Appointments and substitutions of people, with the names pages show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.identity.models import Appointment, OrgUnit, Post, Substitution, User
from app.kernel.db import session


@dataclass(frozen=True, slots=True)
class AppointmentView:
    """A post in a unit (`unit_code` None: everywhere) for a period."""

    id: int
    user_id: int
    post_code: str
    post_name: str
    post_name_en: str
    unit_id: int | None
    unit_code: str | None
    unit_name: str
    unit_name_en: str
    unit_path: str
    valid_from: datetime
    valid_to: datetime | None

    def holds(self, at: datetime) -> bool:
        return self.valid_from <= at and (self.valid_to is None or at < self.valid_to)


@dataclass(frozen=True, slots=True)
class SubstitutionView:
    """Who stands in for whom, when and why."""

    id: int
    absent_id: int
    absent_name: str
    absent_name_en: str
    substitute_id: int
    substitute_name: str
    substitute_name_en: str
    valid_from: datetime
    valid_to: datetime
    reason: str

    def holds(self, at: datetime) -> bool:
        return self.valid_from <= at < self.valid_to


def appointments_of(user_ids: Iterable[int], *, at: datetime, ended: bool = False) -> dict[int, list[AppointmentView]]:
    """The appointments of these users that hold at this instant or later (`ended`: all), in one statement."""
    query = (
        sa.select(Appointment, Post, OrgUnit)
        .join(Post, Post.id == Appointment.post_id)
        .outerjoin(OrgUnit, OrgUnit.id == Appointment.unit_id)
        .where(Appointment.user_id.in_(set(user_ids)))
        .order_by(Post.sort, OrgUnit.code, Appointment.valid_from)
    )
    if not ended:
        query = query.where(sa.or_(Appointment.valid_to.is_(None), Appointment.valid_to > at))
    found: dict[int, list[AppointmentView]] = defaultdict(list)
    for appointment, post, unit in session.execute(query):
        found[appointment.user_id].append(_view(appointment, post, unit))
    return found


def substitutions_of(user_id: int, *, at: datetime) -> list[SubstitutionView]:
    """Substitutions now or later in which the user is the absent one or the substitute, soonest first."""
    absent, substitute = aliased(User), aliased(User)
    rows = session.execute(
        sa.select(Substitution, absent, substitute)
        .join(absent, absent.id == Substitution.absent_id)
        .join(substitute, substitute.id == Substitution.substitute_id)
        .where(
            sa.or_(Substitution.absent_id == user_id, Substitution.substitute_id == user_id),
            Substitution.valid_to > at,
        )
        .order_by(Substitution.valid_from, Substitution.id)
    )
    return [
        SubstitutionView(
            id=row.id,
            absent_id=away.id,
            absent_name=away.name,
            absent_name_en=away.name_en,
            substitute_id=standin.id,
            substitute_name=standin.name,
            substitute_name_en=standin.name_en,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            reason=row.reason,
        )
        for row, away, standin in rows
        if row.valid_from < row.valid_to
    ]


def _view(appointment: Appointment, post: Post, unit: OrgUnit | None) -> AppointmentView:
    return AppointmentView(
        id=appointment.id,
        user_id=appointment.user_id,
        post_code=post.code,
        post_name=post.name,
        post_name_en=post.name_en,
        unit_id=appointment.unit_id,
        unit_code=unit.code if unit else None,
        unit_name=unit.name if unit else "",
        unit_name_en=unit.name_en if unit else "",
        unit_path=unit.path if unit else "/",
        valid_from=appointment.valid_from,
        valid_to=appointment.valid_to,
    )
