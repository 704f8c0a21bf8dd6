"""Layers, order and coordinates of boxes (after Sugiyama): pure, the same for the same input.

Loops are opened by a walk in depth from the start; each box lies one layer below the last that leads to it; the
order within layers is found by sweeping for means; across, boxes lie as near to their neighbours as order allows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

WIDTH = 216
GAP_X = 36
GAP_Y = 46
LANE = 10
"""Width that an edge takes where it passes a layer."""
SWEEPS = 12
MARGIN = 24
AROUND = 13
"""How far from a box an edge goes around it."""


@dataclass(frozen=True, slots=True)
class Box:
    """What is laid out: its height, and the heights at which its edges leave it."""

    name: str
    height: float


@dataclass(frozen=True, slots=True)
class Edge:
    """From a box, at a depth of its side (`port`; None: from below), to the top of another."""

    source: str
    target: str
    port: float | None


@dataclass(frozen=True, slots=True)
class Point:
    """A place of a route, and the way it goes on there: `dx`, `dy` of length 1."""

    x: float
    y: float
    dx: int
    dy: int


@dataclass(frozen=True, slots=True)
class Route:
    """An edge's points, through a lane of each layer that it passes; `back` leads upwards."""

    edge: Edge
    points: tuple[Point, ...]
    back: bool


@dataclass(frozen=True, slots=True)
class Laid:
    """Where everything lies: the top left corner of each box, routes, the size of the whole."""

    boxes: Mapping[str, tuple[float, float]]
    routes: tuple[Route, ...]
    width: float
    height: float


@dataclass(slots=True)
class _Lanes:
    layers: list[list[str]]
    widths: dict[str, float]
    links: list[tuple[str, str]] = field(default_factory=list)
    chains: list[list[str]] = field(default_factory=list)


def lay_out(boxes: Sequence[Box], edges: Sequence[Edge], start: str) -> Laid:
    """Lay boxes out. `boxes` are in the order of the file, which decides where nothing else does."""
    if not boxes:
        return Laid({}, (), 2 * MARGIN, 2 * MARGIN)
    names = [box.name for box in boxes]
    back = _back_edges(names, edges, start)
    layer = _layers(names, [edge for place, edge in enumerate(edges) if place not in back])
    lanes = _with_lanes(boxes, edges, back, layer)
    order = _ordered(lanes)
    return _placed(boxes, edges, back=back, layer=layer, lanes=lanes, lefts=_across(order, lanes))


def _back_edges(names: Sequence[str], edges: Sequence[Edge], start: str) -> set[int]:
    """Edges that close a loop in a walk in depth, and those from a box to itself."""
    out: dict[str, list[tuple[int, str]]] = {name: [] for name in names}
    for place, edge in enumerate(edges):
        out[edge.source].append((place, edge.target))
    state: dict[str, int] = {}
    back: set[int] = set()
    for root in [start, *names]:
        if root not in out or root in state:
            continue
        state[root] = 1
        stack = [(root, iter(out[root]))]
        while stack:
            name, following = stack[-1]
            for place, target in following:
                if state.get(target) == 1:
                    back.add(place)
                elif target not in state:
                    state[target] = 1
                    stack.append((target, iter(out[target])))
                    break
            else:
                state[name] = 2
                stack.pop()
    return back


def _layers(names: Sequence[str], edges: Sequence[Edge]) -> dict[str, int]:
    """The length of the longest way to each box."""
    coming = {name: 0 for name in names}
    out: dict[str, list[str]] = {name: [] for name in names}
    for edge in edges:
        coming[edge.target] += 1
        out[edge.source].append(edge.target)
    layer = {name: 0 for name in names}
    waiting = [name for name in names if coming[name] == 0]
    for name in waiting:
        for target in out[name]:
            layer[target] = max(layer[target], layer[name] + 1)
            coming[target] -= 1
            if coming[target] == 0:
                waiting.append(target)
    return layer


def _with_lanes(boxes: Sequence[Box], edges: Sequence[Edge], back: set[int], layer: Mapping[str, int]) -> _Lanes:
    """Boxes by layer, and a lane for each layer that an edge passes."""
    count = max(layer.values()) + 1
    lanes = _Lanes([[] for _ in range(count)], {box.name: float(WIDTH) for box in boxes})
    for box in boxes:
        lanes.layers[layer[box.name]].append(box.name)
    for place, edge in enumerate(edges):
        source, target = layer[edge.source], layer[edge.target]
        passed = range(source, target - 1, -1) if place in back else range(source + 1, target)
        chain = []
        for at in passed:
            name = f"lane {place} {at}"
            lanes.layers[at].append(name)
            lanes.widths[name] = LANE
            chain.append(name)
        lanes.chains.append(chain)
        way = [edge.source, *chain, edge.target]
        lanes.links += pairwise(chain if place in back else way)
    return lanes


def _neighbours(lanes: _Lanes) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    before: dict[str, list[str]] = {name: [] for name in lanes.widths}
    after: dict[str, list[str]] = {name: [] for name in lanes.widths}
    place = {name: at for at, layer in enumerate(lanes.layers) for name in layer}
    for one, other in lanes.links:
        left, right = (one, other) if place[one] < place[other] else (other, one)
        before[right].append(left)
        after[left].append(right)
    return before, after


def _ordered(lanes: _Lanes) -> list[list[str]]:
    """The order of each layer with the fewest crossings that sweeping finds."""
    before, after = _neighbours(lanes)
    layers = [list(layer) for layer in lanes.layers]
    best, fewest = [list(layer) for layer in layers], _crossings(layers, lanes.links)
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 0
        sides = before if forward else after
        steps = range(1, len(layers)) if forward else range(len(layers) - 2, -1, -1)
        for at in steps:
            fixed = {name: place for place, name in enumerate(layers[at - 1 if forward else at + 1])}
            own = {name: place for place, name in enumerate(layers[at])}
            layers[at].sort(key=lambda name: (_middle(name, sides, fixed, own), own[name]))
        crossings = _crossings(layers, lanes.links)
        if crossings < fewest:
            best, fewest = [list(layer) for layer in layers], crossings
    return best


