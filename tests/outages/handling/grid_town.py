"""The Oberrhein grid as rows, with customers below the transformers of one switch, each with a mobile phone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.customers.models import Contact, Customer, Meter, Premises
from app.kernel import db
from app.kernel.db import session
from app.network import grid
from app.network.models import CustomerMark
from tests.network.factories import load_oberrhein
from tests.workorders.house import House


@dataclass(frozen=True)
class Place:
    """`switch` is closed and feeds `transformers`, whose customers are `ids`; `inner` feeds a part of them."""

    switch: str
    transformers: Sequence[str]
    ids: Sequence[int]


def settle(house: House, *, each: int = 2, most: int = 6) -> Place:
    """Load the grid for the county and put customers below a switch that feeds a few transformers."""
    county = house.units["GM-LJ-QS"]
    load_oberrhein(unit=(county.code, county.path))
    seen = grid.current(house.now)
    fitting = (
        (code, under)
        for code in seen.codes("switch", "breaker", "fuse", "feeder_breaker")
        if 2 <= len(under := seen.transformers_under(code)) <= most
    )
    switch, under = next(fitting)
    ids = db.run(lambda: [one for code in under for one in _customers(code, county.code, county.path, each, house.now)])
    return Place(switch, under, ids)


def _customers(transformer: str, unit: str, path: str, each: int, now: datetime) -> list[int]:
    return [one_customer(transformer, place, unit, path, now) for place in range(each)]


def one_customer(transformer: str, place: int, unit: str, path: str, now: datetime) -> int:
    """A customer below a transformer."""
    premises = Premises(
        address=f"青山县{transformer}路{place + 1}号",
        address_key=f"青山县{transformer.lower()}路{place + 1}",
        unit_code=unit,
        unit_path=path,
        transformer_code=transformer,
    )
    session.add(premises)
    session.flush()
    customer = Customer(
        number=f"88{transformer}-{place}",
        name=f"用户{transformer}{place}",
        premises_id=premises.id,
        address=premises.address,
        unit_code=unit,
        unit_path=path,
        created_at=now,
        updated_at=now,
    )
    session.add(customer)
    session.flush()
    phone = f"+86139{customer.id:08d}"
    session.add(Contact(customer_id=customer.id, name="户主", role="owner", phone=phone))
    installed = now.date() - timedelta(days=9)
    session.add(Meter(customer_id=customer.id, number=f"M{customer.number}", installed_on=installed))
    session.add(CustomerMark(premises_id=premises.id))
    session.flush()
    return customer.id
