"""The versions of a device by day, and who changed it: its history on its page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from app.kernel.audit import AuditEntry
from app.kernel.db import session, table
from app.network.importing.writing import MODELS, OWN

COMMON = ("name", "name_en", "unit_code", "phases")
SHOWN = 30


@dataclass(frozen=True, slots=True)
class Version:
    """A device in [valid_from, valid_to): what is other than in the version before, by column as (before, after)."""

    valid_from: date
    valid_to: date | None
    differs: Mapping[str, tuple[Any, Any]]
    now: bool


@dataclass(frozen=True, slots=True)
class Edited:
    """One change by hand: when, who, why, from which day on, and by column what was and what came."""

    at: datetime
    by: str
    act: str
    reason: str
    day: str
    changes: Mapping[str, tuple[Any, Any]]


def versions(code: str, today: date) -> list[Version]:
    """The versions of a device, the latest first."""
    for name, model in MODELS.items():
        columns = (*COMMON, *OWN[name])
        row = table(model).c
        query = sa.select(row.valid_from, row.valid_to, *(row[column] for column in columns))
        rows = session.execute(query.where(row.code == code).order_by(row.valid_from)).all()
        if rows:
            return _compared(columns, rows, today)
    return []


def edits(code: str) -> list[Edited]:
    """The latest changes of a device by hand."""
    query = (
        sa.select(AuditEntry)
        .where(AuditEntry.subject_type == "grid_device", AuditEntry.subject_id == code)
        .order_by(AuditEntry.id.desc())
        .limit(SHOWN)
    )
    return [
        Edited(
            row.at,
            row.actor_name or row.actor,
            row.action,
            row.details["reason"],
            row.details["day"],
            {column: (pair[0], pair[1]) for column, pair in row.details["changes"].items()},
        )
        for row in session.scalars(query)
    ]


def _compared(columns: tuple[str, ...], rows: Any, today: date) -> list[Version]:
    found: list[Version] = []
    before: tuple[Any, ...] | None = None
    for valid_from, valid_to, *values in rows:
        pairs = zip(columns, before or values, values, strict=True)
        differs = {column: (was, now) for column, was, now in pairs if was != now}
        found.append(
            Version(valid_from, valid_to, differs, valid_from <= today and (valid_to is None or valid_to > today))
        )
        before = tuple(values)
    return found[::-1]
