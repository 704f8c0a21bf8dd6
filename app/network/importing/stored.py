"""What the database holds, as records: for exports, and to check an import against what is there."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from app.customers.models import Customer, Premises
from app.kernel.db import session, table
from app.network.importing.given import Given, GivenGrid
from app.network.importing.writing import MODELS, OWN

COMMON = ("code", "name", "name_en", "unit_code", "phases", "valid_from", "valid_to")
BATCH = 20_000


def stored(day: date | None, *, customers: bool = False) -> GivenGrid:
    """All devices valid on a day (None: ever), and which customers hang on them."""
    grid = GivenGrid("wide", [])
    for name, model in MODELS.items():
        _devices(grid, name, table(model), day)
    if customers:
        who, where = table(Customer).c, table(Premises).c
        query = (
            sa.select(who.number, where.meter_box, where.transformer_code)
            .join(table(Premises), where.id == who.premises_id)
            .where(who.status != "closed", where.transformer_code != "")
            .order_by(who.id)
        )
        for number, box, transformer in session.execute(query.execution_options(yield_per=BATCH)):
            values = {"number": number, "meter_box": box, "transformer_code": transformer}
            grid.add(Given("customer", number, "", values))
    return grid


def _devices(grid: GivenGrid, name: str, rows: Any, day: date | None) -> None:
    row, own = rows.c, OWN[name]
    query = sa.select(*(row[column] for column in (*COMMON, *own))).order_by(row.id)
    if day is not None:
        query = query.where(row.valid_from <= day, sa.or_(row.valid_to.is_(None), row.valid_to > day))
    for found in session.execute(query.execution_options(yield_per=BATCH)):
        common, values = found[: len(COMMON)], dict(zip(own, found[len(COMMON) :], strict=True))
        code, title, title_en, unit, phases, valid_from, valid_to = common
        record = Given(name, code, "", values, title, title_en, unit, phases, valid_from, valid_to)
        grid.add(record)
