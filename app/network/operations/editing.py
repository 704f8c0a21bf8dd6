"""Change, add or end single devices (设备台账维护): looked at first, then saved with a reason, kept as versions.

A change holds from a day on: from the day on which the version in force began it puts that version right, from a
later day it ends that version and begins another. The checks are the import's; they are made of the day of the change.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

import orjson
import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.identity import authority
from app.identity import queries as people
from app.kernel import audit
from app.kernel.actor import Actor
from app.kernel.clock import LOCAL
from app.kernel.db import alone, session, table
from app.kernel.errors import Conflict, Invalid
from app.network import boxes
from app.network.grid import UnknownDevice, current
from app.network.importing import checking
from app.network.importing.comparing import compare, hung_on, state
from app.network.importing.given import DEVICES, Finding, Given, GivenGrid
from app.network.importing.settling import settle
from app.network.importing.stored import COMMON, stored
from app.network.importing.writing import MODELS, OWN, write

RIGHT = "network.edit"
ACTS = ("change", "add", "end")
PLAIN = frozenset(
    {"name", "name_en", "unit_code", "address", "lat", "lon", "capacity", "load", "public", "remote", "length"}
)
"""Columns that say nothing of how current flows: nothing need be traced where only they change."""


class DeviceChanged(Conflict):
    """Somebody else changed the device since it was shown."""

    code = "device_changed"

    @classmethod
    def said(cls) -> LazyString:
        """What the second of two stewards is told."""
        return _l("Somebody else has changed this device meanwhile. Your entries are kept: look at what is there now.")


class NotSaved(Invalid):
    """The checks found errors, or no reason is given."""

    code = "device_not_saved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What a person wants: an `act` of `ACTS` on the device `code` of a `sort` (as `importing.given.DEVICES`).

    `values` are texts by column, as in the wide form; columns left out stay. `day` is the first on which the change
    holds (None: as long as the version in force does; of a new device: from today), of `end` the first without the
    device. `line` are the values of a line to a node that is there already, added together with a new node.
    """

    act: str
    sort: str
    code: str
    values: Mapping[str, str] = field(default_factory=dict)
    day: date | None = None
    line: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """A column, what it says now and what it would say."""

    column: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Looked:
    """What an edit would do. `mark` names the versions that it was looked at: saved is only over the same ones."""

    findings: tuple[Finding, ...]
    changes: tuple[Change, ...]
    mark: str

    @property
    def errors(self) -> bool:
        return any(finding.severity == "error" for finding in self.findings)


def sort_of(code: str) -> str:
    """The sort of a device's code, over all its versions; raises `UnknownDevice`."""
    for name, model in MODELS.items():
        if session.scalar(sa.select(table(model).c.id).where(table(model).c.code == code).limit(1)) is not None:
            return name
    raise UnknownDevice(code)


def version_of(code: str, day: date) -> Given:
    """The version of a device in force on a day, else the one that is nearest; raises `UnknownDevice`."""
    versions = _versions(sort_of(code), code)
    on = [each for each in versions if each.valid_from <= day and (each.valid_to is None or each.valid_to > day)]
    return (on or versions)[-1]


def mark_of(code: str) -> str:
    """What names the versions of a device as they are: another one after every change."""
    rows = [_plain(each) for name in MODELS for each in _versions(name, code)]
    return hashlib.sha256(orjson.dumps(rows, default=str)).hexdigest()[:24]


def look(edit: Edit, *, accept: Collection[str] = (), actor: Actor, now: datetime) -> Looked:
    """What an edit would change and what the checks say of it. Nothing is written.

    `accept` as of `import_grid`. Raises `UnknownDevice`, `Forbidden`.
    """
    return _judged(edit, accept, actor, now)[0]


def save(edit: Edit, *, mark: str, reason: str, accept: Collection[str] = (), actor: Actor, now: datetime) -> Looked:
    """Write an edit that was looked at. Raises `UnknownDevice`, `Forbidden`, `DeviceChanged`, `NotSaved`."""
    alone("grid import")
    if not reason.strip():
        message = _l("A reason is needed.")
        raise NotSaved(message, errors={"reason": [message]})
    if mark_of(edit.code) != mark:
        raise DeviceChanged(DeviceChanged.said())
    looked, given, paths = _judged(edit, accept, actor, now)
    if looked.errors:
        raise NotSaved(_l("The checks found errors; nothing was saved."), errors={})
    if not looked.changes:
        return looked
    with boxes.following([box.code for box in given.of("meter_box")], now.astimezone(LOCAL).date()):
        write(given, paths)
    _record(edit, looked, given, paths, reason.strip()[:500], actor, now)
    return looked


