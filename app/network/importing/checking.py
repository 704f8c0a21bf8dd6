"""Is the grid as a whole sound: every code once, every reference known, everything supplied, no rings.

What an import brings is checked together with what is there already; only findings that concern the import count.
Errors refuse it. Rings, islands and customers without supply do too, unless they are accepted by name.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from datetime import date

import sqlalchemy as sa

from app.customers.models import Customer, Premises
from app.kernel.db import session
from app.network.grid.customers import Customers
from app.network.grid.model import Grid
from app.network.grid.supply import Supply
from app.network.grid.topology import CONDUCTORS, TRANSFORMER, Topology
from app.network.importing.given import DEVICES, Finding, Given, GivenGrid
from app.network.importing.graph import build

ACCEPTABLE = ("loop", "island", "unsupplied")
"""What may be imported where a person says so: real grids have a ring for an hour, a village not yet connected."""

SHOWN = 12
CHUNK = 500


def check(
    grid: GivenGrid, there: GivenGrid, units: Mapping[str, str], today: date, accept: Collection[str]
) -> list[Finding]:
    """The findings, errors first; `there` is what is stored, `units` are paths of known units by code."""
    findings = records(grid, there, units)
    whole = merged(grid, there, today)
    topology, unknown = build(whole, units)
    findings += references(grid, whole, unknown)
    if not any(finding.severity == "error" for finding in findings):
        findings += _supply(grid, topology, accept)
        findings += _customers(grid, topology, accept)
        findings += _left_without(topology)
    return sorted(findings, key=lambda finding: finding.severity != "error")


def records(grid: GivenGrid, there: GivenGrid, units: Mapping[str, str]) -> list[Finding]:
    """What is wrong with the records themselves: codes, versions, units, ends."""
    findings = [*_duplicates(grid), *_other_sorts(grid, there), *_overlaps(grid, there), *_units(grid, units)]
    return [*findings, *_shape(grid)]


def _duplicates(grid: GivenGrid) -> Iterator[Finding]:
    """One code twice on one day, whatever the sort."""
    first: dict[str, list[Given]] = {}
    for name in DEVICES:
        for record in grid.of(name):
            for other in first.setdefault(record.code, []):
                if record.code and (other.table != name or _meet(record, other)):
                    yield Finding("error", "duplicate", record.place, record.code, {"first": other.place})
                    break
            first[record.code].append(record)
    seen: dict[str, str] = {}
    for record in grid.of("customer"):
        if record.code in seen:
            yield Finding("error", "duplicate", record.place, record.code, {"first": seen[record.code]})
        seen[record.code] = record.place


def _meet(one: Given, other: Given) -> bool:
    """Whether two versions are valid on one day."""
    return (one.valid_to or date.max) > other.valid_from and (other.valid_to or date.max) > one.valid_from


def _other_sorts(grid: GivenGrid, there: GivenGrid) -> Iterator[Finding]:
    known = {record.code: name for name in DEVICES for record in there.of(name)}
    for name in DEVICES:
        for record in grid.of(name):
            if known.get(record.code, name) != name:
                yield Finding("error", "other_sort", record.place, record.code, {"sort": known[record.code]})


def _overlaps(grid: GivenGrid, there: GivenGrid) -> Iterator[Finding]:
    """A version that is valid while another, begun on another day, is."""
    for name in DEVICES:
        known: dict[str, list[Given]] = {}
        for record in there.of(name):
            known.setdefault(record.code, []).append(record)
        given = {(record.code, record.valid_from) for record in grid.of(name)}
        for record in grid.of(name):
            for other in known.get(record.code, ()):
                apart = other.valid_from == record.valid_from or (other.code, other.valid_from) in given
                if not apart and _meet(record, other):
                    params = {"since": other.valid_from.isoformat()}
                    yield Finding("error", "overlap", record.place, record.code, params)


def _units(grid: GivenGrid, units: Mapping[str, str]) -> Iterator[Finding]:
    for name in DEVICES:
        for record in grid.of(name):
            if record.unit_code and record.unit_code not in units:
                yield Finding("error", "unknown_unit", record.place, record.code, {"unit": record.unit_code})


def _shape(grid: GivenGrid) -> Iterator[Finding]:
    for record in (*grid.of("branch"), *grid.of("switch")):
        if record.get("from_code") == record.get("to_code"):
            yield Finding("error", "both_ends", record.place, record.code, {"end": record.get("from_code")})
        if record.get("open_without_switch"):
            yield Finding("error", "open_without_switch", record.place, record.code)
    for record in grid.of("customer"):
        if not record.get("meter_box") and not record.get("transformer_code"):
            yield Finding("error", "hangs_nowhere", record.place, record.code)


def merged(grid: GivenGrid, there: GivenGrid, today: date) -> GivenGrid:
    """What is valid today (or begins later, where nothing is yet), the import's records before those that are there."""
    whole = GivenGrid(grid.form, grid.files)
    for name in DEVICES:
        given = {(record.code, record.valid_from) for record in grid.of(name)}
        kept = [record for record in there.of(name) if (record.code, record.valid_from) not in given]
        chosen: dict[str, Given] = {}
        for record in (*grid.of(name), *kept):
            if record.valid_to is not None and record.valid_to <= today:
                continue
            present = chosen.get(record.code)
            if present is None or record.valid_from <= today < present.valid_from:
                chosen[record.code] = record
        whole.records[name] = list(chosen.values())
    return whole


