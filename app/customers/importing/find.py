"""Finding what an operation works on."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.customers.importing.models import DataImport, ImportProfile, ImportProfileVersion, ImportSchedule
from app.customers.importing.profiles import Content
from app.kernel.db import session
from app.kernel.errors import Conflict, NotFound


class ImportNotFound(NotFound):
    code = "import_not_found"


class ProfileNotFound(NotFound):
    code = "import_profile_not_found"


class ScheduleNotFound(NotFound):
    code = "import_schedule_not_found"


class WrongState(Conflict):
    """The import is not where this can be done: `details["state"]`."""

    code = "import_state"


def an_import(import_id: int) -> DataImport:
    """An import; raises `ImportNotFound`."""
    row = session.get(DataImport, import_id)
    if row is None:
        raise ImportNotFound(_l("There is no such import."), id=import_id)
    return row


def in_state(import_id: int, *states: str) -> DataImport:
    """An import in one of these states; raises `ImportNotFound` or `WrongState`."""
    row = an_import(import_id)
    if row.state not in states:
        raise WrongState(_l("The import has moved on meanwhile. Look at it again."), state=row.state)
    return row


def a_profile(profile_id: int) -> ImportProfile:
    """A profile; raises `ProfileNotFound`."""
    row = session.get(ImportProfile, profile_id)
    if row is None:
        raise ProfileNotFound(_l("There is no such import profile."), id=profile_id)
    return row


def version_in_force(profile: ImportProfile) -> ImportProfileVersion:
    """The version of a profile that new imports use."""
    query = session.query(ImportProfileVersion).filter_by(profile_id=profile.id, number=profile.current)
    version: ImportProfileVersion = query.one()
    return version


def content_of(row: DataImport) -> Content:
    """The content of the profile as the import keeps it."""
    return Content.from_json(row.content)


def a_schedule(schedule_id: int) -> ImportSchedule:
    """A schedule; raises `ScheduleNotFound`."""
    row = session.get(ImportSchedule, schedule_id)
    if row is None:
        raise ScheduleNotFound(_l("There is no such scheduled import."), id=schedule_id)
    return row


def done_before(row: DataImport) -> int | None:
    """The latest import of the same file into the same target that was written or is being written."""
    same = (DataImport.sha256 == row.sha256, DataImport.target == row.target, DataImport.id != row.id)
    query = sa.select(DataImport.id).where(*same, DataImport.state.in_(("writing", "done")))
    return session.scalars(query.order_by(DataImport.id.desc()).limit(1)).first()
