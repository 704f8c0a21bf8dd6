"""A small town with a grid in memory: feeders, protective devices, transformers, customers with rows.

`World` stands in for the rows of `app.network`: `grid.current` answers its grid, `switch` operates a switch
and tells outages as the network does. Shapes are trees written as nested mappings (`TOWN`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa

from app.customers.models import Contact, Customer, Meter, Premises
from app.kernel import db
from app.kernel.actor import SYSTEM, Actor
from app.kernel.db import session
from app.network import grid as network
from app.network.grid import Grid
from app.network.grid.building import Builder
from app.network.grid.customers import Customers
from app.network.grid.supply import Supply
from app.network.grid.topology import Group
from app.outages.models import Outage, OutageCustomer, OutageDevice, TroubleCall
from app.outages.operations import switching, trouble
from app.outages.operations.trouble import Placed, Trouble

TOWN: Mapping[str, Any] = {
    "CB1": {
        "R1": {"F1": ["T1", "T2", "T3", "T4"], "F2": ["T5", "T6"], "F3": ["T7"]},
        "R2": {"F4": ["T8", "T9"], "F5": ["T10"]},
    },
    "CB2": {"F6": ["T11", "T12"], "F7": ["T13"]},
}
"""Feeders by breaker, then protective devices down to transformers: F… fuses, R… reclosers."""

UNIT = ("GM-LJ-QS", "/1/")


@dataclass
class World:
    """`grid` as switches stand; `customers` are ids by transformer."""

    grid: Grid
    unit: tuple[str, str] = UNIT
    customers: dict[str, list[int]] = field(default_factory=dict)
    states: dict[str, tuple[str, int]] = field(default_factory=dict)
    normal: Grid | None = None
    sent: int = 0

    def call(self, transformer: str = "", *, customer: int = 0, now: datetime, **changes: Any) -> Placed:
        """Report trouble from a customer (by place) of a transformer, in a transaction."""
        self.sent += 1
        values: dict[str, Any] = {"source": "api", "key": f"call-{self.sent}"}
        if transformer:
            values["customer_id"] = self.customers[transformer][customer]
        report = Trouble(**{**values, **changes})
        return db.run(lambda: trouble.report(report, actor=SYSTEM, now=now))

    def switch(self, code: str, phases: str, *, now: datetime) -> None:
        """Operate a switch: `ABC` closed, empty open."""

        def operate() -> None:
            assert self.normal is not None
            self.states[code] = (phases, len(self.states) + 1)
            self.grid = self.normal.switched(self.states)
            switching.follow(code, phases, now, now)

        db.run(operate)


def build(
    shape: Mapping[str, Any], unit: tuple[str, str] = UNIT, ties: Mapping[str, tuple[str, str]] | None = None
) -> Grid:
    """The grid of a shape, without customers; `ties` are normally open switches between two transformers' nodes."""
    builder = Builder()
    builder.vertex("BUS", "busbar", infeed=True, substation="SUB", unit=unit)
    builder.substation(Group("SUB", "城东变", "East", unit[0], unit[1]))
    for breaker, below in shape.items():
        _switch(builder, breaker, "CB", "BUS", f"N-{breaker}", unit)
        builder.feeder(Group(f"L-{breaker}", f"{breaker}线", f"Line {breaker}", unit[0], unit[1], "SUB", breaker))
        _below(builder, below, f"N-{breaker}", unit)
    for code, (one, two) in (ties or {}).items():
        builder.switch(code, "LBS", (one, two), normal="", unit=unit)
    topology = builder.done()
    return Grid(topology, Supply.normal(topology), Customers.none(len(topology.codes)))


def _below(builder: Builder, below: Any, above: str, unit: tuple[str, str]) -> None:
    if isinstance(below, Mapping):
        for code, more in below.items():
            _switch(builder, code, "fuse" if code.startswith("F") else "breaker", above, f"N-{code}", unit)
            _below(builder, more, f"N-{code}", unit)
        return
    for transformer in below:
        builder.vertex(transformer, "distribution_transformer", name=f"{transformer}台区", unit=unit)
        builder.join(transformer, above, transformer)


