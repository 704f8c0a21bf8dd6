"""Write a fictive grid and its customers past the operations: COPY on PostgreSQL, executemany on SQLite."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

from app.customers.fictive.rows import CUSTOMER, PREMISES
from app.customers.fictive.writing import next_id, settle_sequence, write
from app.customers.models import Customer, Premises
from app.kernel import db
from app.kernel.db import table
from app.network.fictive.plan import COMMON, Plan, Row
from app.network.models import Feeder, GridBranch, GridNode, GridSwitch, LvBranch, MeterBox, Substation
from app.network.versions import new_structure

BATCH = 50_000
SOURCE = "fictive"
FIRST_NUMBER = 6_600_000_000
OWN: dict[Any, tuple[str, ...]] = {
    Substation: ("voltage", "address", "lat", "lon"),
    GridNode: (
        *("kind", "voltage", "substation_code", "infeed", "address"),
        *("lat", "lon", "capacity", "load", "public"),
    ),
    GridBranch: ("kind", "from_code", "to_code", "length"),
    GridSwitch: (
        *("kind", "from_code", "to_code", "normal", "present"),
        *("protective", "remote", "changed", "lat", "lon"),
    ),
    Feeder: ("breaker_code", "busbar_code", "substation_code", "voltage"),
    LvBranch: ("transformer_code", "parent_code"),
    MeterBox: ("transformer_code", "lv_branch_code", "address", "lat", "lon"),
}


@dataclass(frozen=True, slots=True)
class Made:
    """How many rows, and in how many seconds."""

    rows: int
    customers: int
    seconds: float


def load(plan: Plan, *, now: datetime) -> Made:
    """Write the grid in one transaction, then the customers in batches of their own."""
    begun = time.perf_counter()
    rows = db.run(lambda: _grid(plan))
    for first in range(0, plan.customers, BATCH):
        wanted = range(first, min(first + BATCH, plan.customers))
        db.run(lambda wanted=wanted: _customers(plan, wanted, now))  # type: ignore[misc]
    db.run(new_structure)
    return Made(rows, plan.customers, time.perf_counter() - begun)


def _grid(plan: Plan) -> int:
    written = 0
    rows: dict[Any, Iterator[Row]] = {
        Substation: plan.substation_rows(),
        GridNode: plan.node_rows(),
        GridBranch: plan.branch_rows(),
        GridSwitch: plan.switch_rows(),
        Feeder: plan.feeder_rows(),
        LvBranch: plan.lv_branch_rows(),
        MeterBox: plan.meter_box_rows(),
    }
    for model, given in rows.items():
        numbers = count(next_id(table(model)))
        numbered = ((next(numbers), *row) for row in given)
        written += write(table(model), ("id", *COMMON, *OWN[model]), numbered)
        settle_sequence(table(model))
    return written


def _customers(plan: Plan, wanted: range, now: datetime) -> None:
    first = max(next_id(table(Customer)), next_id(table(Premises)))
    write(table(Premises), PREMISES, (_premises(plan, n, first + place) for place, n in enumerate(wanted)))
    write(table(Customer), CUSTOMER, (_customer(plan, n, first + place, now) for place, n in enumerate(wanted)))
    for model in (Premises, Customer):
        settle_sequence(table(model))


def _premises(plan: Plan, n: int, key: int) -> Row:
    feeder, transformer, box = plan.place_of(n)
    address = f"{transformer}台区{n % plan.per_transformer + 1}号"
    zone = f"{plan.feeder(feeder)}-Z{n // plan.per_transformer % plan.per_feeder // plan.per_lateral:02d}"
    unit = plan.unit(feeder)
    return (key, address, address, "urban", zone, unit[0], unit[1], transformer, plan.feeder(feeder), box, None, None)


def _customer(plan: Plan, n: int, key: int, now: datetime) -> Row:
    feeder, transformer, _box = plan.place_of(n)
    unit, number = plan.unit(feeder), str(FIRST_NUMBER + n)
    address = f"{transformer}台区{n % plan.per_transformer + 1}号"
    who = (key, number, 1, f"客户{n}", f"客户{n}", key, address, unit[0], unit[1])
    what = ("lv_resident", "", "", "220V", 8, 8, "class3", "none", "", "", "active", False, None)
    return (*who, *what, "", "", "", "", "", "", 0, SOURCE, number, now, now)
