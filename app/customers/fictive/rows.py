"""Fictive customers as rows of the tables, in the order of the columns named beside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.customers import addresses, names, phones
from app.customers.fictive.household import Household
from app.customers.fictive.registers import registers
from app.customers.search import search_text
from app.kernel.search import bigrams

SOURCE = "demo"

PREMISES = (
    *("id", "address", "address_key", "area", "zone", "unit_code", "unit_path"),
    *("transformer_code", "line_code", "meter_box", "lat", "lon"),
)
CUSTOMER = (
    *("id", "number", "revision", "name", "name_key", "premises_id", "address", "unit_code", "unit_path"),
    *("kind", "category", "industry", "voltage", "contract_capacity", "running_capacity", "load_nature"),
    *("importance", "segment_code", "tariff_code", "status", "cut_off", "opened_on", "query_code"),
    *("query_password_hash", "identity_hash", "identity_last4_hash", "identity_masked", "credit_code"),
    *("balance", "source", "source_ref", "created_at", "updated_at"),
)
CONTACT = (
    *("id", "customer_id", "name", "role", "phone", "phone_reversed", "phone_as_given"),
    *("email", "fax", "preferred", "note"),
)
METER = ("id", "customer_id", "number", "multiplier", "digits", "kind", "installed_on", "note")
READING = (
    *("id", "meter_id", "read_on", "kind", "total", "sharp", "peak", "flat", "valley", "deep"),
    *("reactive", "demand", "source", "note", "entered_by"),
)
SEARCH = ("id", "key", "words")
PARTS = ("sharp", "peak", "flat", "valley", "deep")


@dataclass(frozen=True, slots=True)
class Settled:
    """A household with its ids and the path of its unit; `n` says which customer it is."""

    n: int
    id: int
    home: Household
    unit_path: str


def premises(each: Settled) -> tuple[Any, ...]:
    """The row of `premises`."""
    home = each.home
    where = (home.address, addresses.key(home.address), home.area, home.zone, home.unit, each.unit_path)
    return (each.id, *where, home.transformer, home.line, home.meter_box, home.lat, home.lon)


def customer(each: Settled, now: datetime) -> tuple[Any, ...]:
    """The row of `customer`."""
    home = each.home
    who = (each.id, home.number, 1, home.name, names.key(home.name), each.id, home.address, home.unit, each.unit_path)
    what = (home.kind, home.category, home.industry, home.voltage, home.capacity, home.capacity, home.load_nature)
    state = (home.importance, home.segment, home.tariff, "active", False, home.opened_on)
    return (*who, *what, *state, "", "", "", "", "", "", 0, SOURCE, home.number, now, now)


def contacts(each: Settled, first_id: int) -> list[tuple[Any, ...]]:
    """The rows of `contact`, ids from `first_id`."""
    return [
        (first_id + place, each.id, person.name, person.role, *_phone(person.phone), "", "", place == 0, "")
        for place, person in enumerate(each.home.people)
    ]


def _phone(number: str) -> tuple[str, str, str]:
    return number, phones.reversed_digits(number), phones.national(number)


def meter(each: Settled) -> tuple[Any, ...]:
    """The row of `meter`."""
    home = each.home
    return (each.id, each.id, home.meter, home.multiplier, 6, home.meter_kind, home.opened_on, "")


def readings(each: Settled, days: list[date], first_id: int) -> Iterator[tuple[Any, ...]]:
    """The rows of `reading`: the installation, then one a day given."""
    nothing = (None,) * (len(PARTS) + 2)
    yield (first_id, each.id, each.home.opened_on, "install", 0, *nothing, SOURCE, "", SOURCE)
    for place, shown in enumerate(registers(each.n, each.home, days), start=1):
        parts = (shown.parts.get(name) for name in PARTS)
        measured = (shown.total, *parts, shown.reactive, shown.demand)
        yield (first_id + place, each.id, shown.read_on, "regular", *measured, SOURCE, "", SOURCE)


def searched(each: Settled, row_id: int) -> tuple[Any, ...]:
    """The row of the search index."""
    return (row_id, each.id, bigrams(search_text(each.home.name, each.home.address, each.home.unit)))
