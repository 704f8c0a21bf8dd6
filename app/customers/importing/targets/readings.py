"""Readings of meters: known again by meter, day and kind; a file holds one reading of a meter and day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from app.customers.importing.targets.base import Effect, Field, Record, Scope, Target
from app.customers.importing.targets.changes import ChangeLog, differences
from app.customers.importing.targets.choices import from_list
from app.customers.importing.targets.meters import meters_by_number
from app.customers.importing.targets.order_of_readings import refuse_backwards
from app.customers.importing.targets.rows import allowed, fetch, insert_many, update_many
from app.customers.models import Reading
from app.kernel.db import table

_READING = table(Reading)
_ENERGY = ("total", "sharp", "peak", "flat", "valley", "deep")
REGISTERS = (*_ENERGY, "reactive", "demand")


def _register(name: str, title: Any, dimension: str) -> Field:
    return Field(name, title, "number", places=3, dimension=dimension, least=0, most=99_999_999)


FIELDS = (
    Field("customer_number", _l("Customer number"), "code", max_length=32),
    Field("meter_number", _l("Meter number"), "code", required=True, max_length=40),
    Field("read_on", _l("Read on"), "date", required=True),
    Field("kind", _l("Kind of reading"), "choice", choices=from_list("reading_kind")),
    _register("total", _l("Total"), "energy"),
    _register("sharp", _l("Sharp peak"), "energy"),
    _register("peak", _l("Peak"), "energy"),
    _register("flat", _l("Flat"), "energy"),
    _register("valley", _l("Valley"), "energy"),
    _register("deep", _l("Deep valley"), "energy"),
    _register("reactive", _l("Reactive"), "reactive"),
    _register("demand", _l("Maximum demand"), "power"),
    Field("note", lazy_pgettext("import", "Note"), max_length=300),
)


class ReadingWriter:
    """Adds readings and changes those of the same day and kind."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._log = ChangeLog(scope)

    def judge(self, records: Sequence[Record]) -> None:
        """Refuse unknown meters, days outside the meter's time, readings without a value or below an earlier one."""
        self._judge(records)

    def write(self, records: Sequence[Record]) -> Iterable[Effect]:
        """Insert and update; an effect for each record."""
        meters = self._judge(records)
        if any(record.problems for record in records):
            return []
        known = _known((row["id"] for row in meters.values()), (record.values["read_on"] for record in records))
        new: list[Record] = []
        changes: dict[int, dict[str, Any]] = {}
        effects = []
        for record in records:
            row = known.get(_key(record, meters))
            changed = differences(row, _own(record)) if row else {}
            effects.append(Effect(record.line, "created" if row is None else "changed" if changed else "same"))
            if row is None:
                new.append(record)
            elif changed:
                changes[row["id"]] = {name: value for name, (_old, value) in changed.items()} | self._entered()
                self._note(record, meters, "changed", changed)
        update_many(_READING, changes)
        insert_many(_READING, [self._row(record, meters) for record in new])
        for record in new:
            self._note(record, meters, "created", {name: ("", value) for name, value in _own(record).items()})
        self._log.flush()
        return effects

    def _judge(self, records: Sequence[Record]) -> dict[int, Mapping[str, Any]]:
        """Line -> the meter's row."""
        rows = meters_by_number(one.values["meter_number"] for one in records if "meter_number" in one.values)
        meters: dict[int, Mapping[str, Any]] = {}
        for record in records:
            if not any(name in record.values for name in REGISTERS) and not record.problems:
                record.refuse("no_register")
            meter = self._meter(record, rows)
            if meter is not None:
                meters[record.line] = meter
                _judge_day(record, meter)
        refuse_backwards(records, meters, _ENERGY)
        return meters

    def _meter(self, record: Record, rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> Mapping[str, Any] | None:
        number, customer = record.values.get("meter_number"), record.values.get("customer_number")
        if number is None:
            return None
        found = [row for row in rows.get(number, ()) if customer in {None, row["customer_number"]}]
        if not found:
            record.refuse("unknown_meter", "meter_number", number)
        elif len(found) > 1 and customer is None and len({row["customer_id"] for row in found}) > 1:
            record.refuse("several_meters", "meter_number", number)
        elif not allowed(found[0]["unit_path"], self._scope):
            record.refuse("other_unit", "meter_number", found[0]["unit_code"])
        else:
            day = record.values.get("read_on")
            return next((row for row in found if day is None or row["installed_on"] <= day), found[-1])
        return None

    def _row(self, record: Record, meters: Mapping[int, Mapping[str, Any]]) -> dict[str, Any]:
        meter, day, kind = _key(record, meters)
        blank: dict[str, Any] = {**dict.fromkeys(REGISTERS), "note": ""}
        return blank | _own(record) | {"meter_id": meter, "read_on": day, "kind": kind} | self._entered()

    def _entered(self) -> dict[str, Any]:
        return {
            "source": (self._scope.source or "import")[:40],
            "entered_by": self._scope.actor.ref[:80],
            "entered_at": self._scope.now,
        }

    def _note(
        self,
        record: Record,
        meters: Mapping[int, Mapping[str, Any]],
        act: str,
        fields: Mapping[str, tuple[Any, Any]],
    ) -> None:
        meter = meters[record.line]
        key = f"{meter['number']} {record.values['read_on'].isoformat()}"
        self._log.add(meter["customer_id"], line=record.line, subject="reading", key=key, act=act, fields=fields)


def _judge_day(record: Record, meter: Mapping[str, Any]) -> None:
    day = record.values.get("read_on")
    if day is None:
        return
    if day < meter["installed_on"]:
        record.refuse("before_installation", "read_on", meter["installed_on"])
    elif meter["removed_on"] and day > meter["removed_on"]:
        record.refuse("after_removal", "read_on", meter["removed_on"])


def _known(meters: Iterable[int], days: Iterable[date]) -> dict[tuple[int, Any, str], Mapping[str, Any]]:
    of_meters, on_days = _READING.c.meter_id.in_(sorted(set(meters))), _READING.c.read_on.in_(sorted(set(days)))
    query = sa.select(_READING).where(of_meters, on_days)
    return {(row["meter_id"], row["read_on"], row["kind"]): row for row in fetch(query)}


def _key(record: Record, meters: Mapping[int, Mapping[str, Any]]) -> tuple[int, Any, str]:
    return meters[record.line]["id"], record.values["read_on"], record.values.get("kind", "regular")


def _own(record: Record) -> dict[str, Any]:
    return {name: record.values[name] for name in (*REGISTERS, "note") if name in record.values}


TARGET = Target(
    "readings", lazy_pgettext("import", "Readings"), FIELDS, ("meter_number", "read_on"), ReadingWriter, order=40
)
