"""The people to speak to about a customer: the whole list at once, as a form or another system knows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.customers import phones
from app.customers.models import Contact, Customer, CustomerSetting
from app.customers.operations.checks import Errors, InvalidCustomer
from app.customers.operations.history import Origin, note, put
from app.customers.queries.codes import codes
from app.customers.queries.view import contacts_of, customer_row
from app.identity import authority
from app.kernel.db import session

MOST = 30
LENGTHS = {"name": 80, "phone": 60, "email": 120, "fax": 60, "note": 300}


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactData:
    """A contact as given; the phone in any form. `role` is a word of `contact_role`."""

    name: str = ""
    role: str = "contact"
    phone: str = ""
    email: str = ""
    fax: str = ""
    preferred: bool = False
    note: str = ""


def set_contacts(number: str, wanted: Sequence[ContactData], *, origin: Origin) -> bool:
    """Make the list of contacts this one; returns whether anything changed.

    A contact of the same phone and role stays the same one. Raises `InvalidCustomer` (errors under
    `contacts.<place>.<field>`), `CustomerNotFound`, `Forbidden`.
    """
    customer = customer_row(number)
    authority.require(origin.actor, origin.right, unit_path=customer.unit_path, now=origin.now)
    _check(wanted)
    present = contacts_of(customer.id)
    rest = {_key(row.phone, row.role, row.name): row for row in present}
    changed = False
    for data in wanted:
        values = _values(data)
        row = rest.pop(_key(values["phone"], data.role, data.name), None)
        changed |= _save(customer, row, values, origin)
    for row in rest.values():
        _remove(customer, row, origin)
    session.flush()
    return changed or bool(rest)


def _key(phone: str, role: str, name: str) -> tuple[str, str]:
    return phone or f"name:{name.strip()}", role


def _save(customer: Customer, row: Contact | None, values: dict[str, Any], origin: Origin) -> bool:
    if row is None:
        session.add(Contact(customer_id=customer.id, **values))
        given = {name: ("", value) for name, value in values.items() if value and name != "phone_reversed"}
        note(customer.id, "contact", values["name"] or values["phone"], "created", given, origin=origin)
        return True
    changed = put(row, values)
    note(customer.id, "contact", row.name or row.phone, "changed", changed, origin=origin)
    return bool(changed)


def _remove(customer: Customer, row: Contact, origin: Origin) -> None:
    prefer = sa.update(CustomerSetting).where(CustomerSetting.preferred_contact_id == row.id)
    session.execute(prefer.values(preferred_contact_id=None))
    before = {name: (getattr(row, name), "") for name in ("name", "role", "phone", "email") if getattr(row, name)}
    note(customer.id, "contact", row.name or row.phone, "removed", before, origin=origin)
    session.delete(row)


def _values(data: ContactData) -> dict[str, Any]:
    phone = phones.normalise(data.phone) or ""
    return {
        "name": data.name.strip(),
        "role": data.role,
        "phone": phone,
        "phone_reversed": phones.reversed_digits(phone),
        "phone_as_given": data.phone.strip(),
        "email": data.email.strip(),
        "fax": phones.normalise(data.fax) or "",
        "preferred": data.preferred,
        "note": data.note.strip(),
    }


def _check(wanted: Sequence[ContactData]) -> None:
    errors: Errors = {}
    if len(wanted) > MOST:
        errors["contacts"] = [_l("At most %(most)s contacts.", most=MOST)]
    roles = {word.code for word in codes("contact_role", inactive=True)}
    for place, data in enumerate(wanted[:MOST]):
        for name, message in _wrong(data, roles):
            errors.setdefault(f"contacts.{place}.{name}", []).append(message)
    if errors:
        raise InvalidCustomer(_l("Some entries do not fit."), errors=errors)


def _wrong(data: ContactData, roles: set[str]) -> list[tuple[str, Any]]:
    found = [
        (name, _l("At most %(most)s characters.", most=most))
        for name, most in LENGTHS.items()
        if len(getattr(data, name)) > most
    ]
    if data.role not in roles:
        found.append(("role", _l("Unknown value “%(value)s”.", value=data.role)))
    found += [
        (name, _l("This is no phone number, or more than one."))
        for name in ("phone", "fax")
        if phones.normalise(getattr(data, name)) is None
    ]
    if data.email and ("@" not in data.email.strip("@") or any(char.isspace() for char in data.email.strip())):
        found.append(("email", _l("This is no e-mail address.")))
    if not (data.phone.strip() or data.email.strip() or data.name.strip()):
        found.append(("name", _l("A name, a phone number or an e-mail address is needed.")))
    return found
