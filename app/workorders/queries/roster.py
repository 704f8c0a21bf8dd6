"""The roster (排班): shifts of days, and the shift a crew is on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from app.kernel.db import session
from app.workorders.models import CrewShift


@dataclass(frozen=True, slots=True)
class ShiftView:
    """One shift, half open."""

    crew_id: int
    day: date
    begins_at: datetime
    ends_at: datetime
    note: str


def shifts(crew_ids: Sequence[int], first: date, until: date) -> dict[tuple[int, date], list[ShiftView]]:
    """The shifts of crews on local days from `first` until before `until`, by crew and day, the earliest first."""
    found: dict[tuple[int, date], list[ShiftView]] = {}
    query = sa.select(CrewShift).where(CrewShift.crew_id.in_(crew_ids), CrewShift.day >= first, CrewShift.day < until)
    for row in session.scalars(query.order_by(CrewShift.begins_at)):
        found.setdefault((row.crew_id, row.day), []).append(_view(row))
    return found


def shifts_now(crew_ids: Sequence[int], *, at: datetime) -> dict[int, ShiftView]:
    """The shift each crew is on at an instant; crews without one are missing."""
    query = sa.select(CrewShift).where(
        CrewShift.crew_id.in_(crew_ids), CrewShift.begins_at <= at, CrewShift.ends_at > at
    )
    return {row.crew_id: _view(row) for row in session.scalars(query)}


def _view(row: CrewShift) -> ShiftView:
    return ShiftView(row.crew_id, row.day, row.begins_at, row.ends_at, row.note)
