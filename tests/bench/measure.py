"""How a figure is taken and told: CPU seconds of the best batch, one JSON object a line."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from typing import TypeVar

import orjson

T = TypeVar("T")


def seconds(work: Callable[[T], object], prepare: Callable[[], T], *, batches: int = 7, calls: int = 25) -> float:
    """CPU seconds of one call of `work`, preparing left out: the lowest median of several batches.

    CPU time and the lowest median keep a busy neighbour on the machine out of the figure.
    """
    best = float("inf")
    for _ in range(batches):
        taken = []
        for _ in range(calls):
            given = prepare()
            gc.disable()
            before = time.thread_time()
            work(given)
            taken.append(time.thread_time() - before)
            gc.enable()
        best = min(best, statistics.median(taken))
    return best


def tell(name: str, value: float, unit: str, *, against: float | None = None) -> None:
    """Print one figure; `against` is the other figure of the same run that it is held to."""
    ratio = None if against is None else round(value / against, 3)
    line = {"name": name, "value": round(value, 4), "unit": unit, "against": against and round(against, 4)}
    print(orjson.dumps(line | {"ratio": ratio}).decode(), flush=True)
