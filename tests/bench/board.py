"""The dispatchers' board with many outages: the first page as a browser asks for it, and what follows a change."""

from __future__ import annotations

import time
from collections.abc import Callable

from app.kernel import db
from app.kernel.clock import FrozenClock
from tests.bench.house import NOW, house
from tests.bench.measure import tell
from tests.identity.factories import sign_in
from tests.outages.board_house import board, write

BUDGET_MS = 300.0
ROUNDS = 20


def measure(outages: int) -> None:
    """Print the 95th of first pages with so many active outages, and of the marks a change makes pages ask for."""
    with house() as app:
        there = board(FrozenClock(NOW))
        db.run(lambda: [write(there, customers_out=place, calls=place % 9) for place in range(outages)])
        client = app.test_client()
        sign_in(client, there.house.people["dispatcher"])
        page = _p95(lambda: client.get("/outages"))
        tell("outages.board", page, f"ms, {outages} active outages", against=BUDGET_MS)
        tell("outages.board_marks", _p95(lambda: client.get("/outages/board.json")), "ms", against=BUDGET_MS)


def _p95(ask: Callable[[], object]) -> float:
    ask()
    taken = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        ask()
        taken.append(1000 * (time.perf_counter() - begin))
    return sorted(taken)[int(ROUNDS * 0.95) - 1]
