"""Whatever comes in whatever order: random towns, random calls, switches, confirmations, moves, splits and joins.

`LIGHTLINE_OUTAGE_SEEDS=100` tries more towns than the suite has time for.
"""

from __future__ import annotations

import os

import pytest

from tests.outages.town import Town
from tests.workorders.house import House

SEEDS = int(os.environ.get("LIGHTLINE_OUTAGE_SEEDS", "6"))
STEPS = 30


@pytest.mark.parametrize("seed", range(SEEDS))
def test_the_promises_hold_whatever_happens(seed: int, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    town = Town(seed, house, monkeypatch)
    done = []
    for _ in range(STEPS):
        done.append(town.step())
        try:
            town.check()
        except AssertionError as wrong:
            raise AssertionError(f"after {' > '.join(done)}: {wrong}") from wrong
