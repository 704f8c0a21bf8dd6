"""Changing the organisation tree. What a unit was before is kept in `org_unit_change`."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.identity import authority, moves
from app.identity.models import Appointment, OrgUnit, OrgUnitChange
from app.identity.models.organisation import AREAS, KINDS
from app.identity.operations.fields import Fields
from app.identity.queries.validity import valid
from app.identity.queries.views import UnitView, unit_of_row
from app.kernel import audit
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict, NotFound


class UnitNotFound(NotFound):
    code = "unit_not_found"


class UnitInUse(Conflict):
    """The unit still has open units under it."""

    code = "unit_in_use"


class WrongPlace(Conflict):
    """A unit cannot stand there: under itself, or under a unit of the same or a lower kind."""

    code = "wrong_place"


def create_unit(
    *,
    code: str,
    name: str,
    name_en: str = "",
    kind: str,
    parent_id: int | None = None,
    area: str | None = None,
    valid_from: datetime | None = None,
    actor: Actor,
    now: datetime,
) -> UnitView:
    """Open a unit under its parent (none: a root) from `valid_from` (default: now)."""
    parent = open_unit(parent_id, now) if parent_id is not None else None
    authority.require(actor, "unit.manage", unit_path=parent.path if parent else "/", now=now)
    start = valid_from or now
    fields = Fields()
    code = fields.unit_code(code)
    name, name_en, area = _names(fields, name, name_en, area)
    fields.choice("kind", kind, KINDS)
    if _code_taken(code, start):
        fields.refuse("code", _l("Another unit has this code."))
    fields.done()
    _check_kind(kind, parent)
    unit = OrgUnit(code=code, name=name, name_en=name_en, kind=kind, area=area, valid_from=start, path="")
    unit.parent_id = parent.id if parent else None
    session.add(unit)
    session.flush()
    unit.path = f"{parent.path if parent else '/'}{unit.id}/"
    session.flush()
    _record("unit.create", unit, actor, now, code=code, name=name)
    return unit_of_row(unit)


def edit_unit(
    unit_id: int, *, name: str, name_en: str = "", area: str | None = None, actor: Actor, now: datetime
) -> UnitView:
    """Rename a unit or change its area class; what it was is kept."""
    unit = open_unit(unit_id, now)
    authority.require(actor, "unit.manage", unit_path=unit.path, now=now)
    fields = Fields()
    name, name_en, area = _names(fields, name, name_en, area)
    fields.done()
    if (name, name_en, area) == (unit.name, unit.name_en, unit.area):
        return unit_of_row(unit)
    before = unit.name
    _keep_history(unit, actor, now)
    unit.name, unit.name_en, unit.area = name, name_en, area
    session.flush()
    _record("unit.edit", unit, actor, now, before=before, name=name, area=area)
    return unit_of_row(unit)


def move_unit(unit_id: int, *, parent_id: int, actor: Actor, now: datetime) -> UnitView:
    """Put a unit with all under it below another parent; needs the right at both places."""
    unit, parent = open_unit(unit_id, now), open_unit(parent_id, now)
    for path in (unit.path, parent.path):
        authority.require(actor, "unit.manage", unit_path=path, now=now)
    if parent.path.startswith(unit.path):
        raise WrongPlace(_l("A unit cannot stand under itself."))
    _check_kind(unit.kind, parent)
    if unit.parent_id == parent.id:
        return unit_of_row(unit)
    old, new = unit.path, f"{parent.path}{unit.id}/"
    for member in session.scalars(sa.select(OrgUnit).where(OrgUnit.path.like(f"{old}%"), valid(OrgUnit, now))):
        _keep_history(member, actor, now)
    unit.parent_id = parent.id
    session.flush()
    moves.rewrite(old, new)
    _record("unit.move", unit, actor, now, before=old, after=new)
    return unit_of_row(unit)


def close_unit(unit_id: int, *, at: datetime | None = None, actor: Actor, now: datetime) -> UnitView:
    """End a unit and the appointments in it (default: now). Refused while units under it are open."""
    unit, end = open_unit(unit_id, now), at or now
    authority.require(actor, "unit.manage", unit_path=unit.path, now=now)
    fields = Fields()
    if end < now:
        fields.refuse("at", _l("The end lies in the past."))
    fields.done()
    children = sa.select(OrgUnit.id).where(
        OrgUnit.parent_id == unit.id, sa.or_(OrgUnit.valid_to.is_(None), OrgUnit.valid_to > end)
    )
    if session.scalar(children.limit(1)) is not None:
        raise UnitInUse(_l("Units under this one are still open. Close or move them first."))
    unit.valid_to = end
    session.execute(
        sa.update(Appointment)
        .where(Appointment.unit_id == unit.id, sa.or_(Appointment.valid_to.is_(None), Appointment.valid_to > end))
        .values(valid_to=sa.case((Appointment.valid_from > end, Appointment.valid_from), else_=end))
    )
    session.flush()
    _record("unit.close", unit, actor, now, at=end.isoformat())
    return unit_of_row(unit)


def open_unit(unit_id: int, now: datetime) -> OrgUnit:
    """The row of a unit in force, or `UnitNotFound`."""
    unit = session.get(OrgUnit, unit_id)
    if unit is None or (unit.valid_to is not None and unit.valid_to <= now):
        raise UnitNotFound(_l("There is no such unit, or it is closed."), unit_id=unit_id)
    return unit


def _names(fields: Fields, name: str, name_en: str, area: str | None) -> tuple[str, str, str | None]:
    if area:
        fields.choice("area", area, AREAS)
    return (
        fields.text("name", name, longest=100),
        fields.text("name_en", name_en, longest=100, required=False),
        area or None,
    )


def _check_kind(kind: str, parent: OrgUnit | None) -> None:
    if parent is None:
        return
    if KINDS.index(kind) <= KINDS.index(parent.kind):
        raise WrongPlace(_l("A unit stands under one of a higher kind: province, city, county, station."))


def _code_taken(code: str, start: datetime) -> bool:
    overlapping = sa.select(OrgUnit.id).where(
        OrgUnit.code == code, sa.or_(OrgUnit.valid_to.is_(None), OrgUnit.valid_to > start)
    )
    return session.scalar(overlapping.limit(1)) is not None


def _keep_history(unit: OrgUnit, actor: Actor, now: datetime) -> None:
    last = session.scalar(sa.select(sa.func.max(OrgUnitChange.valid_to)).where(OrgUnitChange.unit_id == unit.id))
    session.add(
        OrgUnitChange(
            unit_id=unit.id,
            name=unit.name,
            name_en=unit.name_en,
            area=unit.area,
            parent_id=unit.parent_id,
            path=unit.path,
            valid_from=last or unit.valid_from,
            valid_to=now,
            changed_by=actor.ref,
        )
    )


def _record(action: str, unit: OrgUnit, actor: Actor, now: datetime, **details: object) -> None:
    audit.record(
        action, actor=actor, now=now, subject_type="unit", subject_id=unit.code, unit_path=unit.path, details=details
    )


moves.follow(OrgUnit.path)
