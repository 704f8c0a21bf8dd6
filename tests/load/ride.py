"""Orders driven through HTTP by many at once, and cases that go their rounds, while blows fall."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import sqlalchemy as sa

from app.engine import api as engine
from app.engine.definitions.deploy import deploy
from app.engine.runtime.models import Instance
from app.kernel import db
from app.kernel.actor import SYSTEM
from app.kernel.db import session
from app.kernel.jobs.models import Job
from app.kernel.registry import registry
from tests.faults.caller import Caller
from tests.faults.people import answers, report, tokens, work_off
from tests.load import rounds
from tests.load.blows import Blows
from tests.load.stage import Stage
from tests.workorders.house import House

AT_ONCE = 4
"""Orders under way at a time, and cases begun with each lot of orders."""

SETTLE = 200.0
"""Seconds after the last blow within which everything must come to its end: a dead worker's lease is sixty."""


@dataclass(frozen=True)
class Ridden:
    """What was driven, and through what."""

    numbers: list[str]
    cases: int
    blows: list[str]
    settled: bool


def ride_out(stage: Stage, house: House, *, orders: int, kills: int, cuts: int, seed: int) -> Ridden:
    """Drive at least `orders` orders, and more until every blow has fallen; then wait for the end of all work."""
    with registry.temporarily(rounds.SERVICE):
        db.run(lambda: deploy({"rounds.bpmn": rounds.DIAGRAM}, actor=SYSTEM, now=house.now))
    given = {post: Caller(stage.system.url, token) for post, token in tokens(house).items()}
    filled = answers(house)
    session.remove()
    for name in stage.names:
        stage.system.start(name)
    stage.system.wait_ready()
    blows = Blows(stage, kills=kills, cuts=cuts, seed=seed)
    numbers: list[str] = []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        blows.start()
        try:
            while len(numbers) < orders or blows.left:
                batch = range(len(numbers), len(numbers) + AT_ONCE)
                for n in batch:
                    stubborn(lambda n=n: start_case(n, house))  # type: ignore[misc]
                fresh = list(pool.map(lambda n: report(given["agent"], n), batch))
                list(pool.map(lambda number: work_off(number, given, filled), fresh))
                numbers += fresh
        finally:
            blows.stop()
    return Ridden(numbers, len(numbers), blows.done, settled())


def start_case(n: int, house: House) -> None:
    """Begin case `n` of the rounds; once, however often it is called."""
    key = f"case-{n}"
    if not engine.list_instances(business_key=key):
        data = {"n": n, "turn": 0}
        db.run(lambda: engine.start(rounds.KEY, data=data, business_key=key, actor=SYSTEM, now=house.now))


def stubborn(work: Callable[[], None]) -> None:
    """Until it is done: our own connection is cut like all others."""
    end = time.monotonic() + 60
    while True:
        try:
            work()
        except sa.exc.DBAPIError:
            session.rollback()
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
        else:
            session.remove()
            return


def settled() -> bool:
    """Wait until no case runs and no job waits; False where that does not come."""
    end = time.monotonic() + SETTLE
    while unfinished() and time.monotonic() < end:
        time.sleep(0.5)
    return unfinished() == 0


def unfinished() -> int:
    """Cases under way and jobs not done."""
    session.rollback()
    running = sa.select(sa.func.count()).select_from(Instance).where(Instance.status != "completed")
    undone = sa.select(sa.func.count()).select_from(Job).where(Job.state.in_(["pending", "leased"]))
    return (session.scalar(running) or 0) + (session.scalar(undone) or 0)
