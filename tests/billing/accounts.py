"""Customers with meters and readings to bill, and money that moves: rows of master data, operations for the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import sqlalchemy as sa

from app.billing import operations
from app.billing.models import Bill
from app.billing.operations import NewPayment, Recorded
from app.customers.models import Customer, Meter, Premises, Reading, ReadingSegment
from app.kernel import db
from app.kernel.actor import SYSTEM, Actor
from app.kernel.clock import LOCAL, FrozenClock
from app.kernel.db import session

_numbers = count(1)

NOON = datetime(2026, 1, 1, 12, tzinfo=LOCAL)


def prepare_rules() -> None:
    """Load the seed tariffs and a monthly and a two-monthly reading segment."""
    db.run(lambda: operations.sync(actor=SYSTEM, now=NOON))

    def segments() -> None:
        for code, cycle in (("S1", "month"), ("S2", "two_months")):
            session.add(ReadingSegment(code=code, name=code, unit_code="U", unit_path="/1/", cycle=cycle, day=1))

    db.run(segments)


@dataclass
class Account:
    """A customer under test."""

    id: int
    number: str
    meter: int
    clock: FrozenClock
    actor: Actor = SYSTEM
    references: Any = field(default_factory=lambda: count(1))

    def read(self, on: date, total: str | int, kind: str = "regular", **registers: str | int) -> None:
        """Enter a reading."""
        values = {name: Decimal(value) for name, value in registers.items()}
        row = Reading(meter_id=self.meter, read_on=on, kind=kind, total=Decimal(total), **values)
        db.run(lambda: session.add(row))

    def bill(self, period: str, on: date | None = None) -> str:
        """Issue the bill of a period, on a day."""
        if on is not None:
            self.clock.set(datetime(on.year, on.month, on.day, 10, tzinfo=LOCAL))
        return db.run(lambda: operations.issue_bill(self.number, period, actor=self.actor, now=self.clock.now()))

    def pay(self, yuan: str, on: date, **changes: Any) -> Recorded:
        """Pay at the counter on a day."""
        given = {
            "customer": self.number,
            "amount": Decimal(yuan),
            "source": "counter",
            "reference": f"{self.number}-{next(self.references)}",
            "paid_on": on,
        } | changes
        moment = datetime(on.year, on.month, on.day, 15, tzinfo=LOCAL)
        if self.clock.now() < moment:
            self.clock.set(moment)
        return db.run(lambda: operations.record_payment(NewPayment(**given), actor=self.actor, now=self.clock.now()))

    def find(self, number: str) -> Bill:
        session.expire_all()
        return session.scalars(sa.select(Bill).where(Bill.number == number)).one()

    @property
    def balance(self) -> Decimal:
        session.expire_all()
        return session.get_one(Customer, self.id).balance


def account(
    clock: FrozenClock, *, readings: Mapping[date, int] | None = None, unit_path: str = "/1/", **values: Any
) -> Account:
    """A resident with a meter; `readings` are day to total (the first stands for the installation)."""
    given = {"tariff_code": "GM-RES-Y", "kind": "lv_resident", "segment_code": "S1", "name": "王芳"} | values
    number = given.pop("number", f"33010{next(_numbers):05d}")

    def make() -> tuple[int, int]:
        premises = Premises(address="青山县解放路 12 号", unit_code="U", unit_path=unit_path)
        session.add(premises)
        session.flush()
        customer = Customer(
            number=number, premises_id=premises.id, address=premises.address, unit_code="U", unit_path=unit_path,
            created_at=NOON, updated_at=NOON, **given,
        )  # fmt: skip
        session.add(customer)
        session.flush()
        meter = Meter(customer_id=customer.id, number=f"M{number}", installed_on=min(readings or {date(2025, 1, 1): 0}))
        session.add(meter)
        session.flush()
        for place, (on, total) in enumerate(sorted((readings or {}).items())):
            kind = "regular" if place else "install"
            session.add(Reading(meter_id=meter.id, read_on=on, kind=kind, total=Decimal(total)))
        return customer.id, meter.id

    customer_id, meter_id = db.run(make)
    return Account(customer_id, number, meter_id, clock)


def monthly(start: date, *energies: int) -> dict[date, int]:
    """Readings on the first of each month: the register after each month's energy."""
    found, at, total = {start: 0}, start, 0
    for energy in energies:
        at = (at + timedelta(days=32)).replace(day=1)
        total += energy
        found[at] = total
    return found
