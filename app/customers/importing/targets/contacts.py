"""Contacts of customers: known again by the customer's number and the phone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from app.customers import phones
from app.customers.importing.targets.base import Effect, Field, Record, Scope, Target
from app.customers.importing.targets.changes import ChangeLog, differences
from app.customers.importing.targets.choices import from_list
from app.customers.importing.targets.rows import fetch, insert_many, judge_customers, update_many
from app.customers.importing.values.calls import normal_phone
from app.customers.models import Contact
from app.kernel.db import table

_CONTACT = table(Contact)
_OWN = ("name", "role", "email", "fax", "preferred", "note")

FIELDS = (
    Field("customer_number", _l("Customer number"), "code", required=True, max_length=32),
    Field("phone", _l("Phone"), "phone", required=True, sensitive=True),
    Field("name", _l("Contact's name"), max_length=80),
    Field("role", _l("Role of the contact"), "choice", choices=from_list("contact_role")),
    Field("email", _l("E-mail"), max_length=120),
    Field("fax", _l("Fax"), max_length=32),
    Field("preferred", _l("Preferred contact"), "truth"),
    Field("note", lazy_pgettext("import", "Note"), max_length=300),
)


class ContactWriter:
    """Adds contacts and changes those with the same phone."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._log = ChangeLog(scope)

    def judge(self, records: Sequence[Record]) -> None:
        """Refuse unknown customers and those of other units."""
        judge_customers(records, self._scope)

    def write(self, records: Sequence[Record]) -> Iterable[Effect]:
        """Insert and update; an effect for each record."""
        customers = judge_customers(records, self._scope, lock=True)
        if any(record.problems for record in records):
            return []
        known = contacts_of(row["id"] for row in customers.values())
        new: list[tuple[int, Record]] = []
        changes: dict[int, dict[str, Any]] = {}
        effects = []
        for record in records:
            customer = customers[record.values["customer_number"]]["id"]
            row = known.get((customer, normal_phone(record.values["phone"])))
            changed = differences(row, _own(record)) if row else {}
            effects.append(Effect(record.line, "created" if row is None else "changed" if changed else "same"))
            if row is None:
                new.append((customer, record))
            elif changed:
                changes[row["id"]] = {name: value for name, (_old, value) in changed.items()}
                self._note(customer, record, "changed", changed)
        update_many(_CONTACT, changes)
        insert_many(_CONTACT, [_row(customer, record) for customer, record in new])
        for customer, record in new:
            self._note(customer, record, "created", {name: ("", value) for name, value in _own(record).items()})
        self._log.flush()
        return effects

    def _note(self, customer: int, record: Record, act: str, fields: Mapping[str, tuple[Any, Any]]) -> None:
        key = record.values.get("name") or phones.shown(normal_phone(record.values["phone"]))
        self._log.add(customer, line=record.line, subject="contact", key=key, act=act, fields=fields)


def contacts_of(customers: Iterable[int]) -> dict[tuple[int, str], Mapping[str, Any]]:
    """(customer's id, normal phone) -> the contact's row."""
    query = sa.select(_CONTACT).where(_CONTACT.c.customer_id.in_(sorted(set(customers)))).order_by(_CONTACT.c.id.desc())
    return {(row["customer_id"], row["phone"]): row for row in fetch(query)}


def add_contacts(records: Mapping[int, Record], log: ChangeLog) -> set[int]:
    """Customer id -> record: add its `phone` as a contact where it is new; returns the lines that had one."""
    given = {key: record for key, record in records.items() if record.values.get("phone")}
    if not given:
        return set()
    known = contacts_of(given)
    new = [(key, record) for key, record in given.items() if (key, normal_phone(record.values["phone"])) not in known]
    insert_many(_CONTACT, [_row(key, record, name=record.values.get("name", "")[:80]) for key, record in new])
    for key, record in new:
        number = phones.shown(normal_phone(record.values["phone"]))
        fields = {"phone": ("", number)}
        log.add(key, line=record.line, subject="contact", key=number, act="created", fields=fields)
    return {record.line for _key, record in new}


def _own(record: Record) -> dict[str, Any]:
    return {name: record.values[name] for name in _OWN if name in record.values}


def _row(customer: int, record: Record, *, name: str = "") -> dict[str, Any]:
    values, number = record.values, normal_phone(record.values["phone"])
    return {
        "customer_id": customer,
        "name": name or values.get("name", "")[:80],
        "role": values.get("role", "contact"),
        "phone": number,
        "phone_reversed": phones.reversed_digits(number),
        "phone_as_given": values["phone"][:60],
        "email": values.get("email", ""),
        "fax": values.get("fax", ""),
        "preferred": values.get("preferred", False),
        "note": "" if name else values.get("note", ""),
    }


TARGET = Target("contacts", _l("Contacts"), FIELDS, ("customer_number", "phone"), ContactWriter, order=20)