def _switch(builder: Builder, code: str, kind: str, above: str, below: str, unit: tuple[str, str]) -> None:
    builder.vertex(below, "junction", unit=unit)
    builder.switch(code, kind, (above, below), name=f"{code}开关", protective=True, unit=unit)


def populate(grid: Grid, each: int, now: datetime) -> dict[str, list[int]]:
    """Rows of `each` customers below every transformer, with a meter and a phone; their ids by transformer."""
    found: dict[str, list[int]] = {}
    for transformer in grid.codes("distribution_transformer"):
        feeder = grid.feeder_of(transformer)
        unit = (grid.info(transformer).unit_code, grid.info(transformer).unit_path)
        for place in range(each):
            name = f"{transformer}-{place}"
            premises = Premises(
                address=f"青山县{transformer}路{place + 1}号",
                address_key=f"青山县{transformer.lower()}路{place + 1}",
                zone=f"Z-{transformer}",
                unit_code=unit[0],
                unit_path=unit[1],
                transformer_code=transformer,
                line_code=feeder,
            )
            session.add(premises)
            session.flush()
            customer = Customer(
                number=f"33{name}",
                name=f"用户{name}",
                premises_id=premises.id,
                address=premises.address,
                unit_code=unit[0],
                unit_path=unit[1],
                created_at=now,
                updated_at=now,
            )
            session.add(customer)
            session.flush()
            session.add(
                Meter(customer_id=customer.id, number=f"M{name}", installed_on=now.date() - timedelta(days=400))
            )
            found.setdefault(transformer, []).append(customer.id)
    session.flush()
    return found


def with_customers(grid: Grid, customers: Mapping[str, list[int]]) -> Grid:
    """The grid with these customers below its transformers."""
    places = grid.topology.places
    ids = [each for below in customers.values() for each in below]
    at = [places[transformer] for transformer, below in customers.items() for _ in below]
    zone = np.zeros(len(ids), dtype=np.int32)
    made = Customers.made(
        np.asarray(ids, dtype=np.int64), np.asarray(at, dtype=np.int32), zone, ("",), len(grid.topology.codes)
    )
    return grid.with_customers(made)


def found(
    monkeypatch: pytest.MonkeyPatch,
    shape: Mapping[str, Any] = TOWN,
    *,
    each: int = 3,
    now: datetime,
    unit: tuple[str, str] = UNIT,
    ties: Mapping[str, tuple[str, str]] | None = None,
) -> World:
    """A world with `each` customers below every transformer, whose grid `grid.current` answers."""
    bare = build(shape, unit, ties)
    customers = db.run(lambda: populate(bare, each, now))
    grid = with_customers(bare, customers)
    world = World(grid, unit, customers, normal=grid)
    monkeypatch.setattr(network, "current", lambda _now: world.grid)
    return world


def active() -> list[Outage]:
    """Outages under way, the earliest first."""
    session.expire_all()
    query = sa.select(Outage).where(Outage.status.not_in(["closed", "cancelled"])).order_by(Outage.id)
    return list(session.scalars(query))


def devices() -> list[str]:
    """Where the outages under way stand, service outages as empty words."""
    return sorted(outage.device_code for outage in active())


def calls_of(outage: Outage) -> list[TroubleCall]:
    """The calls attached to an outage."""
    query = sa.select(TroubleCall).where(TroubleCall.outage_id == outage.id).order_by(TroubleCall.id)
    return list(session.scalars(query))


def members_of(outage: Outage) -> set[int]:
    """Customers out in an outage."""
    query = sa.select(OutageCustomer.customer_id).where(OutageCustomer.outage_id == outage.id, OutageCustomer.active)
    return set(session.scalars(query))


def covered_by(outage: Outage) -> set[str]:
    """Devices an outage covers."""
    query = sa.select(OutageDevice.device_code).where(OutageDevice.outage_id == outage.id, OutageDevice.active)
    return set(session.scalars(query))


__all__ = ["TOWN", "UNIT", "Actor", "Contact", "World", "active", "build", "calls_of", "covered_by", "devices", "found"]
