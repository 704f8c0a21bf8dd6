"""The grid as a graph that never changes once built: vertices, the edges between them, the switches in edges.

A vertex is anything that conducts: nodes, but also lines, low-voltage branches and meter boxes, because a
switch at the end of a line stands between the node and the line. An edge joins two vertices, through a
switch or directly. Phases are bits: A 1, B 2, C 4.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field

A, B, C = 1, 2, 4
LETTERS = "ABC"

KINDS = (
    *("source", "busbar", "junction", "distribution_transformer"),
    *("line", "cable", "power_transformer", "lv_branch", "meter_box"),
)
KIND = {name: place for place, name in enumerate(KINDS)}
TRANSFORMER = KIND["distribution_transformer"]
CONDUCTORS = frozenset({KIND["line"], KIND["cable"], KIND["power_transformer"]})
LOW_VOLTAGE = frozenset({KIND["lv_branch"], KIND["meter_box"]})
SHOWN_SWITCH = {
    "CB": "feeder_breaker",
    "breaker": "breaker",
    "LBS": "switch",
    "disconnector": "switch",
    "fuse": "fuse",
}


def mask(phases: str) -> int:
    """The bits of phases: `"AC"` is 5; letters that are no phase (N) count nothing."""
    return sum(1 << LETTERS.index(letter) for letter in set(phases) if letter in LETTERS)


def letters(bits: int) -> str:
    """The phases of bits: 5 is `"AC"`."""
    return "".join(letter for place, letter in enumerate(LETTERS) if bits >> place & 1)


@dataclass(frozen=True, slots=True)
class SwitchFacts:
    """A switch: its edge, kind, normal closed phases, whether it trips by itself."""

    code: str
    name: str
    name_en: str
    kind: str
    edge: int
    normal: int
    protective: bool
    unit_code: str
    unit_path: str
    lat: float | None
    lon: float | None


@dataclass(frozen=True, slots=True)
class Group:
    """A substation or a feeder: what has a code but is no vertex. `breaker` is a feeder's switch."""

    code: str
    name: str
    name_en: str
    unit_code: str
    unit_path: str
    substation: str = ""
    breaker: str = ""
    lat: float | None = None
    lon: float | None = None


@dataclass(slots=True)
class Topology:
    """Built once by `grid.building`, then only read, by any thread.

    `around[start[v]:start[v + 1]]` are the edges at vertex v; the other end of edge e is `cross[e] ^ v`.
    `english` are the English names there are, `own` a vertex's phases, `normals` the normally closed phases of the
    switches. `transformer` is the distribution transformer of a low-voltage vertex, `feeder` where a vertex belongs
    while all switches stand as they normally do, `hung` the edge it is supplied through then.
    """

    codes: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    english: dict[int, str] = field(default_factory=dict)
    kinds: bytearray = field(default_factory=bytearray)
    own: bytearray = field(default_factory=bytearray)
    units: array[int] = field(default_factory=lambda: array("i"))
    unit_names: list[tuple[str, str]] = field(default_factory=list)
    lat: array[float] = field(default_factory=lambda: array("d"))
    lon: array[float] = field(default_factory=lambda: array("d"))
    places: dict[str, int] = field(default_factory=dict)
    one: array[int] = field(default_factory=lambda: array("i"))
    two: array[int] = field(default_factory=lambda: array("i"))
    cross: array[int] = field(default_factory=lambda: array("i"))
    switch_at: array[int] = field(default_factory=lambda: array("i"))
    start: array[int] = field(default_factory=lambda: array("i"))
    around: array[int] = field(default_factory=lambda: array("i"))
    sources: Sequence[int] = ()
    switches: list[SwitchFacts] = field(default_factory=list)
    switch_places: dict[str, int] = field(default_factory=dict)
    normals: bytes = b""
    transformer: array[int] = field(default_factory=lambda: array("i"))
    feeder: array[int] = field(default_factory=lambda: array("i"))
    hung: array[int] = field(default_factory=lambda: array("i"))
    feeders: list[Group] = field(default_factory=list)
    feeder_places: dict[str, int] = field(default_factory=dict)
    feeder_of_breaker: dict[str, int] = field(default_factory=dict)
    substations: dict[str, Group] = field(default_factory=dict)
    in_substation: dict[int, str] = field(default_factory=dict)

    def edges(self, vertex: int) -> array[int]:
        """The edges at a vertex."""
        return self.around[self.start[vertex] : self.start[vertex + 1]]

    def direct(self, edge: int) -> int:
        """The phases an edge can carry while its switch is closed."""
        return self.own[self.one[edge]] & self.own[self.two[edge]]
