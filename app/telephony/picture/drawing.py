"""What the picture shows of a flow, as plain values for the template that writes the SVG."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Protocol

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.kernel.i18n import localized
from app.telephony.ivr.flow import Exit, Flow, FlowSet, Node, Target
from app.telephony.ivr.verbs import VERBS
from app.telephony.picture.layout import WIDTH, Box, Edge, Route, lay_out

HEAD = 44
ROW = 20
WIDE = 13.2
NARROW = 7.2
"""Widths of a Chinese and of a Latin letter at the size of the picture's words."""

LABELS: Mapping[str, Any] = {
    "next": _l("next"),
    "no_input": _l("no input"),
    "wrong_input": _l("wrong input"),
    "error": _l("error"),
    "timeout": _l("time over"),
    "otherwise": _l("otherwise"),
    "open": _l("in service hours"),
    "closed": _l("out of service hours"),
    "holiday": _l("holiday"),
    "none": _l("none"),
    "shut": _l("service ended"),
    "body": _l("each round"),
    "refused": _l("not identified"),
    "too_short": _l("too short"),
    "full": _l("queue full"),
    "no_agents": _l("no agents"),
    "busy": _l("busy"),
    "no_answer": _l("no answer"),
    "failed": _l("failed"),
    "nobody": _l("nobody waits"),
}


class Counted(Protocol):
    """How often callers came to a node, and hung up there."""

    @property
    def entered(self) -> int: ...
    @property
    def hangups(self) -> int: ...
    @property
    def lost(self) -> float: ...
    @property
    def exits(self) -> Mapping[str, int]: ...


@dataclass(frozen=True, slots=True)
class Row:
    """An exit in a box. `key` is the key that is pressed, `outside` where it leads if to no node of this flow."""

    label: str
    key: str
    words: str
    full: str
    outside: str
    kind: str
    y: float
    count: int | None


@dataclass(frozen=True, slots=True)
class Drawn:
    """A node as it is drawn: its corner, size, words, and `heat` 0 to 4 for the share of callers lost here."""

    name: str
    kind: str
    verb: str
    icon: str
    title: str
    full: str
    x: float
    y: float
    height: float
    rows: tuple[Row, ...]
    spoken: str
    line: int
    start: bool
    entered: int | None
    lost: float
    heat: int


