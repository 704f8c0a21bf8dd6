"""Build a `Topology` from plain rows, whatever they come from: the database, an import that is being checked."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from math import nan

from app.network.grid.supply import Supply
from app.network.grid.topology import KIND, TRANSFORMER, Group, SwitchFacts, Topology, mask


class Builder:
    """Takes vertices first, then switches, then direct connections; `done` gives the topology.

    What refers to nothing is left out and kept in `unknown` as (code, what it refers to).
    """

    def __init__(self) -> None:
        self._grid = Topology()
        self._units: dict[tuple[str, str], int] = {}
        self._joined: set[tuple[int, int]] = set()
        self._infeeds: list[int] = []
        self.unknown: list[tuple[str, str]] = []

    def vertex(
        self,
        code: str,
        kind: str,
        *,
        name: str = "",
        name_en: str = "",
        phases: str = "ABC",
        unit: tuple[str, str] = ("", "/"),
        lat: float | None = None,
        lon: float | None = None,
        infeed: bool = False,
        substation: str = "",
        transformer: str = "",
    ) -> None:
        """Add a conducting thing, transformers before what they supply; a code that is there already stays as it is."""
        grid = self._grid
        if code in grid.places:
            return
        place = len(grid.codes)
        grid.places[code] = place
        grid.codes.append(code)
        grid.names.append(name or code)
        if name_en:
            grid.english[place] = name_en
        grid.kinds.append(KIND[kind])
        grid.own.append(mask(phases) or 7)
        grid.units.append(self._unit(unit))
        grid.lat.append(nan if lat is None else lat)
        grid.lon.append(nan if lon is None else lon)
        grid.transformer.append(place if grid.kinds[place] == TRANSFORMER else grid.places.get(transformer, -1))
        if infeed:
            self._infeeds.append(place)
        if substation:
            grid.in_substation[place] = substation

    def switch(
        self,
        code: str,
        kind: str,
        ends: tuple[str, str],
        *,
        name: str = "",
        name_en: str = "",
        normal: str = "ABC",
        protective: bool = False,
        unit: tuple[str, str] = ("", "/"),
        lat: float | None = None,
        lon: float | None = None,
    ) -> None:
        """Add a switch and its edge."""
        edge = self._edge(code, ends, len(self._grid.switches))
        if edge is None:
            return
        grid = self._grid
        grid.switch_places[code] = len(grid.switches)
        facts = SwitchFacts(
            code, name or code, name_en, kind, edge, mask(normal), protective, unit[0], unit[1], lat, lon
        )
        grid.switches.append(facts)

    def join(self, owner: str, one: str, two: str) -> None:
        """Connect two vertices directly, unless a switch stands between them; `owner` is named where one is unknown."""
        places = self._grid.places
        first, second = places.get(one), places.get(two)
        if first is None or second is None or (min(first, second), max(first, second)) not in self._joined:
            self._edge(owner, (one, two), -1)

    def substation(self, group: Group) -> None:
        self._grid.substations[group.code] = group

    def feeder(self, group: Group) -> None:
        grid = self._grid
        place = len(grid.feeders)
        grid.feeder_places[group.code] = place
        grid.feeder_of_breaker[group.breaker] = place
        grid.feeders.append(group)

    def done(self) -> Topology:
        """The topology, with each vertex's normal feeder."""
        grid = self._grid
        grid.unit_names = list(self._units)
        grid.sources = tuple(self._infeeds)
        grid.normals = bytes(facts.normal for facts in grid.switches)
        _index(grid)
        _belongs(grid)
        return grid

    def _unit(self, unit: tuple[str, str]) -> int:
        return self._units.setdefault(unit, len(self._units))

    def _edge(self, owner: str, ends: tuple[str, str], switch: int) -> int | None:
        grid = self._grid
        for end in ends:
            if end not in grid.places:
                self.unknown.append((owner, end))
                return None
        one, two = grid.places[ends[0]], grid.places[ends[1]]
        self._joined.add((min(one, two), max(one, two)))
        grid.one.append(one)
        grid.two.append(two)
        grid.cross.append(one ^ two)
        grid.switch_at.append(switch)
        return len(grid.one) - 1


def _index(grid: Topology) -> None:
    """Which edges are at which vertex."""
    degree = [0] * (len(grid.codes) + 1)
    for ends in (grid.one, grid.two):
        for vertex in ends:
            degree[vertex + 1] += 1
    for vertex in range(len(grid.codes)):
        degree[vertex + 1] += degree[vertex]
    grid.start = array("i", degree)
    filled, around = degree, array("i", bytes(4 * 2 * len(grid.one)))
    for edge, (one, two) in enumerate(zip(grid.one, grid.two, strict=True)):
        for vertex in (one, two):
            around[filled[vertex]] = edge
            filled[vertex] += 1
    grid.around = around


def _belongs(grid: Topology) -> None:
    """The feeder each vertex belongs to while all switches stand as they normally do."""
    grid.feeder = array("i", [-1]) * len(grid.codes)
    normal = Supply.normal(grid)
    grid.hung = normal.parent
    for vertex, edge in _downwards(grid, normal):
        if edge < 0:
            continue
        switch = grid.switch_at[edge]
        begun = grid.feeder_of_breaker.get(grid.switches[switch].code, -1) if switch >= 0 else -1
        grid.feeder[vertex] = begun if begun >= 0 else grid.feeder[grid.cross[edge] ^ vertex]


def _downwards(grid: Topology, supply: Supply) -> Iterable[tuple[int, int]]:
    """Every vertex after the one it is supplied from, with the edge between; then those that nothing supplies."""
    roots = [vertex for vertex in range(len(grid.codes)) if supply.parent[vertex] < 0]
    stack = [(vertex, -1) for vertex in reversed(roots)]
    while stack:
        vertex, edge = stack.pop()
        yield vertex, edge
        for other in grid.edges(vertex):
            below = grid.cross[other] ^ vertex
            if supply.parent[below] == other:
                stack.append((below, other))
