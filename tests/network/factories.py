"""Grids for tests: the Oberrhein grid as published, small ones by hand."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

import app.network.demo as demo
from app.kernel import db
from app.kernel.clock import LOCAL
from app.network.importing import plain
from app.network.importing.deriving import derive
from app.network.importing.settling import settle
from app.network.importing.writing import write
from tests.conftest import START

OBERRHEIN = Path(demo.__file__).parent / "oberrhein"
NOW = START.astimezone(LOCAL)


def load_oberrhein(*, unit: tuple[str, str] = ("", "/"), prefix: str = "") -> None:
    """Write the 179 nodes and 183 branches, in a transaction of its own; all devices belong to `unit` (code, path)."""
    grid = plain.read(_rows("nodes.csv"), _rows("edges.csv"), ["nodes.csv", "edges.csv"], prefix=prefix)
    derive(grid)
    assert not settle(grid)
    for records in grid.records.values():
        for record in records:
            record.unit_code = unit[0]
    db.run(lambda: write(grid, {unit[0]: unit[1]}))


def _rows(name: str) -> Iterable[tuple[str, Mapping[str, str]]]:
    with (OBERRHEIN / name).open(encoding="utf-8") as stream:
        for line, row in enumerate(csv.DictReader(stream), 2):
            yield f"{name}:{line}", row
