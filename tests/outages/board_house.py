"""A board with outages on it: units, people, crews, the Oberrhein grid, rows as prediction would leave them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from app.engine.definitions.deploy import deploy
from app.kernel import db
from app.kernel.actor import SYSTEM
from app.kernel.clock import FrozenClock
from app.kernel.db import session
from app.kernel.settings import ROOT
from app.network import grid
from app.outages.models import Outage
from tests.network.factories import load_oberrhein
from tests.workorders.house import House, build

TABLES = ("outage_board", "outage_crews", "outage_unplanned")
_numbers = count(1)


@dataclass
class Board:
    """`house` is the utility; `transformers` are codes of the grid that outages may be at."""

    house: House
    transformers: list[str]

    @property
    def now(self) -> datetime:
        return self.house.now

    def outage(self, **values: Any) -> Outage:
        """Write an outage, in a transaction of its own."""
        return db.run(lambda: write(self, **values))


def tables() -> dict[str, bytes]:
    """The decision tables of board and crews."""
    paths = [path for folder in TABLES for path in (ROOT / "bpmn" / folder).glob("*.dmn")]
    return {str(path.relative_to(ROOT)): path.read_bytes() for path in sorted(paths)}


def board(clock: FrozenClock) -> Board:
    """The house of work orders, with the grid in its county."""
    house = build(clock)
    unit = house.units["GM-LJ-QS"]
    load_oberrhein(unit=(unit.code, unit.path))
    db.run(lambda: deploy(tables(), actor=SYSTEM, now=clock.now()))
    found = list(grid.current(clock.now()).codes("distribution_transformer"))
    session.rollback()
    return Board(house, found)


def write(board: Board, **values: Any) -> Outage:
    """An outage of the county, ten minutes old and predicted, but for `values`."""
    unit = board.house.units["GM-LJ-QS"]
    number = next(_numbers)
    device = values.get("device_code") or board.transformers[number % len(board.transformers)]
    info = grid.current(board.now).info(device)
    plain = {
        "number": f"TD20260302{number:04d}",
        "kind": "probable_device",
        "device_code": device,
        "device_name": info.name,
        "device_kind": info.kind,
        "feeder_code": info.feeder,
        "feeder_name": info.feeder,
        "unit_code": unit.code,
        "unit_path": unit.path,
        "started_at": board.now - timedelta(minutes=10),
        "detected_at": board.now - timedelta(minutes=9),
        "customers_total": 40,
        "customers_out": 40,
        "calls": 2,
    }
    made = Outage(**{**plain, **values})
    session.add(made)
    session.flush()
    return made
