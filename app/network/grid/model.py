"""The grid as the rest of the house asks it: an answer for a code or a customer, as switches stand in one version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isnan

from app.kernel.i18n import localized
from app.network.grid.customers import NOWHERE, Customers
from app.network.grid.supply import Supply
from app.network.grid.topology import (
    CONDUCTORS,
    KINDS,
    LOW_VOLTAGE,
    SHOWN_SWITCH,
    TRANSFORMER,
    Group,
    Topology,
    letters,
    mask,
)


class UnknownDevice(LookupError):
    """No device of the grid has this code."""


@dataclass(frozen=True, slots=True)
class Device:
    """What the grid knows of a code. `feeder` is where it belongs while all switches stand as they normally do.

    `kind`: substation, busbar, feeder, feeder_breaker, switch, breaker, fuse, line, power_transformer,
    distribution_transformer, lv_branch, meter_box, junction, source. `customers` hang below it now.
    """

    code: str
    name: str
    kind: str
    unit_code: str
    unit_path: str
    feeder: str
    substation: str
    lat: float | None
    lon: float | None
    phases: str
    protective: bool
    customers: int
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class Trace:
    """What lies on the way: switches, lines and transformers by code, and how many customers."""

    devices: tuple[str, ...]
    lines: tuple[str, ...]
    transformers: tuple[str, ...]
    customers: int


@dataclass(frozen=True, slots=True)
class Loop:
    """A closed edge both ends of which are supplied otherwise; `switches` lie on the ring, `sources` are its infeeds.

    Two sources: they stand in parallel, else a ring of one.
    """

    between: tuple[str, str]
    switches: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a code stands: a switch's edge, or vertices."""

    vertices: tuple[int, ...] = ()
    switch: int = -1


