"""Readings that go backwards: compared with the reading before, in the file and in the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.customers.importing.targets.base import Record
from app.customers.importing.targets.rows import fetch
from app.customers.models import Reading
from app.customers.rollover import rollover
from app.kernel.db import table

_READING = table(Reading)
_FREE = frozenset({"install", "correction", "estimated"})
"""Kinds that may show less than before: another meter's beginning, a correction, a value nobody read."""


def refuse_backwards(
    records: Sequence[Record], meters: Mapping[int, Mapping[str, Any]], registers: Sequence[str]
) -> None:
    """Refuse records whose register shows less than the reading before, unless it rolled over.

    `meters` is line -> meter. Only good records are compared; of the file, those in the same batch.
    """
    good = [record for record in records if record.line in meters and not record.problems]
    by_meter: dict[int, list[Record]] = {}
    for record in good:
        by_meter.setdefault(meters[record.line]["id"], []).append(record)
    first_days = {meter: min(one.values["read_on"] for one in found) for meter, found in by_meter.items()}
    before = _before(first_days)
    for meter, found in by_meter.items():
        last: Mapping[str, Any] = before.get(meter, {})
        for record in sorted(found, key=lambda one: one.values["read_on"]):
            digits = meters[record.line]["digits"]
            if record.values.get("kind", "regular") not in _FREE:
                _compare(record, last, digits, registers)
            last = {**last, **record.values}


def _compare(record: Record, last: Mapping[str, Any], digits: int, registers: Sequence[str]) -> None:
    for name in registers:
        before, after = last.get(name), record.values.get(name)
        if before is None or after is None or after >= before or rollover().happened(before, after, digits):
            continue
        record.refuse(
            "backwards", name, f"{after:f}", before=f"{before.normalize():f}", day=last["read_on"].isoformat()
        )
        return


def _before(first_days: Mapping[int, date]) -> dict[int, Mapping[str, Any]]:
    """The last reading of each meter before its first day in the batch."""
    if not first_days:
        return {}
    latest = max(first_days.values())
    ranked = (
        sa.select(
            _READING,
            sa.func.row_number()
            .over(partition_by=_READING.c.meter_id, order_by=(_READING.c.read_on.desc(), _READING.c.id.desc()))
            .label("place"),
        )
        .where(_READING.c.meter_id.in_(sorted(first_days)), _READING.c.read_on < latest)
        .subquery()
    )
    rows = fetch(sa.select(ranked).where(ranked.c.place == 1))
    right = {row["meter_id"]: row for row in rows if row["read_on"] < first_days[row["meter_id"]]}
    late = {row["meter_id"] for row in rows} - set(right)
    return right | _one_by_one(first_days, late)


def _one_by_one(first_days: Mapping[int, date], meters: Iterable[int]) -> dict[int, Mapping[str, Any]]:
    """For the few meters whose latest reading lies behind their first day in the batch."""
    found: dict[int, Mapping[str, Any]] = {}
    for meter in meters:
        query = sa.select(_READING).where(_READING.c.meter_id == meter, _READING.c.read_on < first_days[meter])
        for row in fetch(query.order_by(_READING.c.read_on.desc()).limit(1)):
            found[meter] = row
    return found
