"""Crews as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from app.kernel.db import session
from app.workorders.models import CLOSED, Crew, CrewMember, CrewVehicle, WorkOrder


@dataclass(frozen=True, slots=True)
class VehicleView:
    """A vehicle of a crew, in words of the code lists."""

    id: int
    plate: str
    kind: str
    equipment: tuple[str, ...]
    state: str
    note: str


@dataclass(frozen=True, slots=True)
class PositionView:
    """Where a crew was last: WGS 84 degrees, metres, when, and whether by stamp, api or hand."""

    lat: float
    lon: float
    accuracy: float | None
    at: datetime
    source: str


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
    skills: tuple[str, ...] = ()
    vehicles: tuple[VehicleView, ...] = field(default=())
    position: PositionView | None = None


def crew_view(crew_id: int) -> CrewView | None:
    """One crew, dissolved or not."""
    row = session.get(Crew, crew_id)
    return _view(row, _members([row.id]), {}, _vehicles([row.id])) if row else None


def crews_under(paths: Sequence[str], *, inactive: bool = False) -> list[CrewView]:
    """Crews of the units under these path prefixes: on duty first, then by unit and name."""
    query = sa.select(Crew).order_by(Crew.on_duty.desc(), Crew.unit_code, Crew.name)
    if "/" not in paths:
        query = query.where(sa.or_(sa.false(), *(Crew.unit_path.startswith(path, autoescape=True) for path in paths)))
    if not inactive:
        query = query.where(Crew.active)
    return views_of(list(session.scalars(query)))


def views_of(rows: Sequence[Crew]) -> list[CrewView]:
    """These crews as plain values, in three statements."""
    ids = [row.id for row in rows]
    members, orders, vehicles = _members(ids), _open_orders(ids), _vehicles(ids)
    return [_view(row, members, orders, vehicles) for row in rows]


def crews_of(username: str) -> list[int]:
    """The ids of the crews a person leads or is in."""
    led = sa.select(Crew.id).where(Crew.leader == username, Crew.active)
    joined = sa.select(CrewMember.crew_id).join(Crew).where(CrewMember.username == username, Crew.active)
    return sorted(set(session.scalars(sa.union(led, joined))))


def _members(ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    query = sa.select(CrewMember).where(CrewMember.crew_id.in_(ids)).order_by(CrewMember.username)
    for row in session.scalars(query):
        found.setdefault(row.crew_id, []).append(row.username)
    return found


def _vehicles(ids: Sequence[int]) -> dict[int, list[VehicleView]]:
    found: dict[int, list[VehicleView]] = {}
    query = sa.select(CrewVehicle).where(CrewVehicle.crew_id.in_(ids)).order_by(CrewVehicle.plate)
    for row in session.scalars(query):
        view = VehicleView(row.id, row.plate, row.kind, tuple(row.equipment), row.state, row.note)
        found.setdefault(row.crew_id, []).append(view)
    return found


def _open_orders(ids: Sequence[int]) -> dict[int, int]:
    query = (
        sa.select(WorkOrder.crew_id, sa.func.count())
        .where(WorkOrder.crew_id.in_(ids), WorkOrder.status.not_in(CLOSED))
        .group_by(WorkOrder.crew_id)
    )
    return {crew_id: count for crew_id, count in session.execute(query) if crew_id is not None}


def _view(
    row: Crew, members: dict[int, list[str]], orders: dict[int, int], vehicles: dict[int, list[VehicleView]]
) -> CrewView:
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
        skills=tuple(row.skills),
        vehicles=tuple(vehicles.get(row.id, ())),
        position=_position(row),
    )


def _position(row: Crew) -> PositionView | None:
    if row.lat is None or row.lon is None or row.position_at is None:
        return None
    return PositionView(row.lat, row.lon, row.accuracy, row.position_at, row.position_source)
