"""Vehicles of crews (抢修车辆): plate, kind, equipment, whether ready."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.identity import authority
from app.kernel import audit, live
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict, Invalid, NotFound
from app.workorders.models import Crew, CrewVehicle
from app.workorders.operations.coded import require_code
from app.workorders.operations.dispatch import CrewNotFound

MOST = 10


class PlateTaken(Conflict):
    code = "plate_taken"


class VehicleNotFound(NotFound):
    code = "vehicle_not_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleData:
    """`kind`, `equipment` and `state` are words of the code lists `vehicle_kind`, `…_equipment`, `…_state`."""

    plate: str
    kind: str
    equipment: Sequence[str] = ()
    state: str = "ready"
    note: str = ""


def save_vehicle(crew_id: int, data: VehicleData, *, vehicle_id: int | None = None, actor: Actor, now: datetime) -> int:
    """Give a crew a vehicle, or change one of its; returns its id.

    Raises `CrewNotFound`, `VehicleNotFound`, `Forbidden` (right `crew.manage`), `Invalid`, `PlateTaken`.
    """
    crew = _crew(crew_id, actor=actor, now=now)
    plate = data.plate.strip().upper()
    _check(data, plate)
    vehicle = _existing(crew, vehicle_id) if vehicle_id is not None else CrewVehicle(crew_id=crew.id)
    twin = session.scalar(sa.select(CrewVehicle.id).where(CrewVehicle.plate == plate))
    if twin is not None and twin != vehicle_id:
        raise PlateTaken(_l("The vehicle %(plate)s is already a crew's.", plate=plate))
    vehicle.plate, vehicle.kind, vehicle.state = plate, data.kind, data.state
    vehicle.equipment, vehicle.note = list(dict.fromkeys(data.equipment)), data.note.strip()[:200]
    session.add(vehicle)
    session.flush()
    _note(crew, plate, actor=actor, now=now)
    return vehicle.id


def remove_vehicle(crew_id: int, vehicle_id: int, *, actor: Actor, now: datetime) -> None:
    """Take a vehicle off a crew."""
    crew = _crew(crew_id, actor=actor, now=now)
    vehicle = _existing(crew, vehicle_id)
    session.delete(vehicle)
    session.flush()
    _note(crew, vehicle.plate, actor=actor, now=now)


def _crew(crew_id: int, *, actor: Actor, now: datetime) -> Crew:
    crew = session.get(Crew, crew_id)
    if crew is None:
        raise CrewNotFound(_l("There is no such crew."), crew_id=crew_id)
    authority.require(actor, "crew.manage", unit_path=crew.unit_path, now=now)
    return crew


def _existing(crew: Crew, vehicle_id: int) -> CrewVehicle:
    vehicle = session.get(CrewVehicle, vehicle_id)
    if vehicle is None or vehicle.crew_id != crew.id:
        raise VehicleNotFound(_l("There is no such vehicle."), vehicle_id=vehicle_id)
    return vehicle


def _check(data: VehicleData, plate: str) -> None:
    if not plate or len(plate) > 40:
        message = _l("A plate of at most 40 characters is needed.")
        raise Invalid(message, errors={"plate": [message]})
    require_code("vehicle_kind", data.kind, field="kind", needed=_l("Choose a kind."))
    require_code("vehicle_state", data.state, field="state", needed=_l("Choose a state."))
    for word in data.equipment:
        require_code("vehicle_equipment", word, field="equipment", needed=_l("Choose equipment."))


def _note(crew: Crew, plate: str, *, actor: Actor, now: datetime) -> None:
    audit.record(
        "crew.vehicle",
        actor=actor,
        now=now,
        subject_type="crew",
        subject_id=crew.id,
        unit_path=crew.unit_path,
        details={"plate": plate},
    )
    live.touch("crews")
