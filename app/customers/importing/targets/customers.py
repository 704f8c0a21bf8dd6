"""Customers with their premises, one row each; a phone in the row becomes a contact."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from app.customers import addresses, names
from app.customers.importing.targets.base import Effect, Field, Record, Scope, Target
from app.customers.importing.targets.changes import ChangeLog, differences
from app.customers.importing.targets.choices import from_list
from app.customers.importing.targets.contacts import add_contacts
from app.customers.importing.targets.findable import put_many
from app.customers.importing.targets.rows import allowed, customers_by_number, fetch, insert_many, update_many
from app.customers.models import Customer, Premises
from app.identity import queries as people
from app.kernel.db import table

_PREMISES = ("address", "area", "zone", "transformer_code", "line_code", "meter_box")
_NEEDED = ("name", "address", "unit_code")

FIELDS = (
    Field("number", _l("Customer number"), "code", required=True, max_length=32),
    Field("name", _l("Customer name"), required=True, max_length=200),
    Field("address", lazy_pgettext("import", "Address"), required=True, max_length=300),
    Field("unit_code", _l("Supply unit (code)"), "code", required=True, max_length=40),
    Field("kind", _l("Class of customer"), "choice", choices=from_list("kind")),
    Field("category", _l("Category of use"), "choice", choices=from_list("category")),
    Field("industry", _l("Industry"), "choice", choices=from_list("industry")),
    Field("voltage", _l("Supply voltage"), "choice", choices=from_list("voltage")),
    Field("contract_capacity", _l("Contract capacity (kVA)"), "number", places=2, dimension="capacity", least=0),
    Field("running_capacity", _l("Running capacity (kVA)"), "number", places=2, dimension="capacity", least=0),
    Field("load_nature", _l("Nature of load"), "choice", choices=from_list("load_nature")),
    Field("importance", _l("Importance"), "choice", choices=from_list("importance")),
    Field("segment_code", _l("Reading segment (code)"), "code", max_length=40),
    Field("tariff_code", _l("Tariff (code)"), "code", max_length=40),
    Field("status", _l("State of supply"), "choice", choices=from_list("status")),
    Field("opened_on", _l("Opened on"), "date"),
    Field("closed_on", _l("Closed on"), "date"),
    Field("area", _l("Area (urban, rural)"), "choice", choices=from_list("area")),
    Field("zone", _l("Address zone"), "code", max_length=40),
    Field("transformer_code", _l("Transformer area (code)"), "code", max_length=40),
    Field("line_code", _l("Feeder (code)"), "code", max_length=40),
    Field("meter_box", _l("Meter box"), max_length=40),
    Field("phone", _l("Phone"), "phone"),
    Field("query_code", _l("Customer's own query code"), "code", max_length=40),
    Field("credit_code", _l("Unified social credit code"), "code", max_length=18),
    Field("source_ref", _l("Reference in the source system"), "code", max_length=80),
)


class CustomerWriter:
    """Creates customers that are not known and changes those that are."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._log = ChangeLog(scope)
        self._units: dict[str, str | None] = {}

    def judge(self, records: Sequence[Record]) -> None:
        """Refuse unknown units, units of others, and new customers that lack what each must have."""
        known = customers_by_number(record.values["number"] for record in records if "number" in record.values)
        self._judge(records, known)

    def write(self, records: Sequence[Record]) -> Iterable[Effect]:
        """Insert and update; an effect for each record."""
        known = customers_by_number((record.values["number"] for record in records), lock=True)
        self._judge(records, known)
        if any(record.problems for record in records):
            return []
        new = [record for record in records if record.values["number"] not in known]
        old = [record for record in records if record.values["number"] in known]
        effects = self._create(new) + self._change(old, known)
        self._log.flush()
        return effects

    def _judge(self, records: Sequence[Record], known: Mapping[str, Mapping[str, Any]]) -> None:
        self._find_units(records)
        for record in records:
            values = record.values
            row = known.get(values.get("number", ""))
            if row is None:
                troubled = {problem.field for problem in record.problems}
                for name in _NEEDED:
                    if name not in values and name not in troubled:
                        record.refuse("missing", name)
            elif not allowed(row["unit_path"], self._scope):
                record.refuse("other_unit", "number", row["unit_code"])
            code = values.get("unit_code")
            if code:
                path = self._units[code]
                if path is None:
                    record.refuse("unknown_unit_code", "unit_code", code)
                elif not allowed(path, self._scope):
                    record.refuse("other_unit", "unit_code", code)

    def _find_units(self, records: Sequence[Record]) -> None:
        wanted = {record.values["unit_code"] for record in records if "unit_code" in record.values} - set(self._units)
        if wanted:
            found = people.units_by_code(wanted, at=self._scope.now)
            self._units |= {code: found[code].path if code in found else None for code in wanted}

    def _create(self, records: Sequence[Record]) -> list[Effect]:
        places = insert_many(table(Premises), [self._premises(record.values) for record in records])
        rows = [self._row(record.values, place) for record, place in zip(records, places, strict=True)]
        ids = insert_many(table(Customer), rows)
        for record, key in zip(records, ids, strict=True):
            fields = {name: ("", value) for name, value in record.values.items() if name not in {"number", "phone"}}
            number = record.values["number"]
            self._log.add(key, line=record.line, subject="customer", key=number, act="created", fields=fields)
        put_many({key: (row["name"], row["address"], row["unit_code"]) for key, row in zip(ids, rows, strict=True)})
        add_contacts(dict(zip(ids, records, strict=True)), self._log)
        return [Effect(record.line, "created") for record in records]

    def _premises(self, values: Mapping[str, Any]) -> dict[str, Any]:
        given = {name: values.get(name, "urban" if name == "area" else "") for name in _PREMISES}
        unit = {"unit_code": values["unit_code"], "unit_path": self._units[values["unit_code"]]}
        return given | unit | {"address_key": addresses.key(values["address"]), "lat": None, "lon": None}

    def _row(self, values: Mapping[str, Any], premises_id: int) -> dict[str, Any]:
        taken = {name: value for name, value in values.items() if name in _COLUMNS}
        return (
            _DEFAULTS
            | taken
            | {
                "premises_id": premises_id,
                "address": values["address"],
                "unit_code": values["unit_code"],
                "unit_path": self._units[values["unit_code"]],
                "name_key": names.key(values["name"]),
                "source": (self._scope.source or "import")[:40],
                "created_at": self._scope.now,
                "updated_at": self._scope.now,
            }
        )

    def _change(self, records: Sequence[Record], known: Mapping[str, Mapping[str, Any]]) -> list[Effect]:
        places = _premises_of(known.values())
        customers: dict[int, dict[str, Any]] = {}
        premises: dict[int, dict[str, Any]] = {}
        found: dict[int, Record] = {}
        effects = []
        for record in records:
            row = known[record.values["number"]]
            place = places[row["premises_id"]]
            changed = self._differences(record.values, row, place)
            found[row["id"]] = record
            effects.append(Effect(record.line, "changed" if changed else "same"))
            if changed:
                customers[row["id"]] = self._new_values(changed, row)
                of_place = {name: value for name, (_old, value) in changed.items() if name in {*_PREMISES, "unit_code"}}
                if of_place:
                    premises[place["id"]] = self._new_place(of_place)
                number = record.values["number"]
                self._log.add(
                    row["id"], line=record.line, subject="customer", key=number, act="changed", fields=changed
                )
        self._save(customers, premises, known)
        contacted = add_contacts(found, self._log)
        return [Effect(one.line, "changed") if one.line in contacted else one for one in effects]

    @staticmethod
    def _differences(values: Mapping[str, Any], row: Mapping[str, Any], place: Mapping[str, Any]) -> dict[str, Any]:
        own = {name: value for name, value in values.items() if name in _COLUMNS or name == "unit_code"}
        at = {name: value for name, value in values.items() if name in _PREMISES}
        return differences(row, own) | differences(place, at)

    def _new_values(self, changed: Mapping[str, tuple[Any, Any]], row: Mapping[str, Any]) -> dict[str, Any]:
        values = {
            name: value
            for name, (_old, value) in changed.items()
            if name in _COLUMNS or name in {"address", "unit_code"}
        }
        if "unit_code" in values:
            values["unit_path"] = self._units[values["unit_code"]]
        if "name" in values:
            values["name_key"] = names.key(values["name"])
        return values | {"updated_at": self._scope.now, "source": (self._scope.source or row["source"])[:40]}

    def _new_place(self, values: dict[str, Any]) -> dict[str, Any]:
        if "unit_code" in values:
            values["unit_path"] = self._units[values["unit_code"]]
        if "address" in values:
            values["address_key"] = addresses.key(values["address"])
        return values

    @staticmethod
    def _save(
        customers: Mapping[int, dict[str, Any]],
        premises: Mapping[int, dict[str, Any]],
        known: Mapping[str, Mapping[str, Any]],
    ) -> None:
        update_many(table(Customer), customers, revision=True)
        update_many(table(Premises), premises)
        rows = {row["id"]: row for row in known.values()}
        put_many(
            {
                key: tuple(values.get(name, rows[key][name]) for name in ("name", "address", "unit_code"))
                for key, values in customers.items()
                if {"name", "address", "unit_code"} & set(values)
            }
        )


def _premises_of(rows: Iterable[Mapping[str, Any]]) -> dict[int, Mapping[str, Any]]:
    of = table(Premises)
    query = sa.select(of).where(of.c.id.in_({row["premises_id"] for row in rows}))
    return {row["id"]: row for row in fetch(query)}


_COLUMNS = frozenset(
    one.name for one in FIELDS if one.name in table(Customer).c and one.name not in {"address", "unit_code"}
)
_DEFAULTS: dict[str, Any] = {
    column.name: getattr(column.default, "arg", None) for column in table(Customer).c if column.name != "id"
}

TARGET = Target("customers", _l("Customers"), FIELDS, ("number",), CustomerWriter, order=10)
