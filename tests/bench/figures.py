"""Figures of elements: folding what commands noted, asking for a year of a process, counting anew from histories."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta

from app.engine import api as engine
from app.engine.definitions.deploy import deploy
from app.engine.statistics import folding, rebuilding, storing
from app.engine.statistics.counting import COMPLETED, STARTED, Counts, Event
from app.kernel.actor import SYSTEM
from app.kernel.db import run, session
from tests.bench.house import NOW, house
from tests.bench.measure import tell
from tests.bench.order import DATA, order

ELEMENTS, UNITS, DAYS = 30, 40, 365


def measure(commands: int) -> None:
    """Print what folding, asking and rebuilding cost; `commands` are cases begun and taken one step on."""
    with house():
        run(lambda: deploy({"order.bpmn": order()}, actor=SYSTEM, now=NOW))
        for _ in range(commands):
            run(_one_case)
        tell("figures.fold", _seconds(lambda: folding.sweep(NOW)) / commands * 1e6, "µs a case")
        tell("figures.rebuild", _seconds(lambda: run(rebuilding.rebuild)) / commands * 1e6, "µs a case")
        run(_a_year)
        year = (date(2025, 1, 1), date(2026, 1, 1))
        asked = _seconds(lambda: engine.element_statistics("year", from_=year[0], to=year[1]))
        tell("figures.ask_a_year", asked * 1e3, f"ms, {ELEMENTS} elements x {UNITS} units x {DAYS} days")


def _one_case() -> None:
    instance = engine.start("order", data={}, actor=SYSTEM, now=NOW)
    review = engine.open_tasks(instance.id)[0]
    engine.complete(review.id, DATA, actor=SYSTEM, now=NOW)


def _a_year() -> None:
    counts = Counts()
    for number in range(DAYS):
        day = (date(2025, 1, 1) + timedelta(days=number)).isoformat()
        for unit in range(UNITS):
            for element in range(ELEMENTS):
                place = ("year", "definition", f"e{element}", day)
                counts.count(Event(STARTED, *place), f"/1/{unit}/")
                counts.count(Event(COMPLETED, *place, 1000 * (unit + 1) * (element + 1)), f"/1/{unit}/")
    storing.add(counts, settled=False)


def _seconds(work: Callable[[], object]) -> float:
    session.remove()
    before = time.thread_time()
    work()
    return time.thread_time() - before