def _judged(
    edit: Edit, accept: Collection[str], actor: Actor, now: datetime
) -> tuple[Looked, GivenGrid, dict[str, str]]:
    today = now.astimezone(LOCAL).date()
    given, present, findings = _given(edit, today)
    findings += settle(given)
    there = stored(None)
    paths = _paths((given, there), now)
    _require(edit, present, actor, now)
    findings += _not_yours(given, paths, actor, now)
    day = max(today, edit.day or today)
    changes = _changes(edit, given, present)
    if not _errors(findings):
        findings += checking.records(given, there, paths)
    if not _errors(findings):
        findings += _whole(edit, given, there, paths, changes, day, accept, now)
    order = sorted(findings, key=lambda finding: finding.severity != "error")
    return Looked(tuple(order), changes, mark_of(edit.code)), given, paths


def _whole(  # noqa: PLR0917 - each is a side of the one comparison
    edit: Edit,
    given: GivenGrid,
    there: GivenGrid,
    paths: Mapping[str, str],
    changes: Collection[Change],
    day: date,
    accept: Collection[str],
    now: datetime,
) -> list[Finding]:
    """The checks over the whole grid, where the change can matter to it."""
    if edit.act == "change" and {each.column for each in changes} <= PLAIN:
        return []
    before = state(GivenGrid("wide", []), there, paths, day)
    after = state(given, there, paths, day)
    whole = GivenGrid("wide", [])
    for name in DEVICES:
        whole.records[name] = [each for each in after.records.values() if each.table == name]
    found = checking.references(_present(given, after.records), whole, [])
    return [*found, *compare(before, after, hung_on(current(now)), accept)]


def _present(given: GivenGrid, records: Mapping[str, Given]) -> GivenGrid:
    """Of what is given the versions that are in force on the day that is judged."""
    found = GivenGrid("wide", [])
    for name in DEVICES:
        found.records[name] = [each for each in given.of(name) if records.get(each.code) is each]
    return found


def _given(edit: Edit, today: date) -> tuple[GivenGrid, Given | None, list[Finding]]:
    """The records to write, the version that they change, and what is wrong with the wish itself."""
    grid = GivenGrid("wide", [])
    if edit.act == "add":
        return grid, None, _new(edit, grid, today)
    versions = _versions(edit.sort, edit.code)
    if not versions:
        raise UnknownDevice(edit.code)
    day = edit.day or max(today, versions[0].valid_from)
    on = [each for each in versions if each.valid_from <= day and (each.valid_to is None or each.valid_to > day)]
    if not on:
        return grid, versions[-1], [Finding("error", "not_valid_then", "", edit.code, {"day": day.isoformat()})]
    present = on[-1]
    if edit.act == "end":
        grid.add(replace(present, valid_to=day, values=dict(present.values)))
        later = [each for each in versions if each.valid_from > present.valid_from]
        since = {"since": later[0].valid_from.isoformat()} if later else {}
        return grid, present, [Finding("error", "later_version", "", edit.code, since)] if later else []
    if edit.day is not None and edit.day > present.valid_from:
        grid.add(replace(present, valid_to=edit.day, values=dict(present.values)))
        grid.add(_put(replace(present, valid_from=edit.day, values=dict(present.values)), edit.values))
    else:
        grid.add(_put(replace(present, values=dict(present.values)), edit.values))
    return grid, present, []


def _new(edit: Edit, grid: GivenGrid, today: date) -> list[Finding]:
    wishes = [(edit.sort, edit.code, edit.values)]
    if edit.line:
        wishes.append(("branch", edit.line.get("code", ""), {**edit.line, "to_code": edit.code}))
    findings = []
    for sort, code, values in wishes:
        record = Given(sort, code.strip(), "", {}, valid_from=edit.day or today)
        unit = edit.values.get("unit_code", "")
        grid.add(_put(record, {"unit_code": unit, **{k: v for k, v in values.items() if k != "code"}}))
        known = next((name for name in MODELS if _versions(name, code.strip())), None)
        if known is not None:
            findings.append(Finding("error", "exists", "", code, {"sort": known}))
    return findings