def references(grid: GivenGrid, whole: GivenGrid, unknown: list[tuple[str, str]]) -> Iterator[Finding]:
    """What a record refers to and nobody knows."""
    places = {record.code: record.place for name in DEVICES for record in grid.of(name)}
    for owner, code in dict.fromkeys(unknown):
        if owner in places:
            yield Finding("error", "unknown_node", places[owner], owner, {"code": code})
    wanted = {
        "feeder": (("breaker_code", "switch"), ("busbar_code", "node"), ("substation_code", "substation")),
        "node": (("substation_code", "substation"),),
        "lv_branch": (("transformer_code", "node"),),
        "meter_box": (("transformer_code", "node"),),
    }
    known = {name: {record.code for record in whole.of(name)} for name in DEVICES}
    for name, columns in wanted.items():
        for record in grid.of(name):
            for column, sort in columns:
                code = record.get(column)
                if code and code not in known[sort]:
                    yield Finding("error", "unknown_node", record.place, record.code, {"code": code})
                elif not code and column in {"breaker_code", "transformer_code"}:
                    yield Finding("error", "missing", record.place, record.code, {"column": column})


def _supply(grid: GivenGrid, topology: Topology, accept: Collection[str]) -> Iterator[Finding]:
    """Rings, islands and ends that lead nowhere, as switches normally stand."""
    places = {record.code: record.place for name in DEVICES for record in grid.of(name)}
    here = Grid(topology, Supply.normal(topology), Customers.none(len(topology.codes)))
    for loop in here.loops():
        codes = [*loop.switches, *loop.between]
        mine = next((code for code in codes if code in places), None)
        if mine is not None:
            kind = "parallel" if len(loop.sources) > 1 else "loop"
            params = {"switches": ", ".join(loop.switches[:SHOWN]), "sources": ", ".join(loop.sources)}
            yield Finding(severity("loop", accept), kind, places[mine], mine, params)
    for island in here.islands():
        mine = next((code for code in island if code in places), None)
        if mine is not None:
            found = {"count": len(island), "codes": ", ".join(island[:SHOWN])}
            yield Finding(severity("island", accept), "island", places[mine], mine, found)
    for code in dangling(topology, places):
        yield Finding("warning", "dangling", places[code], code)


def dangling(topology: Topology, among: Container[str]) -> Iterator[str]:
    """Junctions at which a line ends and nothing goes on, and lines with one end."""
    for vertex, kind in enumerate(topology.kinds):
        code, degree = topology.codes[vertex], len(topology.edges(vertex))
        junction = kind < TRANSFORMER and not topology.in_substation.get(vertex) and degree == 1
        line = kind in CONDUCTORS and degree < 2
        if code in among and (junction or line) and vertex not in topology.sources:
            yield code


def _customers(grid: GivenGrid, topology: Topology, accept: Collection[str]) -> Iterator[Finding]:
    """Customers of the import that are unknown, or that hang where nothing supplies them."""
    supply = Supply.normal(topology)
    records: Sequence[Given] = grid.of("customer")
    for first in range(0, len(records), CHUNK):
        part = records[first : first + CHUNK]
        query = sa.select(Customer.number).where(Customer.number.in_([record.code for record in part]))
        known = set(session.scalars(query))
        for record in part:
            if record.code not in known:
                yield Finding("error", "unknown_customer", record.place, record.code)
                continue
            named = [code for code in (record.get("meter_box"), record.get("transformer_code")) if code]
            missing = next((code for code in named if code not in topology.places), None)
            if missing is not None:
                yield Finding("error", "unknown_node", record.place, record.code, {"code": missing})
            elif not supply.live[topology.places[named[0]]]:
                params = {"code": named[0]}
                yield Finding(severity("unsupplied", accept), "unsupplied", record.place, record.code, params)


def _left_without(topology: Topology) -> Iterator[Finding]:
    """Customers of today whose transformer nobody knows or nothing would supply: told, not refused."""
    supply = Supply.normal(topology)
    counted = (
        sa.select(Premises.transformer_code, sa.func.count())
        .join(Customer, Customer.premises_id == Premises.id)
        .where(Customer.status != "closed", Premises.transformer_code != "")
        .group_by(Premises.transformer_code)
        .order_by(Premises.transformer_code)
    )
    lost: dict[str, list[tuple[str, int]]] = {"unplaced": [], "dark": []}
    for code, count in session.execute(counted):
        vertex = topology.places.get(code, -1)
        if vertex < 0:
            lost["unplaced"].append((code, count))
        elif not supply.live[vertex]:
            lost["dark"].append((code, count))
    for kind, found in lost.items():
        if found:
            params = {"count": sum(count for _, count in found), "codes": ", ".join(code for code, _ in found[:SHOWN])}
            yield Finding("warning", kind, "", "", params)


def severity(kind: str, accept: Collection[str]) -> str:
    """An error, but where a person says that it may be."""
    return "warning" if kind in accept else "error"
