"""Customers for tests of pages: rows written straight, so that a test says only what it is about."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from app.customers.models import Contact, Customer, Meter, Premises, Reading
from app.identity.queries import UnitView
from app.kernel.clock import LOCAL
from app.kernel.db import session

LONG_AGO = datetime(2024, 1, 1, tzinfo=LOCAL)
_numbers = count(1)


def make_customer(
    unit: UnitView, number: str = "", *, address: str = "青山县解放路12号3单元502室", **columns: Any
) -> Customer:
    """A resident of the unit with premises of their own; `columns` go before."""
    premises = Premises(
        address=address, unit_code=unit.code, unit_path=unit.path, transformer_code="T-0101", line_code="L-07"
    )
    session.add(premises)
    session.flush()
    values: dict[str, Any] = {
        "number": number or f"33{next(_numbers):08d}",
        "name": "王小芳",
        "premises_id": premises.id,
        "address": address,
        "unit_code": unit.code,
        "unit_path": unit.path,
        "identity_masked": "3301**********1234",
        "created_at": LONG_AGO,
        "updated_at": LONG_AGO,
    }
    customer = Customer(**{**values, **columns})
    session.add(customer)
    session.commit()
    return customer


def make_contact(customer: Customer, *, phone: str = "+8613800138000", **columns: Any) -> Contact:
    """Somebody to speak to."""
    contact = Contact(**{"customer_id": customer.id, "name": "王小芳", "role": "owner", "phone": phone, **columns})
    session.add(contact)
    session.commit()
    return contact


def make_meter(
    customer: Customer, number: str = "M1", *, installed_on: date = date(2023, 1, 1), **columns: Any
) -> Meter:
    """A meter of 6 digits and multiplier 1."""
    meter = Meter(**{"customer_id": customer.id, "number": number, "installed_on": installed_on, **columns})
    session.add(meter)
    session.commit()
    return meter


def read(meter: Meter, day: date, kind: str = "regular", **registers: float | Decimal) -> None:
    """What the meter showed on a day."""
    values = {name: Decimal(str(value)) for name, value in registers.items()}
    session.add(Reading(meter_id=meter.id, read_on=day, kind=kind, **values))
    session.commit()


def read_every_month(meter: Meter, first: date, energy: list[float], *, start: float = 0) -> None:
    """A reading of `total` on the first of each month from `first` on, after which `energy` was used each month."""
    shown, day = Decimal(str(start)), first
    read(meter, day, total=shown)
    for used in energy:
        shown += Decimal(str(used))
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
        read(meter, day, total=shown)
