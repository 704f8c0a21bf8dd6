"""Tie demo customers to transformers, meter boxes, feeders and zones of their own station."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import cycle
from random import Random
from typing import Any

import sqlalchemy as sa

from app.customers.fictive.rows import SOURCE
from app.customers.models import Customer, Premises
from app.kernel.db import session, table
from app.network.grid import current
from app.network.grid.model import Grid
from app.network.models import GridNode
from app.network.versions import new_structure

NEAR = 0.0015
"""Degrees a customer lives from its transformer at most."""


def settle_customers(city: Mapping[str, Any], zone: int, *, now: datetime) -> int:
    """Tie those of a city's stations who hang on nothing the grid knows; returns how many were tied."""
    here, tied = current(now), 0
    for code, entry in city["feeders"].items():
        feeder = f"{city['prefix']}{code}"
        tied += _settle_station(here, feeder, entry["unit"], zone)
    if tied:
        new_structure()
    return tied


def _settle_station(here: Grid, feeder: str, unit: str, zone: int) -> int:
    rows = session.execute(
        sa.select(Premises.id, Premises.transformer_code, Customer.kind, Customer.name)
        .join(Customer, Customer.premises_id == Premises.id)
        .where(Customer.source == SOURCE, Premises.unit_code == unit)
        .order_by(Customer.id)
    ).all()
    loose = [row for row in rows if not here.has(row.transformer_code)]
    taken = {row.transformer_code for row in rows if row.kind == "hv"}
    free = [code for code in here.transformers_under(feeder) if code not in taken]
    places = {code: place for place, code in enumerate(here.transformers_under(feeder))}
    own, public = _divided(free, sum(row.kind == "hv" for row in loose))
    spots, alone = _spots(public), iter(own)
    values = []
    for row in loose:
        code, box = (next(alone), 1) if row.kind == "hv" else next(spots)
        if row.kind == "hv":
            _make_own(code, row.name)
        area = f"{unit}-Z{places[code] // zone + 1:02d}"
        values.append(_tied(here, row.id, code) | {"meter_box": f"{code}-B{box}", "line_code": feeder, "zone": area})
    if values:
        columns: dict[str, Any] = {name: sa.bindparam(name) for name in values[0] if name != "key"}
        statement = sa.update(table(Premises)).where(table(Premises).c.id == sa.bindparam("key")).values(columns)
        session.connection().execute(statement, values)
    return len(values)


def _divided(free: list[str], hv: int) -> tuple[list[str], list[str]]:
    """Transformers that become one customer's own, spread along the feeder, and the public ones."""
    step = max(1, len(free) // (hv + 1))
    own = free[step - 1 :: step][:hv] if hv else []
    return own, [code for code in free if code not in own]


def _spots(codes: list[str]) -> Iterator[tuple[str, int]]:
    """Transformers one after the other, their boxes by turns."""
    return cycle([(code, box) for box in (1, 2) for code in codes])


def _make_own(code: str, name: str) -> None:
    session.execute(sa.update(GridNode).where(GridNode.code == code).values(public=False, name=f"{name}专变"[:120]))


def _tied(here: Grid, key: int, code: str) -> dict[str, Any]:
    chance, where = Random(key), here.info(code)  # noqa: S311  (no secret)
    return {
        "key": key,
        "transformer_code": code,
        "lat": round((where.lat or 0) + chance.uniform(-NEAR, NEAR), 6),
        "lon": round((where.lon or 0) + chance.uniform(-NEAR, NEAR), 6),
    }
