"""`kill -9` of web or clock at ten random moments under load: nothing lost, nothing twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from app.kernel.clock import FrozenClock
from app.kernel.db import session
from tests.faults.account import problems
from tests.faults.storm import ride_out
from tests.faults.system import System
from tests.workorders.house import build

pytestmark = [pytest.mark.databases, pytest.mark.slow]


def test_killing_web_and_clock_loses_nothing(app: Flask, clock: FrozenClock, database: str, tmp_path: Path) -> None:
    house = build(clock)
    session.remove()
    system = System(database, tmp_path / "instance")
    numbers, kills = ride_out(system, house, orders=8, kills=10, seed=1)
    assert kills == 10
    assert problems(numbers) == [], system.log("clock")[-3000:]
