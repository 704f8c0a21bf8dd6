"""Every reading of a customer (抄表记录), the newest first: also those that a later one corrects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.customers.models import Meter, Reading
from app.customers.queries.meters import shown_of
from app.kernel.db import session

PAGE = 50


@dataclass(frozen=True, slots=True)
class PastReading:
    """A reading as kept: registers before the multiplier; `source` a word of that code list."""

    id: int
    meter: str
    read_on: date
    kind: str
    values: Mapping[str, Decimal]
    source: str
    note: str
    entered_at: datetime | None


def past_readings(customer_id: int, *, before: tuple[date, int] | None = None) -> tuple[Sequence[PastReading], bool]:
    """A page of readings, and whether there are more; `before` is day and id of the last one of the page before."""
    columns: tuple[Any, ...] = (Reading, Meter.number)
    query = sa.select(*columns).join(Meter, Meter.id == Reading.meter_id).where(Meter.customer_id == customer_id)
    if before is not None:
        day, last = before
        query = query.where(sa.or_(Reading.read_on < day, sa.and_(Reading.read_on == day, Reading.id < last)))
    rows = session.execute(query.order_by(Reading.read_on.desc(), Reading.id.desc()).limit(PAGE + 1)).all()
    found = [
        PastReading(
            id=row.id,
            meter=meter,
            read_on=row.read_on,
            kind=row.kind,
            values=shown_of(row).values,
            source=row.source,
            note=row.note,
            entered_at=row.entered_at,
        )
        for row, meter in rows[:PAGE]
    ]
    return found, len(rows) > PAGE
