"""Operate a switch (倒闸操作的登记): by a person with a reason, or as a device reported it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.identity import authority
from app.kernel import audit
from app.kernel.actor import Actor
from app.kernel.clock import LOCAL
from app.kernel.db import session
from app.kernel.errors import Invalid, NotFound
from app.network import listeners
from app.network.grid import current
from app.network.grid.topology import letters, mask
from app.network.models import GridSwitch, Switching
from app.network.versions import next_state

AHEAD = timedelta(minutes=5)
"""A device clock that runs further ahead than this is remarked on. One ahead of ours is never believed."""

STATES = ("open", "closed")


class UnknownSwitch(NotFound):
    """There is no such switch in the grid today."""

    code = "unknown_switch"

    def __init__(self, switch: str) -> None:
        super().__init__(_l("There is no switch %(code)s in the grid.", code=switch))


class InvalidSwitching(Invalid):
    """State, phases or reason are not what a switch operation needs."""

    code = "invalid_switching"


@dataclass(frozen=True, slots=True)
class Switched:
    """What came of an operation. `changed` is false where the switch stood so already or a later report is known."""

    code: str
    before: str
    after: str
    changed: bool
    version: int
    note: str = ""


def switch(
    code: str,
    state: str,
    phases: str = "ABC",
    *,
    reason: str,
    actor: Actor,
    now: datetime,
    source: str = "person",
    key: str | None = None,
    device_at: datetime | None = None,
) -> Switched:
    """Open or close a switch in these phases. Needs the right `network.switch` at the switch's unit.

    `key` names the event of another system: the same key changes nothing again. `device_at` is the time a device
    claims: a report older than the last operation that is known is kept in the history but not applied.
    """
    if state not in STATES:
        raise InvalidSwitching(_l("A switch is opened or closed."), field="state")
    if not mask(phases) or letters(mask(phases)) != "".join(sorted(phases)):
        raise InvalidSwitching(_l("Phases are A, B and C."), field="phases")
    if not reason.strip():
        raise InvalidSwitching(_l("Say why the switch is operated."), field="reason")
    repeated = _earlier(key)
    if repeated is not None:
        return repeated
    row = _find(code, now)
    path = _unit_path(row, now)
    authority.require(actor, "network.switch", unit_path=path, now=now)
    return _operate(row, path, state, mask(phases), reason.strip()[:500], actor, now, source, key, device_at)


def _operate(  # noqa: PLR0917 - each names a fact of the one operation
    row: GridSwitch,
    unit_path: str,
    state: str,
    phases: int,
    reason: str,
    actor: Actor,
    now: datetime,
    source: str,
    key: str | None,
    device_at: datetime | None,
) -> Switched:
    version = next_state()  # the lock: whoever comes second sees what the first did
    repeated = _earlier(key)  # told twice at the same instant
    if repeated is not None:
        return repeated
    session.refresh(row)
    stood = mask(row.present)
    stands = stood | phases if state == "closed" else stood & ~phases
    happened = now if device_at is None or device_at > now else device_at
    late = happened < now and _later_known(row.code, happened)
    note = "late" if late else "clock_ahead" if device_at and device_at > now + AHEAD else ""
    changed = stands != stood and not late
    session.add(
        Switching(
            switch_code=row.code,
            unit_path=unit_path,
            before=letters(stood),
            after=letters(stands),
            at=now,
            device_at=device_at,
            happened_at=happened,
            source=source,
            key=key,
            reason=reason,
            by=actor.ref,
            by_name=actor.name,
            applied=not late,
            note=note,
            version=version,
        )
    )
    if changed:
        for each in _versions(row):
            each.present, each.changed, each.changed_at = letters(stands), version, now
    session.flush()
    if changed:
        _tell(row, unit_path, letters(stands), reason, actor, happened, now)
    return Switched(row.code, letters(stood), letters(stands if changed else stood), changed, version, note)


def _tell(  # noqa: PLR0917 - each names a fact of the one operation
    row: GridSwitch, unit_path: str, stands: str, reason: str, actor: Actor, happened: datetime, now: datetime
) -> None:
    audit.record(
        "network.switched",
        actor=actor,
        now=now,
        subject_type="grid_switch",
        subject_id=row.code,
        unit_path=unit_path,
        details={"state": stands, "reason": reason},
    )
    listeners.tell(row.code, stands, happened, now)


def _find(code: str, now: datetime) -> GridSwitch:
    day = now.astimezone(LOCAL).date()
    query = sa.select(GridSwitch).where(
        GridSwitch.code == code,
        GridSwitch.valid_from <= day,
        sa.or_(GridSwitch.valid_to.is_(None), GridSwitch.valid_to > day),
    )
    row = session.scalar(query)
    if row is None:
        raise UnknownSwitch(code)
    return row


def _versions(row: GridSwitch) -> list[GridSwitch]:
    """The version in force and those that follow it: the switch is the same one."""
    later = sa.select(GridSwitch).where(GridSwitch.code == row.code, GridSwitch.valid_from > row.valid_from)
    return [row, *session.scalars(later)]


def _unit_path(row: GridSwitch, now: datetime) -> str:
    """Whose switch it is: one that names no unit is its feeder's."""
    here = current(now)
    return here.info(row.code).unit_path if not row.unit_code and here.has(row.code) else row.unit_path


def _earlier(key: str | None) -> Switched | None:
    """What came of this event when it was told before."""
    row = session.scalar(sa.select(Switching).where(Switching.key == key)) if key else None
    return Switched(row.switch_code, row.before, row.after, False, row.version, "repeated") if row else None


def _later_known(code: str, happened: datetime) -> bool:
    """Whether an operation is known that was done after this instant."""
    later = sa.select(Switching.id).where(
        Switching.switch_code == code, Switching.applied.is_(True), Switching.happened_at > happened
    )
    return session.scalar(later.limit(1)) is not None
