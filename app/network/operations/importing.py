"""Import a grid: read, check as a whole, write all or nothing, keep the report."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.customers.operations.customers import update
from app.customers.operations.history import Origin
from app.identity import authority
from app.identity import queries as people
from app.kernel import audit
from app.kernel.actor import Actor
from app.kernel.clock import LOCAL
from app.kernel.db import alone, session
from app.network import boxes
from app.network.grid import current
from app.network.importing.checking import check
from app.network.importing.deriving import derive
from app.network.importing.given import DEVICES, Finding, GivenGrid
from app.network.importing.neighbours import keep_units, set_apart
from app.network.importing.reading import Source, read
from app.network.importing.settling import settle
from app.network.importing.stored import stored
from app.network.importing.writing import write
from app.network.models import GridImport

RIGHT = "network.edit"
KEPT = 2_000
"""Findings kept with an import; how many there were is counted."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import: `state` is checked (only looked at), refused or done."""

    id: int
    state: str
    form: str
    counts: Mapping[str, int]
    findings: Sequence[Finding]

    @property
    def errors(self) -> int:
        return sum(finding.severity == "error" for finding in self.findings)


def import_grid(
    sources: Sequence[Source],
    *,
    unit_code: str = "",
    prefix: str = "",
    accept: Collection[str] = (),
    dry_run: bool = False,
    actor: Actor,
    now: datetime,
) -> Imported:
    """Import files as one grid, in the caller's transaction. Needs `network.edit` at every unit concerned.

    `unit_code` is whose devices are that name no unit; `prefix` goes before the codes of the plain form; `accept`
    names findings (loop, island, unsupplied) that are no errors this time. Nothing but the report is written where
    there is an error, or with `dry_run`. Devices of other units may stand in the files as they are: they stay so.
    """
    authority.require(actor, RIGHT, unit_path=None, now=now)
    alone("grid import")
    found = read(sources, prefix=prefix)
    findings = [*found.findings, *settle(found.grid)]
    paths: dict[str, str] = {}
    left: dict[str, int] = {}
    if not _errors(findings):
        derive(found.grid)
        there = stored(None)
        keep_units(found.grid, there, unit_code)
        paths = _paths((found.grid, there), now)
        left, refused_units = set_apart(found.grid, there, paths, lambda path: _may(actor, path, now))
        findings += refused_units
        findings += check(found.grid, there, paths, now.astimezone(LOCAL).date(), accept)
    refused = _errors(findings)
    counts: dict[str, int] = dict(found.grid.counts) | left
    if not refused and not dry_run:
        with boxes.following([box.code for box in found.grid.of("meter_box")], now.astimezone(LOCAL).date()):
            counts |= write(found.grid, paths)
        counts["customers_moved"] = _tie(found.grid, actor, now)
    state = "refused" if refused else "checked" if dry_run else "done"
    kept = _keep(found.grid, unit_code, state, counts, findings, actor, now)
    return Imported(kept.id, state, found.grid.form, counts, findings)


def _errors(findings: Sequence[Finding]) -> bool:
    return any(finding.severity == "error" for finding in findings)


def _paths(grids: Collection[GivenGrid], now: datetime) -> dict[str, str]:
    codes = {record.unit_code for grid in grids for name in DEVICES for record in grid.of(name) if record.unit_code}
    units = {code: people.unit_by_code(code, at=now) for code in codes}
    return {code: unit.path for code, unit in units.items() if unit}


def _may(actor: Actor, path: str, now: datetime) -> bool:
    """Whether the actor may change the grid in the unit at this path."""
    return authority.may(actor, RIGHT, unit_path=path, now=now)


def _tie(grid: GivenGrid, actor: Actor, now: datetime) -> int:
    """Hang the customers of the import where it says; each is a change of the customer's own data."""
    if not grid.of("customer"):
        return 0
    places, moved = _Places(now), 0
    for record in grid.of("customer"):
        values = places.place(record.get("meter_box"), record.get("transformer_code"))
        saved = update(record.code, values, origin=Origin(actor=actor, now=now, source="grid", right=RIGHT))
        moved += saved.outcome == "changed"
    return moved


class _Places:
    """Transformer and feeder of a meter box or transformer, from the grid just written."""

    def __init__(self, now: datetime) -> None:
        self._here = current(now)

    def place(self, box: str, transformer: str) -> dict[str, Any]:
        grid = self._here.topology
        vertex = grid.places[box or transformer]
        found = grid.transformer[vertex]
        code = grid.codes[found] if found >= 0 else transformer
        feeder = self._here.info(code).feeder if code else ""
        return {"meter_box": box, "transformer_code": code, "line_code": feeder}


def _units(grid: GivenGrid) -> set[str]:
    """The units whose devices an import names."""
    return {record.unit_code[:40] for name in DEVICES for record in grid.of(name) if record.unit_code}


def _keep(  # noqa: PLR0917 - each is a column of the report
    grid: GivenGrid,
    unit_code: str,
    state: str,
    counts: Mapping[str, int],
    findings: Sequence[Finding],
    actor: Actor,
    now: datetime,
) -> GridImport:
    severities = [finding.severity for finding in findings]
    row = GridImport(
        at=now,
        by=actor.ref[:80],
        by_name=actor.name[:100],
        form=grid.form,
        files=[name[:200] for name in grid.files],
        state=state,
        units=sorted(_units(grid) | {unit_code} - {""}),
        counts=dict(counts) | {"errors": severities.count("error"), "warnings": severities.count("warning")},
        findings=[[each.severity, each.code, each.place, each.element, dict(each.params)] for each in findings[:KEPT]],
    )
    session.add(row)
    session.flush()
    details = {"state": state, "files": ", ".join(grid.files)[:300]}
    audit.record(
        "network.imported", actor=actor, now=now, subject_type="grid_import", subject_id=row.id, details=details
    )
    return row
