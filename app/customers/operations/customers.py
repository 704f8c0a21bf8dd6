"""Make and change a customer. Who may: the right of the origin, in the customer's unit (and in the new one)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.customers import addresses, identities, names
from app.customers.models import Customer, Premises
from app.customers.operations.checks import InvalidCustomer, check
from app.customers.operations.history import Origin, note, put
from app.customers.queries.codes import CodeView, all_codes
from app.customers.queries.view import customer_row
from app.customers.search import index, search_text
from app.identity import authority
from app.identity import queries as people
from app.identity.queries import UnitView
from app.kernel.db import session
from app.kernel.errors import Conflict, LightlineError

OF_PREMISES = ("address", "area", "zone", "transformer_code", "line_code", "meter_box", "lat", "lon")
OF_CUSTOMER = (
    *("name", "address", "kind", "category", "industry", "voltage", "contract_capacity", "running_capacity"),
    *(
        "load_nature",
        "importance",
        "segment_code",
        "tariff_code",
        "opened_on",
        "query_code",
        "credit_code",
        "source_ref",
    ),
)
FIELDS = frozenset({*OF_PREMISES, *OF_CUSTOMER, "unit", "identity"})
"""What may be given of a customer. `unit` is a code; of `identity` only a hash and a masked form are kept."""


class NumberTaken(Conflict):
    """There is a customer of this number already."""

    code = "customer_exists"


class Stale(LightlineError):
    """Somebody changed the customer since it was read (`details["revision"]` is the present one)."""

    status = 412
    code = "customer_changed"


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a customer: `outcome` is `created`, `changed` or `same`."""

    id: int
    number: str
    revision: int
    outcome: str


def create(number: str, values: Mapping[str, Any], *, origin: Origin) -> Saved:
    """Make a customer. Raises `InvalidCustomer`, `NumberTaken`, `Forbidden`."""
    number = number.strip()
    if session.scalar(sa.select(Customer.id).where(Customer.number == number)) is not None:
        raise NumberTaken(_l("There is a customer %(number)s already.", number=number), number=number)
    return _create(number, values, all_codes(), origin)


def update(number: str, values: Mapping[str, Any], *, expected: int | None = None, origin: Origin) -> Saved:
    """Change what is given. Raises `CustomerNotFound`, `InvalidCustomer`, `Stale` (another revision than expected)."""
    row = customer_row(number)
    _check_revision(row, expected)
    return _change(row, values, all_codes(), origin)


def upsert(
    number: str,
    values: Mapping[str, Any],
    *,
    expected: int | None = None,
    codes: Mapping[tuple[str, str], CodeView] | None = None,
    origin: Origin,
) -> Saved:
    """Make the customer, or change what is given; the same values again change nothing. `codes` spares a look-up."""
    number, known = number.strip(), codes or all_codes()
    row = session.scalar(sa.select(Customer).where(Customer.number == number).with_for_update())
    if row is not None:
        _check_revision(row, expected)
        return _change(row, values, known, origin)
    if expected is not None:
        raise Stale(_l("There is no customer %(number)s any more.", number=number), revision=None)
    return _create(number, values, known, origin)


def _create(number: str, values: Mapping[str, Any], codes: Mapping[tuple[str, str], CodeView], origin: Origin) -> Saved:
    if not number or len(number) > 32 or not number.isascii() or not number.replace("-", "").isalnum():
        message = _l("A customer number has up to 32 letters, digits and dashes.")
        raise InvalidCustomer(message, errors={"number": [message]})
    check(values, codes, new=True, now=origin.now)
    unit = _unit(str(values["unit"]), origin)
    place = Premises(unit_code=unit.code, unit_path=unit.path, **_of_premises(values))
    if not values.get("area"):
        place.area = unit.area or "urban"
    session.add(place)
    session.flush()
    row = Customer(
        number=number,
        premises_id=place.id,
        unit_code=unit.code,
        unit_path=unit.path,
        source=origin.source,
        created_at=origin.now,
        updated_at=origin.now,
        **_of_customer(values),
    )
    session.add(row)
    session.flush()
    index.put(row.id, search_text(row.name, row.address, row.unit_code))
    given = {name: ("", value) for name, value in values.items() if name != "identity" and value not in (None, "")}
    note(row.id, "customer", number, "created", given, origin=origin)
    return Saved(row.id, number, row.revision, "created")


def _check_revision(row: Customer, expected: int | None) -> None:
    if expected is not None and expected != row.revision:
        message = _l("Somebody changed customer %(number)s meanwhile. Reload to see it.", number=row.number)
        raise Stale(message, revision=row.revision)


def _change(
    row: Customer, values: Mapping[str, Any], codes: Mapping[tuple[str, str], CodeView], origin: Origin
) -> Saved:
    authority.require(origin.actor, origin.right, unit_path=row.unit_path, now=origin.now)
    check(values, codes, new=False, now=origin.now)
    place = session.get_one(Premises, row.premises_id)
    moved: dict[str, Any] = {}
    if values.get("unit") and values["unit"] != row.unit_code:
        unit = _unit(str(values["unit"]), origin)
        moved = {"unit_code": unit.code, "unit_path": unit.path}
    changed = put(place, _of_premises(values) | moved)
    changed |= put(row, _of_customer(values) | moved)
    for hidden in ("address_key", "unit_path"):
        changed.pop(hidden, None)
    if not changed:
        return Saved(row.id, row.number, row.revision, "same")
    put(row, {"updated_at": origin.now, "source": origin.source})
    session.flush()
    if {"name", "address", "unit_code"} & changed.keys():
        index.put(row.id, search_text(row.name, row.address, row.unit_code))
    note(row.id, "customer", row.number, "changed", changed, origin=origin)
    return Saved(row.id, row.number, row.revision, "changed")


def _unit(code: str, origin: Origin) -> UnitView:
    unit = people.unit_by_code(code, at=origin.now)
    if unit is None:
        message = _l("There is no such unit.")
        raise InvalidCustomer(message, errors={"unit": [message]})
    authority.require(origin.actor, origin.right, unit_path=unit.path, now=origin.now)
    return unit


def _of_premises(values: Mapping[str, Any]) -> dict[str, Any]:
    given = {name: _plain(values[name]) for name in OF_PREMISES if name in values}
    if not given.get("area", True):
        del given["area"]
    return given | ({"address_key": addresses.key(given["address"])} if "address" in given else {})


def _of_customer(values: Mapping[str, Any]) -> dict[str, Any]:
    given = {name: _plain(values[name]) for name in OF_CUSTOMER if name in values}
    if "name" in given:
        given["name_key"] = names.key(given["name"])
    if values.get("identity"):
        kept = identities.keep(values["identity"])
        given |= {"identity_hash": kept.hash, "identity_last4_hash": kept.last4_hash, "identity_masked": kept.masked}
    return given


def _plain(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value
