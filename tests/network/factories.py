"""Grids for tests: the Oberrhein grid as published."""

from __future__ import annotations

from app.kernel import db
from app.network.demo.loading import oberrhein
from app.network.importing.writing import write
from tests.conftest import START

NOW = START


def load_oberrhein(*, unit: tuple[str, str] = ("", "/"), prefix: str = "") -> None:
    """Write the 179 nodes and 183 branches, in a transaction of its own; all devices belong to `unit` (code, path)."""
    grid = oberrhein(prefix)
    for records in grid.records.values():
        for record in records:
            record.unit_code = unit[0]
    db.run(lambda: write(grid, {unit[0]: unit[1]}))
