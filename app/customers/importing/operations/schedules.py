"""Planning scheduled imports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.customers import outbound
from app.customers.importing import find, rights, targets
from app.customers.importing.models import ImportSchedule
from app.customers.importing.sources import folder_of
from app.kernel import audit
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Invalid, LightlineError

SHORTEST, LONGEST = 1, 31 * 24 * 60
"""Minutes between two looks."""


class BadSchedule(Invalid):
    """`details["errors"]` by field."""

    code = "import_schedule_invalid"


@dataclass(frozen=True, slots=True)
class ScheduleData:
    """What a person plans; see `ImportSchedule`."""

    name: str
    profile_id: int
    kind: str
    location: str
    every_minutes: int
    pattern: str = "*"
    token_name: str = ""


def save_schedule(data: ScheduleData, *, schedule_id: int | None = None, actor: Actor, now: datetime) -> ImportSchedule:
    """Plan an import, or change a plan; its owner is whoever saved it last. Raises `BadSchedule`."""
    permission = targets.get(find.a_profile(data.profile_id).target).permission
    rights.require(actor, permission=permission, now=now)
    _check(data, schedule_id)
    row = find.a_schedule(schedule_id) if schedule_id is not None else ImportSchedule()
    row.name, row.profile_id, row.kind = data.name.strip(), data.profile_id, data.kind
    row.location, row.pattern = data.location.strip(), data.pattern.strip() or "*"
    row.token_name, row.every_minutes = data.token_name.strip(), data.every_minutes
    row.owner, row.owner_id = actor.ref[:80], actor.id
    row.next_at, row.active, row.failures, row.error = now, True, 0, ""
    session.add(row)
    session.flush()
    details = {"name": row.name, "kind": row.kind, "location": row.location}
    audit.record(
        "import_schedule.saved",
        actor=actor,
        now=now,
        subject_type="import_schedule",
        subject_id=row.id,
        details=details,
    )
    return row


def set_schedule_active(schedule_id: int, *, active: bool, actor: Actor, now: datetime) -> None:
    """Stop looking, or look again from now on."""
    rights.require(actor, now=now)
    row = find.a_schedule(schedule_id)
    row.active, row.next_at, row.failures, row.error = active, now, 0, ""
    action = "import_schedule.started" if active else "import_schedule.stopped"
    audit.record(action, actor=actor, now=now, subject_type="import_schedule", subject_id=row.id)


def _check(data: ScheduleData, schedule_id: int | None) -> None:
    errors: dict[str, list[str]] = {}
    if not data.name.strip() or len(data.name) > 100:
        errors["name"] = [str(_l("Give it a name."))]
    same = sa.select(ImportSchedule.id).where(
        ImportSchedule.name == data.name.strip(), ImportSchedule.id != (schedule_id or 0)
    )
    if session.scalars(same).first() is not None:
        errors["name"] = [str(_l("Another scheduled import has this name."))]
    if not SHORTEST <= data.every_minutes <= LONGEST:
        errors["every_minutes"] = [str(_l("Between 1 minute and 31 days."))]
    if data.kind not in {"folder", "url"} or len(data.location) > 500 or len(data.pattern) > 100:
        errors["location"] = [str(_l("Name a folder or an address."))]
    else:
        try:
            _check_place(data)
        except LightlineError as refused:
            errors["token_name" if "token" in refused.details else "location"] = [str(refused)]
    if errors:
        raise BadSchedule(_l("The plan is not complete."), errors=errors)


def _check_place(data: ScheduleData) -> None:
    if data.kind == "folder":
        folder_of(data.location.strip())
        return
    outbound.check_address(data.location.strip())
    if data.token_name.strip():
        outbound.token(data.token_name.strip())
