"""Keep the list of repair crews: who leads, who is in, what vehicle, who is on duty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.customers.phones import normalise
from app.identity import authority
from app.identity import queries as people
from app.kernel import audit, live
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict, Invalid
from app.workorders.models import Crew, CrewMember
from app.workorders.operations.dispatch import CrewNotFound
from app.workorders.queries.codes import codes


class CrewExists(Conflict):
    code = "crew_exists"


@dataclass(frozen=True, slots=True, kw_only=True)
class CrewData:
    """What a crew is; `leader` and `members` are sign-in names, `unit` a unit's code, `skills` of list `crew_skill`."""

    unit: str
    name: str
    name_en: str = ""
    leader: str
    members: Sequence[str] = ()
    vehicle: str = ""
    phone: str = ""
    skills: Sequence[str] = ()
    active: bool = True


def save_crew(data: CrewData, *, crew_id: int | None = None, actor: Actor, now: datetime) -> int:
    """Make a crew or change it; returns its id. Raises `Forbidden` (right `crew.manage`), `Invalid`, `CrewExists`."""
    unit_path = _check(data, now=now)
    authority.require(actor, "crew.manage", unit_path=unit_path, now=now)
    crew = _existing(crew_id, actor=actor, now=now) if crew_id is not None else Crew(on_duty=False)
    _refuse_twin(data, crew_id)
    crew.unit_code, crew.unit_path = data.unit, unit_path
    crew.name, crew.name_en = data.name.strip(), data.name_en.strip()
    crew.leader, crew.vehicle = data.leader, data.vehicle.strip()
    crew.phone, crew.active = normalise(data.phone) or "", data.active
    crew.skills = list(dict.fromkeys(data.skills))
    session.add(crew)
    session.flush()
    _set_members(crew, data.members)
    audit.record("crew.saved", actor=actor, now=now, subject_type="crew", subject_id=crew.id, unit_path=unit_path)
    live.touch("crews")
    return crew.id


def set_duty(crew_id: int, *, on_duty: bool, actor: Actor, now: datetime) -> None:
    """A crew comes on duty or goes off; its leader may say so too. Raises `Forbidden`, `CrewNotFound`."""
    crew = session.get(Crew, crew_id)
    if crew is None:
        raise CrewNotFound(_l("There is no such crew."), crew_id=crew_id)
    if actor.ref != crew.leader:
        authority.require(actor, "crew.manage", unit_path=crew.unit_path, now=now)
    crew.on_duty = on_duty
    audit.record(
        "crew.on_duty" if on_duty else "crew.off_duty",
        actor=actor,
        now=now,
        subject_type="crew",
        subject_id=crew.id,
        unit_path=crew.unit_path,
    )
    live.touch("crews")


def _check(data: CrewData, *, now: datetime) -> str:
    errors: dict[str, list[object]] = {}
    unit = people.unit_by_code(data.unit, at=now)
    if unit is None:
        errors["unit"] = [_l("There is no such unit.")]
    if not data.name.strip() or len(data.name) > 80:
        errors["name"] = [_l("A name of at most 80 characters is needed.")]
    for field, names in (("leader", [data.leader]), ("members", data.members)):
        unknown = [name for name in names if people.user_view(name) is None]
        if unknown:
            errors[field] = [_l("There is no user %(name)s.", name=", ".join(unknown))]
    known = {word.code for word in codes("crew_skill")}
    if unknown := [word for word in data.skills if word not in known]:
        errors["skills"] = [_l("Unknown value “%(value)s”.", value=", ".join(unknown))]
    if normalise(data.phone) is None:
        errors["phone"] = [_l("This is no phone number.")]
    if errors or unit is None:
        raise Invalid(_l("The crew is not complete."), errors=errors)
    return unit.path


def _existing(crew_id: int, *, actor: Actor, now: datetime) -> Crew:
    crew = session.get(Crew, crew_id)
    if crew is None:
        raise CrewNotFound(_l("There is no such crew."), crew_id=crew_id)
    authority.require(actor, "crew.manage", unit_path=crew.unit_path, now=now)
    return crew


def _refuse_twin(data: CrewData, crew_id: int | None) -> None:
    twin = session.scalar(sa.select(Crew.id).where(Crew.unit_code == data.unit, Crew.name == data.name.strip()))
    if twin is not None and twin != crew_id:
        raise CrewExists(_l("The unit already has a crew of this name."))


def _set_members(crew: Crew, members: Sequence[str]) -> None:
    wanted = {name.lower() for name in members} | {crew.leader}
    present = set(session.scalars(sa.select(CrewMember.username).where(CrewMember.crew_id == crew.id)))
    session.execute(
        sa.delete(CrewMember).where(CrewMember.crew_id == crew.id, CrewMember.username.in_(present - wanted))
    )
    session.add_all(CrewMember(crew_id=crew.id, username=name) for name in sorted(wanted - present))
    session.flush()
