"""The one-line diagram (单线图) of a feeder, laid out: places for an SVG, plain values.

The layout follows the feeder as it normally stands, so that a picture keeps its shape; colours follow the present.
The longest way is drawn straight, each branch below what is there already: those further out first, so that no
line crosses another.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from app.network.grid import UnknownDevice, current
from app.network.grid.model import Grid
from app.network.grid.topology import CONDUCTORS, LOW_VOLTAGE, SHOWN_SWITCH, TRANSFORMER, Topology

STEP_X, STEP_Y, MARGIN = 104, 62, 52
"""Pixels between nodes, between rows, and around."""


@dataclass(frozen=True, slots=True)
class DrawnSwitch:
    """A switch on an edge: `at` is the share of the way from the edge's beginning. `state`: closed, open or partly."""

    code: str
    name: str
    kind: str
    state: str
    normally_open: bool
    protective: bool
    at: float


@dataclass(frozen=True, slots=True)
class DrawnNode:
    """A busbar, junction or transformer at (x, y); `customers` hang on it now.

    `label` is the name without the words it begins with like its feeder's: the picture says those already.
    """

    code: str
    name: str
    label: str
    kind: str
    x: int
    y: int
    live: bool
    customers: int


@dataclass(frozen=True, slots=True)
class DrawnEdge:
    """A line between two points, first down its column, then along its row; `leads_to` names what a tie leads to."""

    code: str
    name: str
    x1: int
    y1: int
    x2: int
    y2: int
    live: bool
    switches: tuple[DrawnSwitch, ...]
    leads_to: str = ""
    leads_to_code: str = ""


