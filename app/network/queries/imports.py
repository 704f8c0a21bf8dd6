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


def list_imports(*, before: int | None = None) -> list[ImportView]:
    """The latest imports, without their findings."""
    query = sa.select(GridImport).order_by(GridImport.id.desc()).limit(LISTED)
    if before:
        query = query.where(GridImport.id < before)
    return [_view(row, findings=False) for row in session.scalars(query)]


def import_view(import_id: int) -> ImportView | None:
    """One import, None where there is none."""
    row = session.get(GridImport, import_id)
    return _view(row, findings=True) if row else None


def _view(row: GridImport, *, findings: bool) -> ImportView:
    found = [
        FindingView(severity, place, element, sentence(code, params))
        for severity, code, place, element, params in (row.findings if findings else ())
    ]
    return ImportView(
        row.id, row.at, row.by_name or row.by, row.form, tuple(row.files), row.state, row.counts, tuple(found)
    )
