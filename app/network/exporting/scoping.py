"""The part of a grid that belongs to some units, with what it hangs on: so that the file imports again.

Beside the devices of the units it holds what these name (the nodes at their ends, their substation, their
transformer) and the way by which they are normally supplied, up to the infeed: without it they would be islands.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from app.network.grid.topology import Topology
from app.network.importing.comparing import NAMES
from app.network.importing.given import DEVICES, Given, GivenGrid


def scoped(grid: GivenGrid, units: Collection[str], topology: Topology) -> GivenGrid:
    """The devices of units (by code), and what they need. A device that names no unit is its feeder's."""
    records: dict[str, list[Given]] = {}
    for name in DEVICES:
        for record in grid.of(name):
            records.setdefault(record.code, []).append(record)
    mine = [code for code, versions in records.items() if any(_unit(each, topology) in units for each in versions)]
    wanted = dict.fromkeys(mine)
    for code in (*mine, *_way(mine, topology)):
        wanted.update(dict.fromkeys(_named([code], records)))
    found = GivenGrid(grid.form, grid.files)
    for name in DEVICES:
        for record in grid.of(name):
            if record.code in wanted:
                found.add(record)
    return found


def _unit(record: Given, topology: Topology) -> str:
    if record.unit_code:
        return record.unit_code
    vertex = topology.places.get(record.code, -1)
    if vertex < 0 and record.code in topology.switch_places:
        edge = topology.switches[topology.switch_places[record.code]].edge
        vertex = max(topology.one[edge], topology.two[edge], key=lambda end: topology.feeder[end])
    feeder = topology.feeder[vertex] if vertex >= 0 else -1
    return topology.feeders[feeder].unit_code if feeder >= 0 else ""


def _named(codes: Iterable[str], records: dict[str, list[Given]]) -> Iterator[str]:
    """These and what they name, and what that names."""
    todo = list(codes)
    seen = set(todo)
    for code in todo:
        if code in records:
            yield code
        named = {str(record.get(column)) for record in records.get(code, ()) for column in NAMES if record.get(column)}
        todo += sorted(named - seen)
        seen |= named


def _way(codes: Iterable[str], topology: Topology) -> Iterator[str]:
    """Lines, nodes and switches from these towards their normal infeed, each once."""
    seen: set[int] = set()
    for code in codes:
        starts = [topology.places[code]] if code in topology.places else []
        if code in topology.switch_places:
            edge = topology.switches[topology.switch_places[code]].edge
            starts = [topology.one[edge], topology.two[edge]]
        for start in starts:
            vertex = start
            while vertex not in seen:
                seen.add(vertex)
                yield topology.codes[vertex]
                edge = topology.hung[vertex]
                if edge < 0:
                    break
                if topology.switch_at[edge] >= 0:
                    yield topology.switches[topology.switch_at[edge]].code
                vertex ^= topology.cross[edge]
