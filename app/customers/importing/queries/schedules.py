"""Scheduled imports with how their last look went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.customers.importing import find
from app.customers.importing.models import DataImport, ImportProfile, ImportSchedule
from app.kernel.db import session


@dataclass(frozen=True, slots=True)
class ScheduleView:
    """A plan; `last_import` and `last_state` tell of the last file it took."""

    id: int
    name: str
    profile_id: int
    profile: str
    kind: str
    location: str
    pattern: str
    token_name: str
    every_minutes: int
    active: bool
    owner: str
    next_at: datetime
    looked_at: datetime | None
    failures: int
    error: str
    last_import: int | None
    last_state: str


def list_schedules() -> list[ScheduleView]:
    """All plans by name."""
    return [_view(row) for row in session.scalars(sa.select(ImportSchedule).order_by(ImportSchedule.name))]


def schedule_view(schedule_id: int) -> ScheduleView:
    """One plan; raises `ScheduleNotFound`."""
    return _view(find.a_schedule(schedule_id))


def _view(row: ImportSchedule) -> ScheduleView:
    last = sa.select(DataImport.id, DataImport.state).where(DataImport.schedule_id == row.id)
    found = session.execute(last.order_by(DataImport.id.desc()).limit(1)).first()
    copied = {name: getattr(row, name) for name in ScheduleView.__dataclass_fields__ if hasattr(row, name)}
    profile = session.get_one(ImportProfile, row.profile_id)
    last_import, last_state = found or (None, "")
    return ScheduleView(**copied, profile=profile.name, last_import=last_import, last_state=last_state)