class Grid:
    """One version of the grid, safe to ask from any thread: it never changes, a switch change makes another one."""

    def __init__(self, topology: Topology, supply: Supply, customers: Customers) -> None:
        self._grid, self._supply, self._customers = topology, supply, customers
        self._counts: dict[str, int] = {}
        self._above: dict[str, tuple[str, ...]] = {}
        self._below: dict[str, tuple[str, ...]] = {}

    # what there is

    def has(self, code: str) -> bool:
        """Whether the grid has a device of this code."""
        grid = self._grid
        return (
            code in grid.places or code in grid.switch_places or code in grid.feeder_places or code in grid.substations
        )

    def info(self, code: str) -> Device:
        """What is known of a device; raises `UnknownDevice`."""
        grid = self._grid
        if code in grid.switch_places:
            return self._switch_info(code)
        if code in grid.places:
            return self._vertex_info(grid.places[code])
        group = grid.feeders[grid.feeder_places[code]] if code in grid.feeder_places else grid.substations.get(code)
        if group is None:
            raise UnknownDevice(code)
        return self._group_info(group)

    def names(self, code: str) -> tuple[str, str]:
        """The Chinese name of a device and its English twin, empty where it has none; unknown ones have no names."""
        grid = self._grid
        if code in grid.switch_places:
            facts = grid.switches[grid.switch_places[code]]
            return facts.name, facts.name_en
        if code in grid.places:
            vertex = grid.places[code]
            return grid.names[vertex], grid.english.get(vertex, "")
        group = grid.feeders[grid.feeder_places[code]] if code in grid.feeder_places else grid.substations.get(code)
        return (group.name, group.name_en) if group else ("", "")

    def called(self, code: str) -> str:
        """What the reader calls a device, in their language; the code where the grid knows no name."""
        return localized(*self.names(code)) or code

    @property
    def feeders(self) -> Sequence[Group]:
        """All feeders."""
        return tuple(self._grid.feeders)

    @property
    def substations(self) -> Sequence[Group]:
        """All substations."""
        return tuple(self._grid.substations.values())

    def codes(self, *kinds: str) -> Iterator[str]:
        """The codes of all devices of these kinds (as in `Device.kind`), in the order of import."""
        grid, wanted = self._grid, set(kinds)
        if wanted & set(SHOWN_SWITCH.values()):
            yield from (facts.code for facts in grid.switches if SHOWN_SWITCH[facts.kind] in wanted)
        places = {place for place, kind in enumerate(KINDS) if (_shown(kind) in wanted)}
        if places:
            yield from (code for code, kind in zip(grid.codes, grid.kinds, strict=True) if kind in places)

    # customers

    def transformer_of(self, customer_id: int) -> str | None:
        """The distribution transformer that supplies a customer, where the grid knows it."""
        vertex = self._customers.vertex(customer_id)
        transformer = self._grid.transformer[vertex] if vertex != NOWHERE else -1
        return self._grid.codes[transformer] if transformer >= 0 else None

    def place_of(self, customer_id: int) -> str | None:
        """What a customer hangs on: a meter box, else a transformer."""
        vertex = self._customers.vertex(customer_id)
        return self._grid.codes[vertex] if vertex != NOWHERE else None

    def zone_of(self, customer_id: int) -> str:
        """The address zone of a customer, empty where it has none."""
        place = self._customers.place(customer_id)
        return "" if place is None else self._customers.zones[self._customers.zone[place]]

    def customers_under(self, code: str) -> int:
        """How many customers hang below a device now; of one that is dead, how many did."""
        if code not in self._counts:
            self._counts[code] = self._customers.count(self._under(code))
        return self._counts[code]

    def customer_ids(self, code: str) -> Sequence[int]:
        """The ids of the customers below a device, rising."""
        found: list[int] = self._customers.of(self._under(code)).tolist()
        return found

    @property
    def unplaced(self) -> Sequence[int]:
        """Customers whose place in the grid is unknown."""
        found: list[int] = self._customers.unplaced.tolist()
        return found

    def unsupplied(self) -> Sequence[int]:
        """Customers that hang where nothing is energised."""
        dead = [vertex for vertex, live in enumerate(self._supply.live) if not live]
        found: list[int] = self._customers.of(dead).tolist()
        return found

    @property
    def customers(self) -> int:
        """How many customers there are."""
        return len(self._customers.ids)

    # supply

    def energised(self, code: str) -> bool:
        """Whether a device has voltage in all its phases. A switch: at the end it supplies, an open one at none."""
        return self.live_phases(code) == self._phases(code) != ""

    def live_phases(self, code: str) -> str:
        """The phases that have voltage, of a switch those that it passes on."""
        spot, supply, grid = self._spot(code), self._supply, self._grid
        if spot.switch >= 0:
            edge = grid.switches[spot.switch].edge
            either = supply.live[grid.one[edge]] | supply.live[grid.two[edge]]
            return letters(either & supply.carries[edge])
        live = 0
        for vertex in spot.vertices:
            live |= supply.live[vertex]
        return letters(live)

    def open_above(self, code: str) -> str | None:
        """The switch, open but normally closed, that took a device's supply away: of several the one opened first."""
        found = [place for vertex in self._tops(code) if (place := self._taker(vertex)) >= 0]
        return self._grid.switches[found[0]].code if found else None

    def state(self, code: str) -> str:
        """The closed phases of a switch now (`ABC` closed, empty open)."""
        return letters(self._supply.stands[self._grid.switch_places[code]])

    def stands_open(self, code: str) -> bool:
        """Whether a switch is open in a phase it is normally closed in; what is no switch is not."""
        place = self._grid.switch_places.get(code, -1)
        return place >= 0 and bool(self._grid.switches[place].normal & ~self._supply.stands[place])

    def normal(self, code: str) -> str:
        """The normally closed phases of a switch."""
        return letters(self._grid.switches[self._grid.switch_places[code]].normal)

    def upstream(self, code: str) -> tuple[str, ...]:
        """Switching devices from a device towards its source, nearest first, the feeder's breaker last.

        As switches stand now; for what is dead, the way by which it was supplied.
        """
        if code not in self._above:
            self._above[code] = self._upstream(code)
        return self._above[code]

    def _upstream(self, code: str) -> tuple[str, ...]:
        grid, found = self._grid, []
        spot = self._spot(code)
        if spot.switch >= 0 and grid.switches[spot.switch].code in grid.feeder_of_breaker:
            return ()
        for place in self._switches_above(spot):
            found.append(grid.switches[place].code)
            if grid.switches[place].code in grid.feeder_of_breaker:
                break
        return tuple(found)

    def feeder_of(self, code: str) -> str:
        """The feeder that supplies a device now (or did, where it is dead); empty above feeders."""
        spot, grid = self._spot(code), self._grid
        own = grid.switches[spot.switch].code if spot.switch >= 0 else ""
        if own in grid.feeder_of_breaker:
            return grid.feeders[grid.feeder_of_breaker[own]].code
        for place in self._switches_above(spot):
            begun = grid.feeder_of_breaker.get(grid.switches[place].code, -1)
            if begun >= 0:
                return grid.feeders[begun].code
        return ""

    def children(self, code: str) -> tuple[str, ...]:
        """The next level below a device: protective devices, and transformers that hang below none of these.

        Below one that is energised only what is energised too: what an open switch has cut off is explained by that.
        """
        grid, supply = self._grid, self._supply
        found: list[str] = []
        todo = [] if self._is_transformer(code) else list(self._tops(code))
        for vertex in todo:
            if grid.kinds[vertex] == TRANSFORMER:
                found.append(grid.codes[vertex])
            for edge in grid.edges(vertex):
                other = grid.cross[edge] ^ vertex
                if supply.parent[other] != edge or grid.kinds[other] in LOW_VOLTAGE:
                    continue
                if supply.live[vertex] and not supply.live[other]:
                    continue
                place = grid.switch_at[edge]
                if place >= 0 and grid.switches[place].protective:
                    found.append(grid.switches[place].code)
                else:
                    todo.append(other)
        return tuple(found)

    def transformers_under(self, code: str) -> tuple[str, ...]:
        """The distribution transformers below a device (a transformer: itself), as switches stand now."""
        grid = self._grid
        if code not in self._below:
            transformers = (vertex for vertex in self._under(code) if grid.kinds[vertex] == TRANSFORMER)
            self._below[code] = tuple(grid.codes[vertex] for vertex in transformers)
        return self._below[code]

    def low_under(self, code: str) -> tuple[str, ...]:
        """The low-voltage branches and meter boxes at and below one of them; nothing of any other device."""
        grid = self._grid
        place = grid.places.get(code, -1)
        if place < 0 or grid.kinds[place] not in LOW_VOLTAGE:
            return ()
        return tuple(grid.codes[vertex] for vertex in self._under(code))

    def low_above(self, code: str) -> tuple[str, ...]:
        """A low-voltage device and the branches from it up to its transformer; nothing of any other device."""
        grid = self._grid
        vertex, found = grid.places.get(code, -1), []
        while vertex >= 0 and grid.kinds[vertex] in LOW_VOLTAGE:
            found.append(grid.codes[vertex])
            edge = self._supply.parent[vertex]
            vertex = vertex ^ grid.cross[edge] if edge >= 0 else -1
        return tuple(found)

    def transformer_at(self, code: str) -> str:
        """The distribution transformer of a low-voltage device, of any other device its own code."""
        grid = self._grid
        place = grid.places.get(code, -1)
        if place < 0 or grid.kinds[place] not in LOW_VOLTAGE or grid.transformer[place] < 0:
            return code
        return grid.codes[grid.transformer[place]]

    def trace(self, code: str, direction: str) -> Trace:
        """All that lies between a device and its source (`up`), or below it (`down`)."""
        if direction not in {"up", "down"}:
            raise ValueError(f"a trace goes up or down, not {direction!r}")
        grid = self._grid
        if direction == "down":
            vertices: Sequence[int] = self._under(code)
            hung = set(self._tops(code))
            above = (self._supply.parent[vertex] for vertex in vertices if vertex not in hung)
            edges = [edge for edge in above if edge >= 0]
        else:
            starts = self._spot(code).vertices or self._ends_below(code)
            edges = [edge for vertex in starts for edge in self._path(vertex)]
            vertices = list(dict.fromkeys([*starts, *(v for start in starts for v in self._vertices_up(start))]))
        places = dict.fromkeys(grid.switch_at[edge] for edge in edges if grid.switch_at[edge] >= 0)
        return Trace(
            tuple(grid.switches[place].code for place in places),
            tuple(grid.codes[vertex] for vertex in vertices if grid.kinds[vertex] in CONDUCTORS),
            tuple(grid.codes[vertex] for vertex in vertices if grid.kinds[vertex] == TRANSFORMER),
            self._customers.count(vertices),
        )

    def ways(self, code: str) -> tuple[str, ...]:
        """Normally open ties between what hangs below a device and what else is energised: other ways to supply it."""
        grid, supply = self._grid, self._supply
        inside, found = set(self._under(code)), []
        for vertex in inside:
            for edge in grid.edges(vertex):
                place = grid.switch_at[edge]
                if place < 0 or supply.stands[place] or grid.switches[place].normal:
                    continue
                other = grid.cross[edge] ^ vertex
                if other not in inside and supply.live[other]:
                    found.append(grid.switches[place].code)
        return tuple(dict.fromkeys(found))

    def loops(self) -> tuple[Loop, ...]:
        """Rings that are closed, and sources in parallel."""
        return tuple(self._loop(edge) for edge in sorted(self._supply.loops))

    def open_switches(self) -> tuple[str, ...]:
        """Switches that are open in a phase they are normally closed in."""
        stands = self._supply.stands
        return tuple(facts.code for place, facts in enumerate(self._grid.switches) if facts.normal & ~stands[place])

    def islands(self) -> tuple[tuple[str, ...], ...]:
        """Groups of connected devices that nothing supplies, however switches stand normally: codes of vertices."""
        grid, seen, found = self._grid, set(), []
        for vertex in range(len(grid.codes)):
            if self._supply.live[vertex] or self._supply.parent[vertex] >= 0 or vertex in seen:
                continue
            part = self._joined(vertex)
            seen.update(part)
            if not any(self._supply.parent[each] >= 0 for each in part):
                found.append(tuple(grid.codes[each] for each in part))
        return tuple(found)

    # another state

    def switched(self, states: Mapping[str, tuple[str, int]]) -> Grid:
        """This grid with switches at (closed phases, version): what an operation would do, nothing is written."""
        from_codes = {
            self._grid.switch_places[code]: (mask(phases), version)
            for code, (phases, version) in states.items()
            if code in self._grid.switch_places
        }
        return Grid(self._grid, self._supply.changed(from_codes), self._customers)

    def with_customers(self, customers: Customers) -> Grid:
        """This grid with other customers."""
        return Grid(self._grid, self._supply, customers)

    @property
    def topology(self) -> Topology:
        """The graph itself, for queries of this package."""
        return self._grid

    @property
    def supply(self) -> Supply:
        """The trace itself, for queries of this package."""
        return self._supply

    @property
    def placed(self) -> Customers:
        """The customers' arrays, for loading of this package."""
        return self._customers

    # inside

    def _spot(self, code: str) -> Spot:
        grid = self._grid
        if code in grid.places:
            return Spot((grid.places[code],))
        if code in grid.switch_places:
            return Spot((), grid.switch_places[code])
        if code in grid.feeder_places:
            breaker = grid.feeders[grid.feeder_places[code]].breaker
            return Spot((), grid.switch_places[breaker]) if breaker in grid.switch_places else Spot()
        if code in grid.substations:
            return Spot(tuple(self._tops_of_substation(code)))
        raise UnknownDevice(code)

    def _tops_of_substation(self, code: str) -> list[int]:
        """The vertices of a substation that no other vertex of it supplies."""
        grid, supply = self._grid, self._supply
        inside = [vertex for vertex, name in grid.in_substation.items() if name == code]
        below = set(supply.below(inside)) if len(inside) > 1 else set()
        return [
            vertex
            for vertex in inside
            if supply.parent[vertex] < 0 or (grid.cross[supply.parent[vertex]] ^ vertex) not in below
        ]

    def _ends_below(self, code: str) -> tuple[int, ...]:
        """The ends of a switch that are supplied through it."""
        spot = self._spot(code)
        if spot.switch < 0:
            return ()
        edge = self._grid.switches[spot.switch].edge
        ends = (self._grid.one[edge], self._grid.two[edge])
        return tuple(end for end in ends if self._supply.parent[end] == edge)

    def _tops(self, code: str) -> tuple[int, ...]:
        spot = self._spot(code)
        return spot.vertices if spot.switch < 0 else self._ends_below(code)

    def _under(self, code: str) -> list[int]:
        tops = self._tops(code)
        if self._is_transformer(code):
            return self._low_side(tops[0])
        takers = [place for top in tops if (place := self._taker(top)) >= 0]
        return self._supply.below(tops, min((self._supply.since[place] for place in takers), default=0))

    def _taker(self, vertex: int) -> int:
        """The switch that took a vertex's supply away, -1 where it is energised in all its phases or nobody knows."""
        grid, supply = self._grid, self._supply
        missing, found, first = grid.own[vertex] & ~supply.live[vertex], -1, 0
        for edge in self._path(vertex) if missing else ():
            place = grid.switch_at[edge]
            if place < 0 or not grid.switches[place].normal & ~supply.stands[place] & missing:
                continue
            if found < 0 or supply.since[place] <= first:
                found, first = place, supply.since[place]
        return found

    def _is_transformer(self, code: str) -> bool:
        place = self._grid.places.get(code, -1)
        return place >= 0 and self._grid.kinds[place] == TRANSFORMER

    def _low_side(self, transformer: int) -> list[int]:
        """A transformer and what hangs on its low-voltage side: a ring main goes on beside it, not below."""
        grid, parent = self._grid, self._supply.parent
        found = [transformer]
        for vertex in found:
            for edge in grid.edges(vertex):
                other = grid.cross[edge] ^ vertex
                if parent[other] == edge and grid.kinds[other] in LOW_VOLTAGE:
                    found.append(other)
        return found

    def _path(self, vertex: int) -> Iterator[int]:
        """The edges from a vertex to its source."""
        parent, cross = self._supply.parent, self._grid.cross
        while (edge := parent[vertex]) >= 0:
            yield edge
            vertex ^= cross[edge]

    def _vertices_up(self, vertex: int) -> Iterator[int]:
        for edge in self._path(vertex):
            vertex ^= self._grid.cross[edge]
            yield vertex

    def _switches_above(self, spot: Spot) -> Iterator[int]:
        """The places of the switches on the way to the source, without the device itself."""
        grid = self._grid
        start, own = next(iter(spot.vertices), -1), -1
        if spot.switch >= 0:
            own = grid.switches[spot.switch].edge
            ends = (grid.one[own], grid.two[own])
            start = next((end for end in ends if self._supply.parent[end] == own), ends[0])
        if start < 0:
            return
        for edge in self._path(start):
            if grid.switch_at[edge] >= 0 and edge != own:
                yield grid.switch_at[edge]

    def _joined(self, vertex: int) -> list[int]:
        """All that closed switches join to a vertex."""
        grid, supply = self._grid, self._supply
        found, seen = [vertex], {vertex}
        for each in found:
            for edge in grid.edges(each):
                other = grid.cross[edge] ^ each
                if supply.carries[edge] and other not in seen:
                    seen.add(other)
                    found.append(other)
        return found

    def _loop(self, edge: int) -> Loop:
        grid = self._grid
        ends = (grid.one[edge], grid.two[edge])
        ways = [list(self._path(end)) for end in ends]
        shared = set(ways[0]) & set(ways[1])
        ring = [edge, *(one for way in ways for one in way if one not in shared)]
        tops = [([end, *self._vertices_up(end)])[-1] for end in ends]
        return Loop(
            (grid.codes[ends[0]], grid.codes[ends[1]]),
            tuple(grid.switches[place].code for one in ring if (place := grid.switch_at[one]) >= 0),
            tuple(dict.fromkeys(grid.codes[top] for top in tops)),
        )

    def _phases(self, code: str) -> str:
        spot, grid = self._spot(code), self._grid
        if spot.switch >= 0:
            return letters(grid.direct(grid.switches[spot.switch].edge))
        bits = 0
        for vertex in spot.vertices:
            bits |= grid.own[vertex]
        return letters(bits)

    def _vertex_info(self, vertex: int) -> Device:
        grid = self._grid
        code, feeder = grid.codes[vertex], grid.feeder[vertex]
        unit = grid.unit_names[grid.units[vertex]]
        if not unit[0] and feeder >= 0:
            unit = (grid.feeders[feeder].unit_code, grid.feeders[feeder].unit_path)
        substation = grid.in_substation.get(vertex) or (grid.feeders[feeder].substation if feeder >= 0 else "")
        return Device(
            code=code,
            name=grid.names[vertex],
            kind=_shown(KINDS[grid.kinds[vertex]]),
            unit_code=unit[0],
            unit_path=unit[1],
            feeder=grid.feeders[feeder].code if feeder >= 0 else "",
            substation=substation,
            lat=_degrees(grid.lat[vertex]),
            lon=_degrees(grid.lon[vertex]),
            phases=letters(grid.own[vertex]),
            protective=False,
            customers=self.customers_under(code),
            name_en=grid.english.get(vertex, ""),
        )

    def _switch_info(self, code: str) -> Device:
        grid = self._grid
        facts = grid.switches[grid.switch_places[code]]
        ends = (grid.one[facts.edge], grid.two[facts.edge])
        own = grid.feeder_of_breaker.get(code, -1)
        feeder = own if own >= 0 else max(grid.feeder[end] for end in ends)
        unit = (facts.unit_code, facts.unit_path)
        group = grid.feeders[feeder] if feeder >= 0 else None
        if not unit[0] and group:
            unit = (group.unit_code, group.unit_path)
        where = next((end for end in ends if not isnan(grid.lat[end])), None)
        inside = next((grid.in_substation[end] for end in ends if end in grid.in_substation), "")
        return Device(
            code=code,
            name=facts.name,
            kind=SHOWN_SWITCH[facts.kind],
            unit_code=unit[0],
            unit_path=unit[1],
            feeder=group.code if group else "",
            substation=group.substation if group else inside,
            lat=facts.lat if facts.lat is not None or where is None else grid.lat[where],
            lon=facts.lon if facts.lon is not None or where is None else grid.lon[where],
            phases=self._phases(code),
            protective=facts.protective,
            customers=self.customers_under(code),
            name_en=facts.name_en,
        )

    def _group_info(self, group: Group) -> Device:
        feeder = group.code in self._grid.feeder_places
        return Device(
            code=group.code,
            name=group.name,
            kind="feeder" if feeder else "substation",
            unit_code=group.unit_code,
            unit_path=group.unit_path,
            feeder=group.code if feeder else "",
            substation=group.substation if feeder else group.code,
            lat=group.lat,
            lon=group.lon,
            phases=self._phases(group.code),
            protective=feeder,
            customers=self.customers_under(group.code),
            name_en=group.name_en,
        )


def _shown(kind: str) -> str:
    return "line" if kind == "cable" else kind


def _degrees(value: float) -> float | None:
    return None if isnan(value) else value
