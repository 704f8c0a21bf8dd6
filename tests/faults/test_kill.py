"""`kill -9` at ten random moments under load, five on either database, and the database and Redis cut.

Nothing is lost and nothing done twice. With PostgreSQL all that runs on several machines
runs here: two clocks, and where Redis is installed two workers.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from app.kernel.clock import FrozenClock
from tests.faults.account import problems
from tests.load.account import round_problems
from tests.load.ride import ride_out
from tests.load.stage import stage
from tests.workorders.house import build

pytestmark = [pytest.mark.databases, pytest.mark.slow]

KILLS = 5
"""On each database; a process killed needs seconds of CPU to come up again. A hundred: `python -m tests.load`."""


def test_kills_and_cuts_lose_nothing(app: Flask, clock: FrozenClock, database: str, tmp_path: Path) -> None:
    house = build(clock)
    with stage(database, tmp_path / "instance") as found:
        ridden = ride_out(found, house, orders=4, kills=KILLS, cuts=len(found.cuts), seed=1)
        assert len([blow for blow in ridden.blows if blow.startswith("kill")]) == KILLS
        wrong = [*problems(ridden.numbers), *round_problems(ridden.cases, found.receiver)]
    assert wrong == [], found.system.log("clock")[-3000:]
