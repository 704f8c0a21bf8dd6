"""Below a transformer: low-voltage lines become branches, consumers meter boxes, usage points customers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from app.network.importing.cim.connections import CONSUMERS, SWITCHES, Connections
from app.network.importing.cim.parsing import Thing
from app.network.importing.given import Given, GivenGrid


def add_low_voltage(grid: GivenGrid, at: Connections, low: set[str], transformers: list[tuple[Thing, str]]) -> None:
    """Walk outwards from each transformer's low side; a node reached before is not walked again."""
    seen: set[str] = set()
    boxes: dict[str, str] = {}
    for transformer, start in transformers:
        if start:
            _walk(grid, at, low, transformer, start, seen, boxes)
    for point in at.model.of("UsagePoint"):
        for equipment in point.refs.get("UsagePoint.Equipments", ()):
            thing = at.model.get(equipment)
            code = boxes.get(equipment) or (thing.code if thing else "")
            column = "meter_box" if equipment in boxes else "transformer_code"
            number = point.name or point.code
            grid.add(Given("customer", number, point.place, {"number": number, column: code}))


def _walk(  # noqa: PLR0917 - the state of one walk
    grid: GivenGrid,
    at: Connections,
    low: set[str],
    transformer: Thing,
    start: str,
    seen: set[str],
    boxes: dict[str, str],
) -> None:
    over: dict[str, str] = defaultdict(str)
    todo = [start]
    done: set[str] = set()
    for node in todo:
        if node in seen:
            continue
        seen.add(node)
        for thing in at.touching.get(node, ()):
            if thing.id in done:
                continue
            done.add(thing.id)
            if thing.cls in CONSUMERS:
                boxes[thing.id] = thing.code
                _box(grid, at, thing, transformer.code, over[node])
            elif thing.cls == "ACLineSegment" or thing.cls in SWITCHES:
                beyond = next((each for each in at.nodes(thing) if each != node), "")
                if thing.cls == "ACLineSegment":
                    values = {"transformer_code": transformer.code, "parent_code": over[node]}
                    grid.add(_named("lv_branch", thing, values, at.phases(thing)))
                if beyond in low and beyond not in seen:
                    over[beyond] = thing.code if thing.cls == "ACLineSegment" else over[node]
                    todo.append(beyond)


def _box(grid: GivenGrid, at: Connections, thing: Thing, transformer: str, branch: str) -> None:
    values: dict[str, object] = {"transformer_code": transformer, "lv_branch_code": branch}
    position = at.position(thing)
    if position:
        values |= {"lat": position[0], "lon": position[1]}
    grid.add(_named("meter_box", thing, values, at.phases(thing)))


def _named(table: str, thing: Thing, values: Mapping[str, object], phases: str) -> Given:
    record = Given(table, thing.code, thing.place, dict(values), name=thing.name, phases=phases)
    record.name_en = thing.text("IdentifiedObject.aliasName")
    return record
