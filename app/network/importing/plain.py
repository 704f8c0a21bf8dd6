"""The plain form: nodes.csv and edges.csv as published for mv_oberrhein.

A node is a source, busbar, junction or distribution transformer; an edge a line with a switch (CB, LBS) named at
either end, or a transformer of a substation. A line that is `normally_open` is open at its first switch. A switch
is called after its line and the end, `L8-1`; a busbar with its source is a substation of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.network.importing.given import Given, GivenGrid

NODES = frozenset({"node_id", "kind", "voltage_kv"})
EDGES = frozenset({"edge_id", "kind", "from_node", "to_node"})

Placed = tuple[str, Mapping[str, str]]
"""Where a row stands, and its cells by header."""


def read(nodes: Iterable[Placed], edges: Iterable[Placed], files: list[str], *, prefix: str = "") -> GivenGrid:
    """The grid of these rows; `prefix` is put before every code."""
    grid = GivenGrid("plain", files)
    for place, row in nodes:
        grid.add(_node(place, row, prefix))
    for place, row in edges:
        _edge(grid, place, row, prefix)
    return grid


def _node(place: str, row: Mapping[str, str], prefix: str) -> Given:
    kind = row.get("kind", "")
    values = {
        "kind": kind,
        "voltage": row.get("voltage_kv") or None,
        "lat": row.get("latitude") or None,
        "lon": row.get("longitude") or None,
        "load": row.get("load_kw") or None,
        "infeed": kind == "source",
    }
    return Given("node", prefix + row.get("node_id", ""), place, values, name=row.get("name", ""))


def _edge(grid: GivenGrid, place: str, row: Mapping[str, str], prefix: str) -> None:
    code, kind = prefix + row.get("edge_id", ""), row.get("kind", "")
    ends = (prefix + row.get("from_node", ""), prefix + row.get("to_node", ""))
    values = {"kind": kind, "from_code": ends[0], "to_code": ends[1], "length": row.get("length_km") or None}
    grid.add(Given("branch", code, place, values, name=row.get("name", "")))
    open_here = row.get("normally_open", "0").strip() in {"1", "true", "True"}
    for end, (node, sort) in enumerate(zip(ends, (row.get("switch_at_from"), row.get("switch_at_to")), strict=True), 1):
        if not sort:
            continue
        stands = "" if open_here else "ABC"
        open_here = False
        switch = {"kind": sort, "from_code": node, "to_code": code, "normal": stands, "protective": sort == "CB"}
        grid.add(Given("switch", f"{code}-{end}", place, switch, name=f"{row.get('name', '')} {sort} {end}"))
    if open_here:
        grid.of("branch")[-1].values["open_without_switch"] = True
