"""The graph of what an import brings, as `grid.loading` would read it once it is written."""

from __future__ import annotations

from collections.abc import Mapping

from app.network.grid.building import Builder
from app.network.grid.topology import Group, Topology
from app.network.importing.given import Given, GivenGrid


def graph_of(grid: GivenGrid, paths: Mapping[str, str]) -> Topology:
    """Build it; `paths` gives the path of each unit. What refers to nothing is left out: `checking` finds it."""
    return build(grid, paths)[0]


def build(grid: GivenGrid, paths: Mapping[str, str]) -> tuple[Topology, list[tuple[str, str]]]:
    """The graph, and (code, unknown code it refers to) for what could not be joined."""
    builder = Builder()
    _vertices(builder, grid, paths)
    for record in grid.of("switch"):
        builder.switch(
            record.code,
            record.get("kind"),
            (record.get("from_code"), record.get("to_code")),
            name=record.name,
            normal=record.get("normal", "ABC"),
            protective=bool(record.get("protective")),
            unit=_unit(record, paths),
        )
    for record in grid.of("branch"):
        builder.join(record.code, record.get("from_code"), record.code)
        builder.join(record.code, record.code, record.get("to_code"))
    for record in grid.of("lv_branch"):
        builder.join(record.code, record.get("parent_code") or record.get("transformer_code"), record.code)
    for record in grid.of("meter_box"):
        builder.join(record.code, record.get("lv_branch_code") or record.get("transformer_code"), record.code)
    for record in grid.of("feeder"):
        unit = _unit(record, paths)
        group = Group(
            record.code, record.name, record.name_en, *unit, record.get("substation_code"), record.get("breaker_code")
        )
        builder.feeder(group)
    for record in grid.of("substation"):
        builder.substation(Group(record.code, record.name, record.name_en, *_unit(record, paths)))
    return builder.done(), builder.unknown


def _vertices(builder: Builder, grid: GivenGrid, paths: Mapping[str, str]) -> None:
    for record in grid.of("node"):
        builder.vertex(
            record.code,
            record.get("kind"),
            name=record.name,
            phases=record.phases,
            unit=_unit(record, paths),
            lat=record.get("lat", None),
            lon=record.get("lon", None),
            infeed=bool(record.get("infeed")),
            substation=record.get("substation_code"),
        )
    for record in grid.of("branch"):
        kind = record.get("kind")
        builder.vertex(record.code, kind, name=record.name, phases=record.phases, unit=_unit(record, paths))
    for table in ("lv_branch", "meter_box"):
        for record in grid.of(table):
            transformer, unit = record.get("transformer_code"), _unit(record, paths)
            builder.vertex(
                record.code, table, name=record.name, phases=record.phases, unit=unit, transformer=transformer
            )


def _unit(record: Given, paths: Mapping[str, str]) -> tuple[str, str]:
    return record.unit_code, paths.get(record.unit_code, "/")
