"""What a change of single devices does to the grid as a whole: the same questions as an import's, before and after.

Only what the change brings about is found: a ring that was there already is nobody's fault.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from app.network.grid.customers import Customers
from app.network.grid.model import Grid, Loop
from app.network.grid.supply import Supply
from app.network.grid.topology import Topology
from app.network.importing.checking import SHOWN, dangling, merged, severity
from app.network.importing.given import DEVICES, Finding, Given, GivenGrid
from app.network.importing.graph import build

NAMES = (
    *("from_code", "to_code", "substation_code", "breaker_code", "busbar_code"),
    *("transformer_code", "parent_code", "lv_branch_code"),
)
"""Columns in which a device names another one."""


@dataclass(frozen=True, slots=True)
class State:
    """The grid of one day as switches normally stand: its records, its graph, and what was left out of that."""

    records: dict[str, Given]
    grid: Grid
    unknown: frozenset[tuple[str, str]]

    @property
    def topology(self) -> Topology:
        return self.grid.topology


def state(given: GivenGrid, there: GivenGrid, paths: Mapping[str, str], day: date) -> State:
    """What is stored, with what is given put over it, on a day."""
    whole = merged(given, there, day)
    topology, unknown = build(whole, paths)
    records = {record.code: record for name in DEVICES for record in whole.of(name)}
    grid = Grid(topology, Supply.normal(topology), Customers.none(len(topology.codes)))
    return State(records, grid, frozenset(unknown))


def compare(before: State, after: State, hung: Mapping[str, int], accept: Collection[str]) -> Iterator[Finding]:
    """What is found after the change and was not before; `hung` are the customers on a code now."""
    yield from _named(before, after)
    yield from _loops(before, after, accept)
    new = _dark(after) - _dark(before)
    if new:
        params = {"count": len(new), "codes": ", ".join(sorted(new)[:SHOWN])}
        yield Finding(severity("island", accept), "island", "", "", params)
    ends = set(dangling(after.topology, after.records)) - set(dangling(before.topology, before.records))
    for code in sorted(ends):
        yield Finding("warning", "dangling", "", code)
    yield from _without_supply(before, after, hung, accept)


def hung_on(grid: Grid) -> dict[str, int]:
    """How many customers hang directly on each code."""
    counts = np.diff(grid.placed.start)
    return {grid.topology.codes[place]: int(counts[place]) for place in np.flatnonzero(counts).tolist()}


def _named(before: State, after: State) -> Iterator[Finding]:
    """Who names a device that is not there any more."""
    gone = before.records.keys() - after.records.keys()
    for code in sorted(gone):
        left = [each.code for each in after.records.values() if any(each.get(column) == code for column in NAMES)]
        if left:
            params = {"count": len(left), "codes": ", ".join(left[:SHOWN])}
            yield Finding("error", "still_named", "", code, params)
    for owner, missing in sorted(after.unknown - before.unknown):
        if missing not in gone:
            yield Finding("error", "unknown_node", "", owner, {"code": missing})


def _loops(before: State, after: State, accept: Collection[str]) -> Iterator[Finding]:
    def key(loop: Loop) -> tuple[str, ...]:
        return (*sorted({*loop.switches, *loop.between}), *loop.sources)

    known = {key(loop) for loop in before.grid.loops()}
    for loop in after.grid.loops():
        if key(loop) not in known:
            kind = "parallel" if len(loop.sources) > 1 else "loop"
            params = {"switches": ", ".join(loop.switches[:SHOWN]), "sources": ", ".join(loop.sources)}
            yield Finding(severity("loop", accept), kind, "", "", params)


def _dark(of: State) -> set[str]:
    """Devices that nothing supplies."""
    live = of.grid.supply.live
    return {code for place, code in enumerate(of.topology.codes) if not live[place]}


def _without_supply(before: State, after: State, hung: Mapping[str, int], accept: Collection[str]) -> Iterator[Finding]:
    """Customers whose place had supply before and has none, or is not there, after."""
    dark_before, dark_after = _dark(before), _dark(after)
    here = after.topology.places
    lost = [
        code
        for code in hung
        if code in before.topology.places and code not in dark_before and (code in dark_after or code not in here)
    ]
    if lost:
        params = {"count": sum(hung[code] for code in lost), "codes": ", ".join(sorted(lost)[:SHOWN])}
        yield Finding(severity("unsupplied", accept), "left_without", "", "", params)
