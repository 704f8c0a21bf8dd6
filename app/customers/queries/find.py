"""Customers by what names them exactly: number, meter, the phone that calls."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from app.customers import phones
from app.customers.models import Contact, Customer, Meter
from app.customers.queries.beginnings import under
from app.customers.queries.lines import CustomerLine, lines, select_lines

EVERYWHERE = ("/",)
MOST = 20
"""A number that more customers share (a property manager's) names nobody: so many are shown."""


def by_number(number: str, *, paths: Sequence[str] = EVERYWHERE) -> CustomerLine | None:
    """The customer of a 户号 under these unit paths, None where there is none."""
    query = select_lines().where(Customer.number == number.strip(), under(Customer.unit_path, tuple(paths)))
    return next(iter(lines(query, "number")), None)


def by_meter(number: str, *, paths: Sequence[str] = EVERYWHERE, on: date | None = None) -> list[CustomerLine]:
    """Customers whose meter has this 表号, on that day or (without one) at any time; the present meter first."""
    query = (
        select_lines(Meter.number)
        .join(Meter, Meter.customer_id == Customer.id)
        .where(Meter.number == number.strip(), under(Customer.unit_path, tuple(paths)))
        .order_by(Meter.removed_on.is_not(None), Meter.installed_on.desc())
        .limit(MOST)
    )
    if on is not None:
        query = query.where(Meter.installed_on <= on, sa.or_(Meter.removed_on.is_(None), Meter.removed_on > on))
    return _once(lines(query, "meter"))


def by_phone(phone: str, *, paths: Sequence[str] = EVERYWHERE) -> list[CustomerLine]:
    """Customers who are called at this number, written in any form; those whose preferred number it is first.

    Closed accounts come last. A caller's number of eight digits is also looked for without its area code.
    """
    number = phones.normalise(phone)
    if not number:
        return []
    found = _with_phone([number], tuple(paths))
    return found or _with_phone(phones.local_forms(number), tuple(paths))


def _with_phone(numbers: Sequence[str], paths: tuple[str, ...]) -> list[CustomerLine]:
    if not numbers:
        return []
    query = (
        select_lines(Contact.phone)
        .join(Contact, Contact.customer_id == Customer.id)
        .where(Contact.phone.in_(numbers), under(Customer.unit_path, paths))
        .order_by(Customer.status == "closed", Contact.preferred.desc(), Customer.number)
        .limit(MOST)
    )
    return _once(lines(query, "phone"))


def _once(found: Sequence[CustomerLine]) -> list[CustomerLine]:
    """Each customer once, as found first."""
    return list({line.id: line for line in reversed(found)}.values())[::-1]
