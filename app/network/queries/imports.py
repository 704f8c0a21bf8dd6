"""Imports and their reports for people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.kernel.db import session
from app.network.labels import sentence
from app.network.models import GridImport

LISTED = 50
READ = 200
"""Rows that are looked at in one go."""


@dataclass(frozen=True, slots=True)
class FindingView:
    """One finding as a sentence, with file and row."""

    severity: str
    place: str
    element: str
    text: str


@dataclass(frozen=True, slots=True)
class ImportView:
    """One import with its report."""

    id: int
    at: datetime
    by_name: str
    form: str
    files: tuple[str, ...]
    state: str
    counts: Mapping[str, Any]
    findings: tuple[FindingView, ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks: `ref` of the actor, `units` in which they may change the grid (by code), `everywhere` at the top.

    Their own imports are theirs; others' where all units are that the import names. One that names none (its files
    could not be read) is its maker's and the top's.
    """

    ref: str
    units: frozenset[str]
    everywhere: bool = False

    def sees(self, row: GridImport) -> bool:
        """Whether this import may be shown."""
        return self.everywhere or row.by == self.ref or (bool(row.units) and self.units.issuperset(row.units))


def list_imports(reader: Reader, *, before: int | None = None) -> list[ImportView]:
    """The latest imports that the reader may see, without their findings."""
    found: list[ImportView] = []
    while len(found) < LISTED:
        query = sa.select(GridImport).order_by(GridImport.id.desc()).limit(READ)
        rows = session.scalars(query.where(GridImport.id < before) if before else query).all()
        found += [_view(row, findings=False) for row in rows if reader.sees(row)]
        if len(rows) < READ:
            break
        before = rows[-1].id
    return found[:LISTED]


def import_view(import_id: int, reader: Reader) -> ImportView | None:
    """One import, None where there is none that the reader may see."""
    row = session.get(GridImport, import_id)
    return _view(row, findings=True) if row and reader.sees(row) else None


def _view(row: GridImport, *, findings: bool) -> ImportView:
    found = [
        FindingView(severity, place, element, sentence(code, params))
        for severity, code, place, element, params in (row.findings if findings else ())
    ]
    return ImportView(
        row.id, row.at, row.by_name or row.by, row.form, tuple(row.files), row.state, row.counts, tuple(found)
    )
