"""The grid on a map: points and lines with what a board colours them by, plain values."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import isnan

from app.kernel.i18n import localized
from app.network.grid import current
from app.network.grid.model import Grid
from app.network.grid.topology import CONDUCTORS, KINDS, LOW_VOLTAGE, SHOWN_SWITCH, TRANSFORMER

Bounds = tuple[float, float, float, float]
"""South, west, north, east, in degrees."""

Where = Bounds | Collection[str]
MOST = 20_000
"""Points or lines of one answer: more is no picture any more."""


@dataclass(frozen=True, slots=True)
class MapPoint:
    """A substation, busbar, transformer or switch. `state` of a switch: closed, open, partly."""

    code: str
    name: str
    kind: str
    lat: float
    lon: float
    feeder: str
    unit_path: str
    live: bool
    customers: int
    state: str = ""
    normally_open: bool = False


@dataclass(frozen=True, slots=True)
class MapLine:
    """A line between two points (lat, lon); `open` where a switch at an end of it is."""

    code: str
    name: str
    feeder: str
    live: bool
    open: bool
    points: tuple[tuple[float, float], tuple[float, float]]


@dataclass(frozen=True, slots=True)
class GridMap:
    """What is in the bounds or of the feeders; `more`: there is so much that some was left out."""

    points: tuple[MapPoint, ...]
    lines: tuple[MapLine, ...]
    more: bool


def map_of(where: Where, now: datetime, *, paths: Sequence[str] = ("/",)) -> GridMap:
    """The grid within bounds (south, west, north, east) or of feeders by code, below these units."""
    here = current(now)
    inside = _Chosen(here, where, paths)
    points = [*_taken(inside.points()), *_taken(inside.switches()), *_taken(inside.substations())]
    lines = list(_taken(inside.lines()))
    return GridMap(tuple(points), tuple(lines), len(points) > MOST or len(lines) > MOST)


def _taken(found: Iterator[MapPoint | MapLine]) -> Iterator:  # type: ignore[type-arg]
    for place, each in enumerate(found):
        if place <= MOST:
            yield each


class _Chosen:
    """What of a grid is asked for."""

    def __init__(self, here: Grid, where: Where, paths: Sequence[str]) -> None:
        self._here, self._grid = here, here.topology
        self._bounds: Bounds | None = None
        self._feeders: set[int] | None = None
        if _is_bounds(where):
            self._bounds = where  # type: ignore[assignment]
        else:
            places = self._grid.feeder_places
            self._feeders = {places[str(code)] for code in where if str(code) in places}
        self._paths = tuple(paths)

    def points(self) -> Iterator[MapPoint]:
        grid = self._grid
        for vertex, kind in enumerate(grid.kinds):
            if kind in LOW_VOLTAGE or kind in CONDUCTORS or not self._vertex(vertex):
                continue
            yield MapPoint(
                grid.codes[vertex],
                self._here.called(grid.codes[vertex]),
                KINDS[kind],
                grid.lat[vertex],
                grid.lon[vertex],
                self._feeder(grid.feeder[vertex]),
                self._path(vertex),
                bool(self._here.supply.live[vertex]),
                self._here.customers_under(grid.codes[vertex]) if kind == TRANSFORMER else 0,
            )

    def lines(self) -> Iterator[MapLine]:
        grid, supply = self._grid, self._here.supply
        for vertex, kind in enumerate(grid.kinds):
            if kind not in CONDUCTORS:
                continue
            ends = [grid.cross[edge] ^ vertex for edge in grid.edges(vertex)]
            if len(ends) != 2 or not any(self._vertex(end) for end in ends):
                continue
            places = [((grid.lat[end], grid.lon[end])) for end in ends]
            if any(isnan(lat) for lat, _ in places) or places[0] == places[1]:
                continue
            yield MapLine(
                grid.codes[vertex],
                self._here.called(grid.codes[vertex]),
                self._feeder(grid.feeder[vertex]),
                bool(supply.live[vertex]),
                any(not supply.carries[edge] for edge in grid.edges(vertex)),
                (places[0], places[1]),
            )

    def switches(self) -> Iterator[MapPoint]:
        """Breakers, and switches that do not stand as they normally do or are normally open."""
        grid, here = self._grid, self._here
        for place, facts in enumerate(grid.switches):
            stands = here.supply.stands[place]
            if not facts.protective and stands == facts.normal and facts.normal:
                continue
            ends = (grid.one[facts.edge], grid.two[facts.edge])
            end = next((each for each in ends if not isnan(grid.lat[each])), -1)
            if end < 0 or not self._near(ends, end):
                continue
            lat = grid.lat[end] if facts.lat is None else facts.lat
            lon = grid.lon[end] if facts.lon is None else facts.lon
            state = "open" if not stands else "closed" if stands == grid.direct(facts.edge) else "partly"
            live = bool(here.supply.live[ends[0]] or here.supply.live[ends[1]])
            feeder = self._feeder(max(grid.feeder[each] for each in ends))
            yield MapPoint(
                facts.code,
                localized(facts.name, facts.name_en),
                SHOWN_SWITCH[facts.kind],
                lat,
                lon,
                feeder,
                facts.unit_path,
                live,
                here.customers_under(facts.code),
                state,
                not facts.normal,
            )

    def substations(self) -> Iterator[MapPoint]:
        for group in self._here.substations:
            if group.lat is None or group.lon is None or not self._place(group.lat, group.lon):
                continue
            if self._feeders is not None and not any(
                self._grid.feeders[place].substation == group.code for place in self._feeders
            ):
                continue
            if group.unit_path.startswith(self._paths):
                live = bool(self._here.live_phases(group.code))
                name = localized(group.name, group.name_en)
                yield MapPoint(group.code, name, "substation", group.lat, group.lon, "", group.unit_path, live, 0)

    def _vertex(self, vertex: int) -> bool:
        grid = self._grid
        if isnan(grid.lat[vertex]) or not self._path(vertex).startswith(self._paths):
            return False
        if self._feeders is not None:
            return grid.feeder[vertex] in self._feeders
        return self._place(grid.lat[vertex], grid.lon[vertex])

    def _near(self, ends: tuple[int, int], end: int) -> bool:
        """Whether a switch is meant, one end of which has a place."""
        grid = self._grid
        if not any(self._path(each).startswith(self._paths) for each in ends):
            return False
        if self._feeders is not None:
            return any(grid.feeder[each] in self._feeders for each in ends)
        return self._place(grid.lat[end], grid.lon[end])

    def _place(self, lat: float, lon: float) -> bool:
        if self._bounds is None:
            return True
        south, west, north, east = self._bounds
        return south <= lat <= north and west <= lon <= east

    def _path(self, vertex: int) -> str:
        grid = self._grid
        code, path = grid.unit_names[grid.units[vertex]]
        feeder = grid.feeder[vertex]
        return path if code or feeder < 0 else grid.feeders[feeder].unit_path

    def _feeder(self, place: int) -> str:
        return self._grid.feeders[place].code if place >= 0 else ""


def _is_bounds(where: Where) -> bool:
    return len(where) == 4 and all(isinstance(each, int | float) for each in where)
