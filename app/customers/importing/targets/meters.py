"""Meters at customers: known again by the customer's number and the meter's number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from app.customers.importing.targets.base import Effect, Field, Record, Scope, Target
from app.customers.importing.targets.changes import ChangeLog, differences
from app.customers.importing.targets.choices import from_list
from app.customers.importing.targets.rows import allowed, fetch, insert_many, judge_customers, update_many
from app.customers.models import Customer, Meter
from app.kernel.db import table

_METER = table(Meter)
_OWN = ("multiplier", "digits", "kind", "installed_on", "removed_on", "note")

FIELDS = (
    Field("customer_number", _l("Customer number"), "code", required=True, max_length=32),
    Field("number", _l("Meter number"), "code", required=True, max_length=40),
    Field("multiplier", _l("Multiplier"), "number", places=4, least=0, most=999_999),
    Field("digits", _l("Digits before the point"), "integer", least=3, most=9),
    Field("kind", _l("Kind of meter"), "choice", choices=from_list("meter_kind")),
    Field("installed_on", _l("Installed on"), "date", required=True),
    Field("removed_on", _l("Removed on"), "date"),
    Field("note", lazy_pgettext("import", "Note"), max_length=300),
)


class MeterWriter:
    """Adds meters and changes those known."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._log = ChangeLog(scope)

    def judge(self, records: Sequence[Record]) -> None:
        """Refuse unknown customers, meters that stand elsewhere, periods that end before they begin."""
        self._judge(records, judge_customers(records, self._scope))

    def write(self, records: Sequence[Record]) -> Iterable[Effect]:
        """Insert and update; an effect for each record."""
        customers = judge_customers(records, self._scope, lock=True)
        known = self._judge(records, customers)
        if any(record.problems for record in records):
            return []
        new = [record for record in records if _key(record, customers) not in known]
        insert_many(_METER, [_row(record, customers) for record in new])
        for record in new:
            self._note(record, customers, "created", {name: ("", value) for name, value in _own(record).items()})
        effects = [Effect(record.line, "created") for record in new]
        changes: dict[int, dict[str, Any]] = {}
        for record in records:
            row = known.get(_key(record, customers))
            if row is None:
                continue
            changed = differences(row, _own(record))
            effects.append(Effect(record.line, "changed" if changed else "same"))
            if changed:
                changes[row["id"]] = {name: value for name, (_old, value) in changed.items()}
                self._note(record, customers, "changed", changed)
        update_many(_METER, changes)
        self._log.flush()
        return effects

    def _judge(
        self, records: Sequence[Record], customers: Mapping[str, Mapping[str, Any]]
    ) -> dict[tuple[int, str], Mapping[str, Any]]:
        rows = meters_by_number(record.values["number"] for record in records if "number" in record.values)
        known = {(row["customer_id"], number): row for number, found in rows.items() for row in found}
        for record in records:
            customer = customers.get(record.values.get("customer_number", ""))
            number = record.values.get("number")
            if customer is None or number is None:
                continue
            row = known.get((customer["id"], number))
            self._judge_days(record, row)
            elsewhere = [one for one in rows.get(number, ()) if one["customer_id"] != customer["id"]]
            if any(one["removed_on"] is None for one in elsewhere) and not record.values.get("removed_on"):
                record.refuse("other_customer", "number", self._named(elsewhere[0]))
        return known

    def _named(self, row: Mapping[str, Any]) -> str:
        """The customer's number, or of one in others' units only the unit."""
        return str(row["customer_number"] if allowed(row["unit_path"], self._scope) else row["unit_code"])

    @staticmethod
    def _judge_days(record: Record, row: Mapping[str, Any] | None) -> None:
        installed = record.values.get("installed_on") or (row["installed_on"] if row else None)
        removed = record.values.get("removed_on")
        if installed is None and not any(problem.field == "installed_on" for problem in record.problems):
            record.refuse("missing", "installed_on")
        if installed and removed and removed < installed:
            record.refuse("removed_before_installed", "removed_on", removed)

    def _note(
        self,
        record: Record,
        customers: Mapping[str, Mapping[str, Any]],
        act: str,
        fields: Mapping[str, tuple[Any, Any]],
    ) -> None:
        customer, number = _key(record, customers)
        self._log.add(customer, line=record.line, subject="meter", key=number, act=act, fields=fields)


def meters_by_number(numbers: Iterable[str]) -> dict[str, list[Mapping[str, Any]]]:
    """Number -> the meters that have it, each with its customer's number and unit, the latest installed first."""
    customer = table(Customer)
    query = (
        sa.select(_METER, customer.c.number.label("customer_number"), customer.c.unit_path, customer.c.unit_code)
        .join(customer, customer.c.id == _METER.c.customer_id)
        .where(_METER.c.number.in_(sorted(set(numbers))))
        .order_by(_METER.c.installed_on.desc(), _METER.c.id.desc())
    )
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in fetch(query):
        found.setdefault(row["number"], []).append(row)
    return found


def _key(record: Record, customers: Mapping[str, Mapping[str, Any]]) -> tuple[int, str]:
    return customers[record.values["customer_number"]]["id"], record.values["number"]


def _own(record: Record) -> dict[str, Any]:
    return {name: record.values[name] for name in _OWN if name in record.values}


def _row(record: Record, customers: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    customer, number = _key(record, customers)
    defaults = {name: getattr(_METER.c[name].default, "arg", None) for name in _OWN}
    return defaults | _own(record) | {"customer_id": customer, "number": number}


TARGET = Target("meters", _l("Meters"), FIELDS, ("customer_number", "number"), MeterWriter, order=30)
