"""Looking at the organisation tree."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.identity.models import OrgUnit, OrgUnitChange
from app.identity.queries.validity import valid, within
from app.identity.queries.views import UnitView, unit_of_row
from app.kernel.db import session


def unit_by_code(code: str, *, at: datetime) -> UnitView | None:
    """The unit that has this code at this instant."""
    row = session.scalar(sa.select(OrgUnit).where(OrgUnit.code == code, valid(OrgUnit, at)))
    return unit_of_row(row) if row else None


def units_by_code(codes: Iterable[str], *, at: datetime) -> dict[str, UnitView]:
    """Many units by code, in one statement."""
    wanted = set(codes)
    if not wanted:
        return {}
    query = sa.select(OrgUnit).where(OrgUnit.code.in_(wanted), valid(OrgUnit, at))
    return {row.code: unit_of_row(row) for row in session.scalars(query)}


def unit_last_known(code: str) -> UnitView | None:
    """The last unit of this code, whether still open or not."""
    row = session.scalar(sa.select(OrgUnit).where(OrgUnit.code == code).order_by(OrgUnit.valid_from.desc()).limit(1))
    return unit_of_row(row) if row else None


def unit_view(unit_id: int) -> UnitView | None:
    """The unit of this id, closed or not."""
    row = session.get(OrgUnit, unit_id)
    return unit_of_row(row) if row else None


def unit_by_path(path: str) -> UnitView | None:
    """The unit that stands at this path; `/` is none."""
    last = path.rstrip("/").rpartition("/")[2]
    return unit_view(int(last)) if last.isdigit() else None


def subtree(paths: Sequence[str] = ("/",), *, at: datetime) -> list[UnitView]:
    """The units valid at this instant under these path prefixes, parents before children, by code."""
    query = sa.select(OrgUnit).where(valid(OrgUnit, at), within(OrgUnit.path, paths))
    units = [unit_of_row(row) for row in session.scalars(query)]
    codes = {unit.id: unit.code for unit in units}

    def place(unit: UnitView) -> list[str]:
        return [codes.get(int(part), "") for part in unit.path.strip("/").split("/")]

    return sorted(units, key=place)


def codes_under(paths: Sequence[str]) -> list[str]:
    """The codes of all units under these path prefixes, of those that are closed too."""
    return list(session.scalars(sa.select(OrgUnit.code).where(within(OrgUnit.path, paths)).distinct()))


@dataclass(frozen=True, slots=True)
class UnitChangeView:
    """What a unit was in [valid_from, valid_to)."""

    name: str
    name_en: str
    parent_name: str
    parent_name_en: str
    valid_from: datetime
    valid_to: datetime
    changed_by: str


def unit_history(unit_id: int) -> list[UnitChangeView]:
    """What a unit used to be, newest first."""
    rows = session.execute(
        sa.select(OrgUnitChange, OrgUnit)
        .outerjoin(OrgUnit, OrgUnit.id == OrgUnitChange.parent_id)
        .where(OrgUnitChange.unit_id == unit_id)
        .order_by(OrgUnitChange.id.desc())
    )
    return [
        UnitChangeView(
            name=change.name,
            name_en=change.name_en,
            parent_name=parent.name if parent else "",
            parent_name_en=parent.name_en if parent else "",
            valid_from=change.valid_from,
            valid_to=change.valid_to,
            changed_by=change.changed_by,
        )
        for change, parent in rows
    ]
