"""Who reports, and where in the grid: from account, phone and address to a customer and a transformer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.customers import addresses, phones
from app.customers.models import Customer, Premises
from app.customers.queries import find
from app.kernel.db import session
from app.network.grid import Grid

BEGINNING = re.compile(r"^\D{3,}")
"""The part of an address before its first number: a street, a village."""

NEIGHBOURS = 20
"""Premises of the same street that are looked at for an address's zone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """What is known of who reports; `customer_id` None is somebody unknown. `found_by` says how they were known."""

    customer_id: int | None = None
    account_no: str = ""
    cut_off: bool = False
    unit_code: str = ""
    unit_path: str = ""
    zone: str = ""
    transformer: str = ""
    found_by: str = ""


def known_caller(
    grid: Grid, *, customer_id: int | None, account_no: str, phone: str, address: str, zone: str, transformer: str
) -> Caller:
    """The caller: by id, account, a phone that is one customer's, or an address that is one customer's.

    A transformer or zone that the report names goes before what we know of the customer's; a low-voltage device
    stands for its transformer.
    """
    row, by = _customer(customer_id, account_no, phone, address)
    named = grid.transformer_at(transformer) if transformer and grid.has(transformer) else ""
    if row is None:
        return Caller(transformer=named, zone=zone or _zone_of_address(address), found_by="")
    placed = named or grid.transformer_of(row.id) or ""
    return Caller(
        customer_id=row.id,
        account_no=row.number,
        cut_off=row.cut_off,
        unit_code=row.unit_code,
        unit_path=row.unit_path,
        zone=zone or row.zone,
        transformer=placed,
        found_by=by,
    )


def _customer(customer_id: int | None, account_no: str, phone: str, address: str) -> tuple[Any, str]:
    if customer_id is not None:
        return _row(_BY_ID, customer_id), "id"
    if account_no:
        found = _row(_BY_NUMBER, account_no)
        if found is not None:
            return found, "account"
    if phone:
        lines = [line for line in find.by_phone(phone) if line.status != "closed"]
        if len(lines) == 1:
            return _row(_BY_ID, lines[0].id), "phone"
    return _by_address(address), "address"


def _row(query: Any, key: int | str) -> Any:
    return session.execute(query, {"key": key}).first()


def _by(column: Any) -> Any:
    columns = (
        Customer.id,
        Customer.number,
        Customer.cut_off,
        Customer.unit_code,
        Customer.unit_path,
        Premises.zone,
    )
    query = sa.select(*columns).join(Premises, Premises.id == Customer.premises_id)
    return query.where(column == sa.bindparam("key"), Customer.status != "closed").limit(1)


_BY_ID, _BY_NUMBER = _by(Customer.id), _by(Customer.number)


def _by_address(address: str) -> Any:
    """The one customer at exactly this address."""
    key = addresses.key(address)
    if not key:
        return None
    query = sa.select(Customer.id).join(Premises, Premises.id == Customer.premises_id)
    ids = session.scalars(query.where(Premises.address_key == key, Customer.status != "closed").limit(2)).all()
    return _row(_BY_ID, ids[0]) if len(ids) == 1 else None


def _zone_of_address(address: str) -> str:
    """The zone in which all the premises lie that we know of this street, where there is one."""
    beginning = BEGINNING.match(addresses.key(address))
    if beginning is None:
        return ""
    street = beginning.group().rstrip("-")
    near = (
        sa.select(Premises.zone)
        .where(Premises.address_key >= street, Premises.address_key.startswith(street, autoescape=True))
        .order_by(Premises.address_key)
        .limit(NEIGHBOURS)
    )
    found = {zone for zone in session.scalars(near) if zone}
    return found.pop() if len(found) == 1 else ""


def spoken(phone: str) -> str:
    """A phone number in the form in which numbers are compared."""
    return phones.normalise(phone) or phone.strip()[:32]
