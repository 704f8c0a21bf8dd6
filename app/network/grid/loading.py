"""Read the grid of a day from the database: rows valid that day, states of switches, customers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import sqlalchemy as sa

from app.customers.models import Customer, Premises
from app.kernel.db import session, table
from app.network.grid.building import Builder
from app.network.grid.customers import NOWHERE, Customers
from app.network.grid.topology import Group, Topology, mask
from app.network.models import Feeder, GridBranch, GridNode, GridSwitch, LvBranch, MeterBox, Substation

FAR = date.max
CLOSED = "closed"
"""A closed account (`Customer.status`) hangs nowhere any more."""

BATCH = 50_000


@dataclass(frozen=True, slots=True)
class Read:
    """A topology, the states of its switches and the first day on which other rows are valid."""

    topology: Topology
    states: dict[int, tuple[int, int]]
    until: date


def read_topology(day: date) -> Read:
    """The grid valid on a local day."""
    builder = Builder()
    _vertices(builder, day)
    states = _switches(builder, day)
    _joins(builder, day)
    for feeder in _valid(
        Feeder, day, "code", "name", "name_en", "unit_code", "unit_path", "substation_code", "breaker_code"
    ):
        builder.feeder(Group(*feeder))
    for row in _valid(Substation, day, "code", "name", "name_en", "unit_code", "unit_path", "lat", "lon"):
        builder.substation(Group(row[0], row[1], row[2], row[3], row[4], lat=row[5], lon=row[6]))
    topology = builder.done()
    known = {topology.switch_places[code]: state for code, state in states.items() if code in topology.switch_places}
    return Read(topology, known, _next_change(day))


def states_since(version: int) -> dict[str, tuple[str, int]]:
    """The switches operated after a version: code -> (closed phases, version)."""
    row = table(GridSwitch).c
    found = session.execute(sa.select(row.code, row.present, row.changed).where(row.changed > version))
    return {code: (present, changed) for code, present, changed in found}


def read_customers(topology: Topology) -> Customers:
    """All customers with an open account."""
    ids: list[int] = []
    at: list[int] = []
    zone: list[int] = []
    zones: dict[str, int] = {}
    for batch in session.execute(_customers().execution_options(yield_per=BATCH)).partitions():
        for customer_id, box, transformer, name in batch:
            ids.append(customer_id)
            at.append(_place(topology, box, transformer))
            zone.append(zones.setdefault(name, len(zones)))
    arrays = np.asarray(ids, dtype=np.int64), np.asarray(at, dtype=np.int32), np.asarray(zone, dtype=np.int32)
    return Customers.made(*arrays, list(zones), len(topology.codes))


def read_again(topology: Topology, customers: Customers, premises_ids: Sequence[int]) -> Customers:
    """The customers with those of these premises read anew."""
    asked = list(premises_ids)
    gone = session.scalars(sa.select(Customer.id).where(Customer.premises_id.in_(asked))).all()
    rows = session.execute(_customers().where(Premises.id.in_(asked))).all()
    return customers.replaced(
        np.asarray([row[0] for row in rows], dtype=np.int64),
        np.asarray([_place(topology, row[1], row[2]) for row in rows], dtype=np.int32),
        [row[3] for row in rows],
        np.asarray(gone, dtype=np.int64),
        len(topology.codes),
    )


def _customers() -> sa.Select[Any]:
    who, where = table(Customer).c, table(Premises).c
    return (
        sa.select(who.id, where.meter_box, where.transformer_code, where.zone)
        .join(table(Premises), where.id == who.premises_id)
        .where(who.status != CLOSED)
    )


def _place(topology: Topology, box: str, transformer: str) -> int:
    """The meter box where the grid knows it and it is that transformer's, else the transformer."""
    places = topology.places
    found = places.get(box, NOWHERE) if box else NOWHERE
    own = places.get(transformer, NOWHERE) if transformer else NOWHERE
    if found >= 0 and (own < 0 or topology.transformer[found] == own):
        return found
    return own


def _vertices(builder: Builder, day: date) -> None:
    common = ("code", "name", "name_en", "phases", "unit_code", "unit_path")
    for *named, kind, lat, lon, infeed, substation in _valid(
        GridNode, day, *common, "kind", "lat", "lon", "infeed", "substation_code"
    ):
        builder.vertex(kind=kind, lat=lat, lon=lon, infeed=infeed, substation=substation, **_named(named))
    for *named, kind in _valid(GridBranch, day, *common, "kind"):
        builder.vertex(kind=kind, **_named(named))
    for *named, transformer in _valid(LvBranch, day, *common, "transformer_code"):
        builder.vertex(kind="lv_branch", transformer=transformer, **_named(named))
    for *named, lat, lon, transformer in _valid(MeterBox, day, *common, "lat", "lon", "transformer_code"):
        builder.vertex(kind="meter_box", lat=lat, lon=lon, transformer=transformer, **_named(named))


def _named(row: Sequence[Any]) -> dict[str, Any]:
    code, name, name_en, phases, unit, path = row
    return {"code": code, "name": name, "name_en": name_en, "phases": phases, "unit": (unit, path)}


def _switches(builder: Builder, day: date) -> dict[str, tuple[int, int]]:
    """Add the switches; the states of all of them."""
    states = {}
    names = (
        *("code", "kind", "from_code", "to_code", "name", "name_en", "normal", "protective"),
        *("unit_code", "unit_path", "lat", "lon", "present", "changed"),
    )
    for row in _valid(GridSwitch, day, *names):
        code, kind, one, two, name, name_en, normal, protective, unit, path, lat, lon, present, changed = row
        builder.switch(
            code,
            kind,
            (one, two),
            name=name,
            name_en=name_en,
            normal=normal,
            protective=protective,
            unit=(unit, path),
            lat=lat,
            lon=lon,
        )
        states[code] = (mask(present), changed)
    return states


def _joins(builder: Builder, day: date) -> None:
    for code, one, two in _valid(GridBranch, day, "code", "from_code", "to_code"):
        builder.join(code, one, code)
        builder.join(code, code, two)
    for code, transformer, parent in _valid(LvBranch, day, "code", "transformer_code", "parent_code"):
        builder.join(code, parent or transformer, code)
    for code, transformer, branch in _valid(MeterBox, day, "code", "transformer_code", "lv_branch_code"):
        builder.join(code, branch or transformer, code)


def _valid(model: Any, day: date, *columns: str) -> Iterable[Sequence[Any]]:
    """The rows of a table valid on a day, in the order they were added."""
    row = table(model).c
    query = (
        sa.select(*(row[name] for name in columns))
        .where(row.valid_from <= day, sa.or_(row.valid_to.is_(None), row.valid_to > day))
        .order_by(row.id)
    )
    return session.execute(query.execution_options(yield_per=BATCH))


def _next_change(day: date) -> date:
    """The first day after this one on which a row begins or ends to be valid."""
    found = []
    for model in (GridNode, GridBranch, GridSwitch, Feeder, LvBranch, MeterBox, Substation):
        row = table(model).c
        for column in (row.valid_from, row.valid_to):
            found.append(session.scalar(sa.select(sa.func.min(column)).where(column > day)))
    return min((each for each in found if each), default=FAR)
