"""Crews as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.kernel.db import session
from app.workorders.models import CLOSED, Crew, CrewMember, WorkOrder


@dataclass(frozen=True, slots=True)
class CrewView:
    """A crew; `leader` and `members` are sign-in names, `orders` how many open orders it has."""

    id: int
    unit_code: str
    unit_path: str
    name: str
    name_en: str
    leader: str
    members: tuple[str, ...]
    vehicle: str
    phone: str
    on_duty: bool
    active: bool
    orders: int = 0


def crew_view(crew_id: int) -> CrewView | None:
    """One crew, dissolved or not."""
    row = session.get(Crew, crew_id)
    return _view(row, _members([row.id]), {}) if row else None


def crews_under(paths: Sequence[str], *, inactive: bool = False) -> list[CrewView]:
    """Crews of the units under these path prefixes: on duty first, then by unit and name."""
    query = sa.select(Crew).order_by(Crew.on_duty.desc(), Crew.unit_code, Crew.name)
    if "/" not in paths:
        query = query.where(sa.or_(sa.false(), *(Crew.unit_path.startswith(path, autoescape=True) for path in paths)))
    if not inactive:
        query = query.where(Crew.active)
    rows = list(session.scalars(query))
    ids = [row.id for row in rows]
    members, orders = _members(ids), _open_orders(ids)
    return [_view(row, members, orders) for row in rows]


def _members(ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    query = sa.select(CrewMember).where(CrewMember.crew_id.in_(ids)).order_by(CrewMember.username)
    for row in session.scalars(query):
        found.setdefault(row.crew_id, []).append(row.username)
    return found


def _open_orders(ids: Sequence[int]) -> dict[int, int]:
    query = (
        sa.select(WorkOrder.crew_id, sa.func.count())
        .where(WorkOrder.crew_id.in_(ids), WorkOrder.status.not_in(CLOSED))
        .group_by(WorkOrder.crew_id)
    )
    return {crew_id: count for crew_id, count in session.execute(query) if crew_id is not None}


def _view(row: Crew, members: dict[int, list[str]], orders: dict[int, int]) -> CrewView:
    return CrewView(
        id=row.id,
        unit_code=row.unit_code,
        unit_path=row.unit_path,
        name=row.name,
        name_en=row.name_en,
        leader=row.leader,
        members=tuple(members.get(row.id, ())),
        vehicle=row.vehicle,
        phone=row.phone,
        on_duty=row.on_duty,
        active=row.active,
        orders=orders.get(row.id, 0),
    )