def _put(record: Given, values: Mapping[str, str]) -> Given:
    """Texts of a form put over a record; they become values when they are settled."""
    for column, value in values.items():
        if column in OWN[record.table]:
            record.values[column] = value
        elif column in COMMON:
            setattr(record, column, value)
    return record


def _versions(sort: str, code: str) -> list[Given]:
    """All versions of a device, the earliest first."""
    row, own = table(MODELS[sort]).c, OWN[sort]
    query = sa.select(*(row[name] for name in (*COMMON, *own))).where(row.code == code).order_by(row.valid_from)
    found = []
    for values in session.execute(query):
        code_, name, name_en, unit, phases, valid_from, valid_to = values[: len(COMMON)]
        kept = dict(zip(own, values[len(COMMON) :], strict=True))
        found.append(Given(sort, code_, "", kept, name, name_en, unit, phases, valid_from, valid_to))
    return found


def _plain(record: Given) -> dict[str, Any]:
    return {column: _value(record, column) for column in (*COMMON, *OWN[record.table])}


def _value(record: Given, column: str) -> Any:
    return getattr(record, column) if column in COMMON else record.get(column, None)


def _changes(edit: Edit, given: GivenGrid, present: Given | None) -> tuple[Change, ...]:
    """Column by column what would be another value."""
    if edit.act == "end":
        return (Change("valid_to", present.valid_to if present else None, edit.day),)
    records = [record for name in DEVICES for record in given.of(name)]
    after = next((each for each in reversed(records) if each.code == edit.code), None)
    if after is None:
        return ()
    columns = [name for name in (*COMMON, *OWN[after.table]) if name not in {"code", "valid_from", "valid_to"}]
    before = {name: _value(present, name) for name in columns} if present else dict.fromkeys(columns)
    said = [Change(name, before[name], _value(after, name)) for name in columns]
    changed = [each for each in said if (each.before or None) != (each.after or None)]
    line = [Change("line", None, each.code) for each in records if each.code != edit.code]
    return (*changed, *line)


def _require(edit: Edit, present: Given | None, actor: Actor, now: datetime) -> None:
    """The right at the unit that has the device now; of a new one somewhere, then at its unit."""
    if present is None:
        authority.require(actor, RIGHT, unit_path=None, now=now)
        return
    here = current(now)
    unit = people.unit_by_code(present.unit_code, at=now) if present.unit_code else None
    path = unit.path if unit else here.info(edit.code).unit_path if here.has(edit.code) else "/"
    authority.require(actor, RIGHT, unit_path=path, now=now)


def _not_yours(given: GivenGrid, paths: Mapping[str, str], actor: Actor, now: datetime) -> list[Finding]:
    """Units that a device would come to, and in which the actor may not change the grid."""
    units = {record.unit_code for name in DEVICES for record in given.of(name) if record.unit_code in paths}
    return [
        Finding("error", "not_yours", "", "", {"unit": unit})
        for unit in sorted(units)
        if not authority.may(actor, RIGHT, unit_path=paths[unit], now=now)
    ]


def _paths(grids: Collection[GivenGrid], now: datetime) -> dict[str, str]:
    codes = {record.unit_code for grid in grids for name in DEVICES for record in grid.of(name) if record.unit_code}
    units = {code: people.unit_by_code(code, at=now) for code in codes}
    return {code: unit.path for code, unit in units.items() if unit}


def _errors(findings: Collection[Finding]) -> bool:
    return any(finding.severity == "error" for finding in findings)


def _record(  # noqa: PLR0917 - each is part of the one entry
    edit: Edit,
    looked: Looked,
    given: GivenGrid,
    paths: Mapping[str, str],
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    unit = next((each.unit_code for each in given.of(edit.sort) if each.code == edit.code), "")
    details = {
        "sort": edit.sort,
        "reason": reason,
        "day": edit.day.isoformat() if edit.day else "",
        "changes": {each.column: [_told(each.before), _told(each.after)] for each in looked.changes},
        "accepted": sorted({each.code for each in looked.findings}),
    }
    audit.record(
        f"network.device_{edit.act}",
        actor=actor,
        now=now,
        subject_type="grid_device",
        subject_id=edit.code,
        unit_path=paths.get(unit, "/"),
        details=details,
    )


def _told(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