def _middle(name: str, sides: Mapping[str, Sequence[str]], fixed: Mapping[str, int], own: Mapping[str, int]) -> float:
    places = [fixed[other] for other in sides[name] if other in fixed]
    return sum(places) / len(places) if places else float(own[name])


def _crossings(layers: Sequence[Sequence[str]], links: Iterable[tuple[str, str]]) -> int:
    place = {name: (at, number) for at, layer in enumerate(layers) for number, name in enumerate(layer)}
    between: dict[int, list[tuple[int, int]]] = {}
    for one, other in links:
        (left, a), (right, b) = sorted((place[one], place[other]))
        if right == left + 1:
            between.setdefault(left, []).append((a, b))
    return sum(
        (a - c) * (b - d) < 0
        for pairs in between.values()
        for number, (a, b) in enumerate(pairs)
        for c, d in pairs[:number]
    )


def _across(layers: Sequence[Sequence[str]], lanes: _Lanes) -> dict[str, float]:
    """The left side of everything: as near to the middle of its neighbours as the order allows."""
    before, after = _neighbours(lanes)
    lefts: dict[str, float] = {}
    for layer in layers:
        x = 0.0
        for name in layer:
            lefts[name] = x
            x += lanes.widths[name] + GAP_X
    for sweep in range(SWEEPS):
        sides = before if sweep % 2 == 0 else after
        for layer in layers if sweep % 2 == 0 else reversed(layers):
            wanted = [_wanted(name, sides[name], lefts, lanes.widths) for name in layer]
            lefts |= zip(layer, _apart(wanted, [lanes.widths[name] for name in layer]), strict=True)
    lowest = min(lefts.values(), default=0.0)
    return {name: left - lowest for name, left in lefts.items()}


def _wanted(name: str, near: Sequence[str], lefts: Mapping[str, float], widths: Mapping[str, float]) -> float:
    if not near:
        return lefts[name]
    middle = sum(lefts[other] + widths[other] / 2 for other in near) / len(near)
    return middle - widths[name] / 2


def _apart(wanted: Sequence[float], widths: Sequence[float]) -> list[float]:
    """Positions in this order, not touching, with the least sum of squares to what is wanted."""
    offsets: list[float] = []
    total = 0.0
    for width in widths:
        offsets.append(total)
        total += width + GAP_X
    blocks: list[list[float]] = []  # sum, count
    for value, offset in zip(wanted, offsets, strict=True):
        blocks.append([value - offset, 1])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] > blocks[-1][0] / blocks[-1][1]:
            value_sum, count = blocks.pop()
            blocks[-1][0] += value_sum
            blocks[-1][1] += count
    levels = [total / count for total, count in blocks for _ in range(int(count))]
    return [level + offset for level, offset in zip(levels, offsets, strict=True)]


def _placed(
    boxes: Sequence[Box],
    edges: Sequence[Edge],
    *,
    back: set[int],
    layer: Mapping[str, int],
    lanes: _Lanes,
    lefts: Mapping[str, float],
) -> Laid:
    deep = [0.0] * (max(layer.values()) + 1)
    for box in boxes:
        deep[layer[box.name]] = max(deep[layer[box.name]], box.height)
    tops = [MARGIN + sum(deep[:at]) + GAP_Y * at for at in range(len(deep))]
    corners = {box.name: (MARGIN + lefts[box.name], tops[layer[box.name]]) for box in boxes}
    heights = {box.name: box.height for box in boxes}
    routes = []
    for place, edge in enumerate(edges):
        leads_back = place in back
        source, target = layer[edge.source], layer[edge.target]
        passed = range(source, target - 1, -1) if leads_back else range(source + 1, target)
        middles = [MARGIN + lefts[lane] + LANE / 2 for lane in lanes.chains[place]]
        aim = middles[0] if middles else corners[edge.target][0] + WIDTH / 2
        points = _leaving(edge, corners[edge.source], heights[edge.source], aim)
        depth = points[0].y - 8 if edge.port is not None else tops[source] + deep[source]
        if leads_back:
            points = points[:1]
        for at, x in zip(passed, middles, strict=True):
            top, bottom = tops[at], tops[at] + deep[at]
            if leads_back:
                points += [Point(x, depth if at == source else bottom, 0, -1), Point(x, top, 0, -1)]
            else:
                points += [Point(x, top, 0, 1), Point(x, bottom, 0, 1)]
        x, y = corners[edge.target]
        points.append(Point(x + WIDTH / 2, y, 0, 1))
        routes.append(Route(edge, tuple(points), leads_back))
    width = max(MARGIN + lefts[name] + lanes.widths[name] for name in lefts) + MARGIN
    return Laid(corners, tuple(routes), width, tops[-1] + deep[-1] + MARGIN)


def _leaving(edge: Edge, corner: tuple[float, float], height: float, aim: float) -> list[Point]:
    """How an edge leaves its box: from below, or at the side of its row that is nearer to where it goes, around
    the box where that lies below it."""
    x, y = corner
    if edge.port is None:
        return [Point(x + WIDTH / 2, y + height, 0, 1)]
    right = aim >= x + WIDTH / 2
    side, way = (x + WIDTH, 1) if right else (x, -1)
    points = [Point(side, y + edge.port, way, 0)]
    if x - AROUND < aim < x + WIDTH + AROUND:
        points.append(Point(side + AROUND * way, y + height, 0, 1))
    return points