@dataclass(frozen=True, slots=True)
class OneLine:
    """A feeder as drawn, with the size of the picture."""

    code: str
    name: str
    width: int
    height: int
    nodes: tuple[DrawnNode, ...]
    edges: tuple[DrawnEdge, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """From a node to the next: over a line (or -1, a switch alone), by edges; `below` is -1 where a tie leads away."""

    line: int
    edges: tuple[int, ...]
    below: int


@dataclass(slots=True)
class Layout:
    """Places of vertices by column and row; `lowest` is the lowest row used in each column."""

    spots: dict[int, tuple[int, int]] = field(default_factory=dict)
    ties: list[tuple[int, Step, int, int]] = field(default_factory=list)
    lowest: dict[int, int] = field(default_factory=dict)

    @property
    def width(self) -> int:
        return max(self.lowest, default=0) + 1

    @property
    def height(self) -> int:
        return max(self.lowest.values(), default=0) + 1

    def take(self, column: int, row: int) -> None:
        self.lowest[column] = max(self.lowest.get(column, 0), row)

    def put(self, block: Layout, column: int) -> int:
        """Add a block below all that is there in its columns; returns the row it begins in.

        The line down to it runs in the column before.
        """
        columns = range(column, column + block.width)
        row = 1 + max((self.lowest.get(each, 0) for each in columns), default=0)
        self.spots |= {vertex: (x + column, y + row) for vertex, (x, y) in block.spots.items()}
        self.ties += [(vertex, step, x + column, y + row) for vertex, step, x, y in block.ties]
        for each in columns:
            self.take(each, row + block.height - 1)
        self.take(column - 1, row)
        return row


def one_line(feeder_code: str, now: datetime) -> OneLine:
    """The diagram of a feeder; raises `UnknownDevice`."""
    here = current(now)
    grid = here.topology
    place = grid.feeder_places.get(feeder_code, -1)
    if place < 0 or grid.feeders[place].breaker not in grid.switch_places:
        raise UnknownDevice(feeder_code)
    top = _top(grid, place)
    steps = {vertex: list(_steps(grid, vertex, place)) for vertex in _nodes(grid, top, place)}
    layout = _laid_out(top, steps)
    return OneLine(
        feeder_code,
        here.called(feeder_code),
        2 * MARGIN + layout.width * STEP_X,
        2 * MARGIN + layout.height * STEP_Y,
        tuple(_node(here, vertex, spot, feeder_code) for vertex, spot in layout.spots.items()),
        tuple(_edges(here, steps, layout)),
    )


def _top(grid: Topology, feeder: int) -> int:
    """The vertex on the source's side of the feeder's breaker."""
    facts = grid.switches[grid.switch_places[grid.feeders[feeder].breaker]]
    ends = (grid.one[facts.edge], grid.two[facts.edge])
    return next((end for end in ends if grid.feeder[end] != feeder), ends[0])


def _nodes(grid: Topology, top: int, feeder: int) -> list[int]:
    """The top and all nodes of the feeder that it normally supplies, each after the one before it."""
    found = [top]
    for vertex in found:
        found += [step.below for step in _steps(grid, vertex, feeder) if step.below >= 0]
    return found


def _steps(grid: Topology, vertex: int, feeder: int) -> Iterator[Step]:
    """Where the feeder goes on from a node, and its ties there."""
    for edge in grid.edges(vertex):
        other = grid.cross[edge] ^ vertex
        if edge == grid.hung[vertex] or grid.kinds[other] in LOW_VOLTAGE:
            continue
        if not _within(grid, vertex, other, edge, feeder):
            continue
        if grid.kinds[other] not in CONDUCTORS:
            below = other if grid.hung[other] == edge else -1
            yield Step(-1, (edge,), below)
            continue
        yield from _over(grid, other, edge)


def _within(grid: Topology, vertex: int, other: int, edge: int, feeder: int) -> bool:
    """On a busbar only this feeder's own way; elsewhere all that does not come from above."""
    if grid.feeder[vertex] == feeder:
        return grid.hung[vertex] < 0 or (grid.cross[grid.hung[vertex]] ^ vertex) != other
    return grid.feeder[other] == feeder and grid.hung[other] == edge


def _over(grid: Topology, line: int, first: int) -> Iterator[Step]:
    """Over a line to the node at its other end."""
    for edge in grid.edges(line):
        if edge != first:
            beyond = grid.cross[edge] ^ line
            hangs = grid.hung[beyond] == edge and grid.hung[line] == first
            yield Step(line, (first, edge), beyond if hangs else -1)
            return
    yield Step(line, (first,), -1)


def _laid_out(top: int, steps: dict[int, list[Step]]) -> Layout:
    depth: dict[int, int] = {}
    for vertex in reversed(list(steps)):
        depth[vertex] = 1 + max((depth[step.below] for step in steps[vertex] if step.below >= 0), default=0)
    return _block(steps, depth, top)


def _block(steps: dict[int, list[Step]], depth: dict[int, int], start: int) -> Layout:
    """The longest way from a node drawn straight; what leaves it, from the far end on, below what is there already."""
    chain, layout = [start], Layout()
    while following := [step.below for step in steps[chain[-1]] if step.below >= 0]:
        chain.append(max(following, key=lambda below: depth[below]))
    for column, vertex in enumerate(chain):
        layout.spots[vertex] = (column, 0)
        layout.take(column, 0)
    straight = True
    for column, vertex in reversed(list(enumerate(chain))):
        for step in steps[vertex]:
            if step.below in layout.spots:
                continue
            if step.below >= 0:
                layout.put(_block(steps, depth, step.below), column + 1)
                continue
            row = 0 if straight and vertex == chain[-1] else layout.put(_end(), column + 1)
            straight = False
            for beside in (column + 1, column + 2):
                layout.take(beside, row)
            layout.ties.append((vertex, step, column + 1, row))
    return layout


def _end() -> Layout:
    """The place of a tie's end, with the name of what it leads to beside it."""
    return Layout(lowest={0: 0, 1: 0})


def _node(here: Grid, vertex: int, spot: tuple[int, int], feeder: str) -> DrawnNode:
    grid = here.topology
    info = here.info(grid.codes[vertex])
    x, y = _pixels(spot)
    own = here.customers_under(info.code) if grid.kinds[vertex] == TRANSFORMER else 0
    name = here.called(info.code)
    label = _apart(name, here.called(feeder))
    return DrawnNode(info.code, name, label, info.kind, x, y, bool(here.supply.live[vertex]), own)


def _apart(name: str, feeder: str) -> str:
    """A name without the words at its beginning that are its feeder's too."""
    words, others = name.split(" "), feeder.split(" ")
    same = next((n for n, pair in enumerate(zip(words, others, strict=False)) if pair[0] != pair[1]), len(others))
    return " ".join(words[same:]) or name


def _edges(here: Grid, steps: dict[int, list[Step]], layout: Layout) -> Iterator[DrawnEdge]:
    for vertex, onward in steps.items():
        for step in onward:
            if step.below >= 0:
                yield _edge(here, step, layout.spots[vertex], layout.spots[step.below])
    for vertex, step, column, row in layout.ties:
        yield _edge(here, step, layout.spots[vertex], (column, row), tie=True)


def _edge(here: Grid, step: Step, start: tuple[int, int], end: tuple[int, int], *, tie: bool = False) -> DrawnEdge:
    grid, supply = here.topology, here.supply
    shares = {1: (0.5,), 2: (0.3, 0.8)}[len(step.edges)]
    switches = tuple(
        _switch(here, grid.switch_at[edge], share)
        for edge, share in zip(step.edges, shares, strict=True)
        if grid.switch_at[edge] >= 0
    )
    last = step.edges[-1]
    leads = ("", "")
    if tie:
        leads = _leads_to(here, step)
    line = step.line if step.line >= 0 else grid.one[last]
    code = grid.codes[step.line] if step.line >= 0 else switches[0].code if switches else ""
    name = here.called(code) if code else ""
    (x1, y1), (x2, y2) = _pixels(start), _pixels(end)
    return DrawnEdge(code, name, x1, y1, x2, y2, bool(supply.live[line]), switches, *leads)


def _leads_to(here: Grid, step: Step) -> tuple[str, str]:
    """The name and code of the feeder behind a tie; where it is the same feeder, of the node."""
    grid = here.topology
    ends = {end for edge in step.edges for end in (grid.one[edge], grid.two[edge])} - {step.line}
    first = {grid.one[step.edges[0]], grid.two[step.edges[0]]} - {step.line}
    beyond = next(iter(ends - first), -1)
    if beyond < 0:
        return "", ""
    feeder = grid.feeder[beyond]
    near = next(iter(first))
    if feeder >= 0 and feeder != grid.feeder[near]:
        return here.called(grid.feeders[feeder].code), grid.feeders[feeder].code
    return here.called(grid.codes[beyond]), grid.codes[beyond]


def _switch(here: Grid, place: int, share: float) -> DrawnSwitch:
    grid = here.topology
    facts, stands = grid.switches[place], here.supply.stands[place]
    full = grid.direct(facts.edge)
    state = "closed" if stands & full == full else "partly" if stands & full else "open"
    return DrawnSwitch(
        facts.code, here.called(facts.code), SHOWN_SWITCH[facts.kind], state, not facts.normal, facts.protective, share
    )


def _pixels(spot: tuple[int, int]) -> tuple[int, int]:
    return MARGIN + spot[0] * STEP_X, MARGIN + spot[1] * STEP_Y
