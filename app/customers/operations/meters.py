"""Install, change and remove meters: each with what its registers showed at that moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.customers.models import Customer, Meter
from app.customers.operations.checks import Errors, InvalidCustomer
from app.customers.operations.history import Origin, note, put
from app.customers.operations.readings import MeterNotFound, ReadingData, enter
from app.customers.queries.codes import code
from app.customers.queries.meters import MeterLine, meter_line
from app.customers.queries.view import customer_row
from app.identity import authority
from app.kernel.clock import LOCAL
from app.kernel.db import session
from app.kernel.errors import Conflict

LEAST_DIGITS, MOST_DIGITS = 3, 9
LARGEST_MULTIPLIER = Decimal(999_999)


class MeterElsewhere(Conflict):
    """The meter of this number is installed at another customer."""

    code = "meter_elsewhere"


class MeterGone(Conflict):
    """The meter is removed already."""

    code = "meter_removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterData:
    """A meter as it is installed. `kind` is a word of `meter_kind`; `registers` what it showed then."""

    number: str
    installed_on: date
    multiplier: Decimal = Decimal(1)
    digits: int = 6
    kind: str = "single"
    registers: Mapping[str, Decimal]
    note: str = ""


def install(customer_number: str, data: MeterData, *, origin: Origin) -> MeterLine:
    """Install a meter at a customer. Raises `InvalidCustomer`, `MeterElsewhere`, `InvalidReading`, `Forbidden`."""
    customer = customer_row(customer_number)
    authority.require(origin.actor, origin.right, unit_path=customer.unit_path, now=origin.now)
    _check(data, origin.now.astimezone(LOCAL).date())
    _check_free(data, customer)
    row = Meter(
        customer_id=customer.id,
        number=data.number.strip(),
        multiplier=data.multiplier,
        digits=data.digits,
        kind=data.kind,
        installed_on=data.installed_on,
        note=data.note.strip(),
    )
    session.add(row)
    session.flush()
    given = {name: ("", getattr(row, name)) for name in ("multiplier", "digits", "kind", "installed_on")}
    note(customer.id, "meter", row.number, "created", given, origin=origin)
    shown = ReadingData(read_on=data.installed_on, values=data.registers, kind="install")
    enter(row.id, shown, confirmed=True, origin=origin)
    return meter_line(row)


def remove(meter_id: int, *, on: date, registers: Mapping[str, Decimal], confirmed: bool, origin: Origin) -> MeterLine:
    """Remove a meter on a day, with its last registers.

    Raises `MeterNotFound`, `MeterGone`, `InvalidReading`, `Doubtful` (unless `confirmed`), `Forbidden`.
    """
    row = session.get(Meter, meter_id, with_for_update=True)
    if row is None:
        raise MeterNotFound(_l("There is no such meter."), meter=meter_id)
    customer = session.get_one(Customer, row.customer_id)
    authority.require(origin.actor, origin.right, unit_path=customer.unit_path, now=origin.now)
    if row.removed_on is not None:
        raise MeterGone(_l("Meter %(meter)s is removed already.", meter=row.number), on=row.removed_on.isoformat())
    enter(row.id, ReadingData(read_on=on, values=registers, kind="remove"), confirmed=confirmed, origin=origin)
    changed = put(row, {"removed_on": on})
    note(customer.id, "meter", row.number, "changed", changed, origin=origin)
    session.flush()
    return meter_line(row)


def change(
    meter_id: int, *, registers: Mapping[str, Decimal], confirmed: bool = False, data: MeterData, origin: Origin
) -> MeterLine:
    """Put another meter in a meter's place on `data.installed_on` (换表): the old one ends where the new one begins."""
    old = remove(meter_id, on=data.installed_on, registers=registers, confirmed=confirmed, origin=origin)
    customer = session.get_one(Customer, old.customer_id)
    return install(customer.number, data, origin=origin)


def _check(data: MeterData, today: date) -> None:
    errors: Errors = {}
    number = data.number.strip()
    if not number or len(number) > 40 or not number.isascii() or not number.replace("-", "").isalnum():
        errors["number"] = [_l("A meter number has up to 40 letters, digits and dashes.")]
    if not Decimal(0) < data.multiplier <= LARGEST_MULTIPLIER:
        errors["multiplier"] = [_l("A multiplier is more than zero.")]
    if not LEAST_DIGITS <= data.digits <= MOST_DIGITS:
        between = {"least": LEAST_DIGITS, "most": MOST_DIGITS}
        errors["digits"] = [_l("A register has %(least)s to %(most)s digits before the point.", **between)]
    if code("meter_kind", data.kind) is None:
        errors["kind"] = [_l("Unknown value “%(value)s”.", value=data.kind)]
    if data.installed_on > today:
        errors["installed_on"] = [_l("This lies in the future.")]
    if errors:
        raise InvalidCustomer(_l("Some entries do not fit."), errors=errors)


def _check_free(data: MeterData, customer: Customer) -> None:
    """One meter hangs at one place at a time."""
    after = sa.or_(Meter.removed_on.is_(None), Meter.removed_on > data.installed_on)
    query = sa.select(Customer.number).join(Meter, Meter.customer_id == Customer.id)
    other: Any = session.scalar(query.where(Meter.number == data.number.strip(), after).limit(1))
    if other is not None:
        message = _l("Meter %(meter)s is installed at customer %(number)s.", meter=data.number, number=other)
        raise MeterElsewhere(message, number=other, same=other == customer.number)