@dataclass(frozen=True, slots=True)
class Line:
    """An edge as it is drawn: a path of SVG."""

    source: str
    target: str
    label: str
    kind: str
    path: str
    back: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole."""

    flow: str
    title: str
    nodes: tuple[Drawn, ...]
    lines: tuple[Line, ...]
    width: float
    height: float
    box_width: int = WIDTH


def picture(flows: FlowSet, flow: Flow, counts: Mapping[str, Counted] | None = None) -> Picture:
    """Draw a flow, with the counts of callers where they are given."""
    exits = {node.name: _drawn_exits(flows, flow, node) for node in flow.nodes.values()}
    boxes, edges, labels = [], [], []
    for node in flow.nodes.values():
        listed = _listed(exits[node.name])
        boxes.append(Box(node.name, HEAD + ROW * len(listed) + (6 if listed else 0)))
        for found in exits[node.name]:
            if found.target.kind == "node" and found.target.name in flow.nodes:
                row = listed.index(found) if found in listed else None
                port = None if row is None else HEAD + ROW * row + ROW / 2
                edges.append(Edge(node.name, found.target.name, port))
                labels.append(found)
    laid = lay_out(boxes, edges, flow.start)
    heights = {box.name: box.height for box in boxes}
    nodes = tuple(
        _node(
            flows,
            flow,
            node,
            exits=exits[node.name],
            corner=laid.boxes[node.name],
            height=heights[node.name],
            counts=counts,
        )
        for node in flow.nodes.values()
    )
    lines = tuple(_line(route, found) for route, found in zip(laid.routes, labels, strict=True))
    return Picture(flow.name, localized(flow.title, flow.title_en), nodes, lines, laid.width, laid.height)


def _drawn_exits(flows: FlowSet, flow: Flow, node: Node) -> list[Exit]:
    return [found for found in VERBS[node.kind].exits(node, flow, flows) if found.own]


def _listed(exits: list[Exit]) -> list[Exit]:
    """The exits that need a row: all but a sole way on to another node."""
    if len(exits) == 1 and exits[0].label == "next" and exits[0].target.kind == "node":
        return []
    return exits


def _node(
    flows: FlowSet,
    flow: Flow,
    node: Node,
    *,
    exits: list[Exit],
    corner: tuple[float, float],
    height: float,
    counts: Mapping[str, Counted] | None,
) -> Drawn:
    verb = VERBS[node.kind]
    counted = counts.get(node.name) if counts is not None else None
    title = localized(node.title, node.title_en) or node.name
    rows = tuple(_row(flows, found, n, counted) for n, found in enumerate(_listed(exits)))
    ways = [f"{row.full} → {row.outside or found.target}" for row, found in zip(rows, _listed(exits), strict=True)]
    spoken = f"{verb.title}: {title}" + (f". {'; '.join(ways)}" if ways else "")
    if counted is not None:
        spoken += ". " + _("%(count)s came, %(lost)s %% hung up here", count=counted.entered, lost=counted.lost)
    return Drawn(
        name=node.name,
        kind=node.kind,
        verb=str(verb.title),
        icon=verb.icon,
        title=_fitted(title, WIDTH - 52),
        full=title,
        x=corner[0],
        y=corner[1],
        height=height,
        rows=rows,
        spoken=spoken,
        line=node.line,
        start=node.name == flow.start,
        entered=counted.entered if counted is not None else (0 if counts is not None else None),
        lost=counted.lost if counted is not None else 0.0,
        heat=_heat(counted),
    )


def _row(flows: FlowSet, found: Exit, number: int, counted: Counted | None) -> Row:
    key = found.label.removeprefix("key ") if found.label.startswith("key ") else ""
    words = localized(found.title, found.title_en) or ("" if key else _label(found.label))
    outside = "" if found.target.kind == "node" else _outside(flows, found.target)
    count = counted.exits.get(found.label, 0) if counted is not None else None
    room = WIDTH - 24 - (20 if key else 0) - (_width(str(count)) + 8 if count else 0)
    shown = f"{words} → {outside}" if outside and words else f"→ {outside}" if outside else words
    full = f"{key} {words}".strip() or str(found.label)
    return Row(found.label, key, _fitted(shown, room), full, outside, found.kind, HEAD + ROW * number, count)


def _label(label: str) -> str:
    if label.startswith("exit "):
        return label.removeprefix("exit ")
    return str(LABELS.get(label, label))


def _outside(flows: FlowSet, target: Target) -> str:
    match target.kind:
        case "flow":
            flow = flows.flows.get(target.name)
            return localized(flow.title, flow.title_en) if flow else target.name
        case "return":
            words = _("back to the flow before")
            return f"{words} ({target.name})" if target.name != "done" else str(words)
        case "hangup":
            return str(_("end of the call"))
        case _:
            return str(target)


def _line(route: Route, found: Exit) -> Line:
    return Line(route.edge.source, route.edge.target, found.label, found.kind, _path(route), route.back)


def _path(route: Route) -> str:
    """Curves that leave and arrive the way their points say, straight within lanes."""
    first = route.points[0]
    parts = [f"M{first.x:.0f} {first.y:.0f}"]
    for a, b in pairwise(route.points):
        if a.x == b.x and a.dx == b.dx == 0 and a.dy == b.dy:
            parts.append(f"V{b.y:.0f}")
            continue
        bend = max(10.0, min((abs(b.x - a.x) + abs(b.y - a.y)) / 3, 54.0))
        parts.append(
            f"C{a.x + bend * a.dx:.0f} {a.y + bend * a.dy:.0f} {b.x - bend * b.dx:.0f} {b.y - bend * b.dy:.0f} "
            f"{b.x:.0f} {b.y:.0f}"
        )
    return " ".join(parts)


def _heat(counted: Counted | None) -> int:
    if counted is None or not counted.entered:
        return 0
    return next(level for level, share in ((4, 30), (3, 15), (2, 7), (1, 2), (0, 0)) if counted.lost >= share)


def _width(text: str) -> float:
    return sum(WIDE if ord(letter) > 0x2E7F else NARROW for letter in text)


def _fitted(text: str, room: float) -> str:
    if _width(text) <= room:
        return text
    kept = ""
    for letter in text:
        if _width(kept + letter) + NARROW > room:
            break
        kept += letter
    return kept + "…"
