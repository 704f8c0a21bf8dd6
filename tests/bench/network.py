"""The grid in memory: how long it takes to load, what it weighs, how long a switch change takes to trace."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from app.kernel.db import session
from app.network import grid
from app.network.fictive import Plan, load
from app.network.grid.model import Grid
from tests.bench.house import NOW, house
from tests.bench.measure import tell

RETRACE_BUDGET_MS = 100.0
MEMORY_BUDGET_MB = 1024.0
TRIES = 40


def measure(customers: int) -> None:
    """Print the figures of a grid with so many customers, on PostgreSQL where there is one."""
    with house("postgresql" if os.environ.get("LIGHTLINE_TEST_POSTGRES") else "sqlite"):
        plan = Plan(customers)
        made = load(plan, now=NOW)
        tell("network.write", made.seconds, f"s, {made.rows} devices, {made.customers} customers")
        session.remove()
        before, begun = _resident(), time.perf_counter()
        here = grid.current(NOW)
        tell("network.load", time.perf_counter() - begun, f"s, {customers} customers, {plan.transformers} transformers")
        tell("network.memory", _resident() - before, "MB", against=MEMORY_BUDGET_MB)
        tell("network.current", _milliseconds(lambda: grid.current(NOW), 200), "ms, nothing changed")
        _changes(here, plan)
        _answers(here, plan)


def _changes(here: Grid, plan: Plan) -> None:
    """Open and close switches of every sort; the worst of all is told too."""
    chance = Random(7)
    feeders = [chance.randrange(plan.feeders - 1) for _ in range(TRIES)]
    sorts = {
        "breaker": [f"{plan.feeder(feeder)}-CB" for feeder in feeders],
        "fuse": [f"{plan.feeder(feeder)}-K01" for feeder in feeders],
        "tie": [f"{plan.feeder(feeder)}-X-1" for feeder in feeders],
    }
    worst = 0.0
    for sort, codes in sorts.items():
        taken = []
        for code in codes:
            for phases in ("ABC", "") if sort == "tie" else ("", "ABC"):
                begun = time.perf_counter()
                here = here.switched({code: (phases, 1)})
                taken.append((time.perf_counter() - begun) * 1e3)
        worst = max(worst, *taken)
        tell(f"network.retrace.{sort}", sorted(taken)[len(taken) // 2], "ms, median", against=RETRACE_BUDGET_MS)
    tell("network.retrace", worst, "ms, the slowest", against=RETRACE_BUDGET_MS)
    dark = here.switched({f"{plan.feeder(feeder)}-CB": ("", feeder + 1) for feeder in range(0, plan.feeders, 2)})
    begun = time.perf_counter()
    dark.switched({f"{plan.feeder(1)}-CB": ("", plan.feeders + 1)})
    tell(
        "network.retrace.storm",
        (time.perf_counter() - begun) * 1e3,
        "ms, half of all feeders dead",
        against=RETRACE_BUDGET_MS,
    )


def _answers(here: Grid, plan: Plan) -> None:
    code = f"{plan.feeder(3)}-CB"
    fresh = here.with_customers(here.placed)
    begun = time.perf_counter()
    fresh.customers_under(code)
    tell("network.customers_under", (time.perf_counter() - begun) * 1e3, "ms, a feeder, first time")
    tell("network.upstream", _milliseconds(lambda: here.upstream(plan.transformer(150)), 200), "ms")
    tell("network.children", _milliseconds(lambda: here.children(code), 20), "ms, a feeder")
    tell("network.transformer_of", _milliseconds(lambda: here.transformer_of(777), 500), "ms")


def _milliseconds(work: Callable[[], object], times: int) -> float:
    begun = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - begun) * 1e3 / times


def _resident() -> float:
    """Megabytes of this process in memory."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024**2
