"""What a file leaves out but its grid tells: substations around busbars, a feeder at each breaker on a busbar."""

from __future__ import annotations

from collections import defaultdict

from app.network.importing.given import Given, GivenGrid


def derive(grid: GivenGrid) -> None:
    """Add substations and feeders where the file has none of its own."""
    if not grid.of("substation"):
        _substations(grid)
    if not grid.of("feeder"):
        _feeders(grid)


def _substations(grid: GivenGrid) -> None:
    """One for each power transformer: its source and busbar; else one for each busbar."""
    nodes = {node.code: node for node in grid.of("node")}
    for branch in grid.of("branch"):
        if branch.get("kind") == "power_transformer":
            ends = [nodes[code] for code in (branch.get("from_code"), branch.get("to_code")) if code in nodes]
            _substation(grid, f"{branch.code}-S", branch.place, ends)
    for node in grid.of("node"):
        if node.get("kind") == "busbar" and not node.get("substation_code"):
            _substation(grid, f"{node.code}-S", node.place, [node])


def _substation(grid: GivenGrid, code: str, place: str, members: list[Given]) -> None:
    known = next((node.get("substation_code") for node in members if node.get("substation_code")), "")
    if not known:
        where = {name: next((node.get(name) for node in members if node.get(name)), None) for name in ("lat", "lon")}
        highest = max((float(node.get("voltage") or 0) for node in members), default=0.0)
        named = next((node.name for node in members if node.name), "")
        grid.add(Given("substation", code, place, {"voltage": highest or None, **where}, name=named))
    for node in members:
        node.values["substation_code"] = known or code


def _feeders(grid: GivenGrid) -> None:
    """Each switch between a busbar and a line begins a feeder; it becomes a CB, a busbar's lines without one do not."""
    nodes = {node.code: node for node in grid.of("node")}
    kinds = {branch.code: branch.get("kind") for branch in grid.of("branch")}
    counted: dict[str, int] = defaultdict(int)
    for switch in grid.of("switch"):
        ends = (switch.get("from_code"), switch.get("to_code"))
        busbar = next((nodes[end] for end in ends if end in nodes and nodes[end].get("kind") == "busbar"), None)
        if busbar is None or not any(kinds.get(end) in {"line", "cable"} for end in ends):
            continue
        counted[busbar.code] += 1
        switch.values["kind"], switch.values["protective"] = "CB", True
        values = {
            "breaker_code": switch.code,
            "busbar_code": busbar.code,
            "substation_code": busbar.get("substation_code"),
            "voltage": busbar.get("voltage"),
        }
        name = switch.get("feeder_name") or f"{busbar.name} {counted[busbar.code]}"
        code = switch.get("feeder_code") or f"{busbar.code}-F{counted[busbar.code]}"
        grid.add(Given("feeder", code, switch.place, values, name=name, unit_code=switch.unit_code))
