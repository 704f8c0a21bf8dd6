"""Load the demo grid and tie the demo customers to it; what is there already stays."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import yaml

from app.identity import queries as people
from app.kernel import clock, db
from app.kernel.db import session
from app.network.demo.names import Names, laterals, numbered, sections
from app.network.demo.settling import settle_customers
from app.network.grid.topology import Topology
from app.network.importing import plain
from app.network.importing.deriving import derive
from app.network.importing.given import Given, GivenGrid
from app.network.importing.graph import graph_of
from app.network.importing.settling import settle
from app.network.importing.writing import write
from app.network.models import Substation

HERE = Path(__file__).parent
BOXES = 2
"""Meter boxes at each demo transformer."""


def load() -> int:
    """Make the grids of the demo cities that are not there and tie customers; returns how many customers were tied."""
    content = yaml.safe_load((HERE / "demo.yaml").read_text(encoding="utf-8"))
    now, tied = clock.now(), 0
    for city in content["cities"]:
        units = _units(city, now)
        session.rollback()
        if units:
            db.run(lambda city=city, units=units: _load_city(city, content, units))  # type: ignore[misc]
            tied += db.run(lambda city=city: settle_customers(city, content["zone"], now=now))  # type: ignore[misc]
    return tied


def oberrhein(prefix: str = "") -> GivenGrid:
    """The published grid with substations and feeders derived."""
    grid = plain.read(_rows("nodes.csv"), _rows("edges.csv"), ["nodes.csv", "edges.csv"], prefix=prefix)
    findings = settle(grid)
    if findings:
        raise ValueError(f"the demo grid is damaged: {findings[0]}")
    derive(grid)
    return grid


def _rows(name: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    with (HERE / "oberrhein" / name).open(encoding="utf-8", newline="") as stream:
        for line, row in enumerate(csv.DictReader(stream), 2):
            yield f"{name}:{line}", row


def _units(city: Mapping[str, Any], now: datetime) -> dict[str, people.UnitView]:
    """The units of a city by code; none where the demo organisation is not loaded."""
    codes = [entry["unit"] for part in ("substations", "feeders") for entry in city[part].values()]
    found = {code: people.unit_by_code(code, at=now) for code in codes}
    return {code: unit for code, unit in found.items() if unit} if all(found.values()) else {}


def _load_city(city: Mapping[str, Any], content: Mapping[str, Any], units: Mapping[str, people.UnitView]) -> None:
    prefix = city["prefix"]
    first = f"{prefix}{next(iter(city['substations']))}"
    if session.scalar(sa.select(Substation.id).where(Substation.code == first)) is not None:
        return
    paths = {code: unit.path for code, unit in units.items()}
    grid = oberrhein(prefix)
    _move(grid, city["centre"])
    _name_groups(grid, city, prefix)
    topology = graph_of(grid, paths)
    at_laterals = dict.fromkeys(laterals(topology, **content["laterals"]), ("分界断路器", "lateral breaker"))
    at_sections = dict.fromkeys(sections(topology, **content["sections"]), ("分段断路器", "section breaker"))
    _protect(grid, at_sections | at_laterals)
    _belong(grid, topology, {code: _area(unit) for code, unit in units.items()})
    _low_voltage(grid)
    write(grid, paths)


def _area(unit: people.UnitView) -> str:
    return unit.area or "urban"


def _move(grid: GivenGrid, centre: Mapping[str, float]) -> None:
    nodes = grid.of("node")
    for name in ("lat", "lon"):
        middle = (max(node.get(name) for node in nodes) + min(node.get(name) for node in nodes)) / 2
        for record in (*nodes, *grid.of("substation")):
            record.values[name] = round(record.get(name) - middle + centre[name], 6)


def _name_groups(grid: GivenGrid, city: Mapping[str, Any], prefix: str) -> None:
    for table, entries in (("substation", city["substations"]), ("feeder", city["feeders"])):
        for record in grid.of(table):
            entry = entries[record.code.removeprefix(prefix)]
            voltage = f"{record.get('voltage'):g}kV" if table == "feeder" else ""
            record.name, record.unit_code = voltage + entry["zh"], entry["unit"]
            record.name_en = f"{entry['en']} {voltage}".strip()
    for node in grid.of("node"):
        if node.get("substation_code"):
            substation = next(each for each in grid.of("substation") if each.code == node.get("substation_code"))
            short, voltage = substation.name.removesuffix("电站"), f"{node.get('voltage'):g}kV"
            node.name = f"{short}{voltage}{'母线' if node.get('kind') == 'busbar' else '进线'}"
            node.name_en = f"{substation.name_en}, {voltage} {node.get('kind')}"
            node.unit_code = substation.unit_code


def _protect(grid: GivenGrid, breakers: Mapping[str, tuple[str, str]]) -> None:
    for switch in grid.of("switch"):
        if switch.code in breakers:
            switch.values |= {"kind": "breaker", "protective": True, "called": breakers[switch.code]}
        switch.values["remote"] = bool(switch.get("protective"))


def _belong(grid: GivenGrid, topology: Topology, areas: Mapping[str, str]) -> None:
    """Units of lines, nodes and switches are those of their feeder; all get names."""
    groups = topology.feeders
    short = [(group.name.partition("kV")[2], group.name_en.rpartition(" ")[0]) for group in groups]
    names = Names(numbered(topology), short, [areas[group.unit_code] for group in groups])
    branches = {branch.code: branch for branch in grid.of("branch")}
    for switch in grid.of("switch"):
        if not switch.get("normal"):
            branches[switch.get("to_code")].values["tie"] = True
    for node in grid.of("node"):
        if not node.get("substation_code"):
            _called(node, names.node(node.code, transformer=node.get("kind") == "distribution_transformer"))
            if node.get("kind") == "distribution_transformer":
                node.values["capacity"] = _size(node.get("load"))
            node.unit_code = _unit_of(topology, node.code)
    for branch in branches.values():
        _called(branch, names.line(branch) if branch.get("kind") == "line" else _main_transformer(grid, branch))
        branch.unit_code = _unit_of(topology, branch.code) or _substation_of(grid, branch).unit_code
    for switch in grid.of("switch"):
        _called(switch, names.switch(switch, branches[switch.get("to_code")]))
        switch.unit_code = _unit_of(topology, switch.get("to_code")) or _unit_of(topology, switch.get("from_code"))


def _called(record: Given, names: tuple[str, str]) -> None:
    record.name, record.name_en = names


def _unit_of(topology: Topology, code: str) -> str:
    feeder = topology.feeder[topology.places[code]]
    return topology.feeders[feeder].unit_code if feeder >= 0 else ""


def _substation_of(grid: GivenGrid, branch: Given) -> Given:
    nodes = {node.code: node for node in grid.of("node")}
    code = nodes[branch.get("from_code")].get("substation_code")
    return next(each for each in grid.of("substation") if each.code == code)


def _main_transformer(grid: GivenGrid, branch: Given) -> tuple[str, str]:
    substation = _substation_of(grid, branch)
    return f"{substation.name.removesuffix('电站')}1号主变", f"{substation.name_en}, main transformer 1"


def _size(load: float | None) -> float:
    """The next usual capacity in kVA above a load in kW."""
    usual: Iterable[int] = (100, 160, 200, 250, 315, 400, 500, 630, 800, 1000, 1250)
    return float(next((size for size in usual if size >= (load or 0) / 0.9), 1600))


def _low_voltage(grid: GivenGrid) -> None:
    for node in list(grid.of("node")):
        if node.get("kind") != "distribution_transformer":
            continue
        branch = _hung(grid, node, "lv_branch", "D1", "1号干线", "low-voltage line 1")
        for number in range(1, BOXES + 1):
            box = _hung(grid, node, "meter_box", f"B{number}", f"{number}号表箱", f"meter box {number}")
            box.values |= {"lv_branch_code": branch.code, "lat": node.get("lat"), "lon": node.get("lon")}


def _hung(grid: GivenGrid, node: Given, table: str, code: str, zh: str, en: str) -> Given:  # noqa: PLR0917
    """Something on the low-voltage side of a transformer."""
    made = Given(table, f"{node.code}-{code}", node.place, {"transformer_code": node.code})
    made.name, made.name_en, made.unit_code = node.name + zh, f"{node.name_en}, {en}", node.unit_code
    grid.add(made)
    return made
