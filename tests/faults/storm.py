"""Orders driven through the API by many at once, while processes are killed at random moments."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

from app.identity import operations as identity
from app.identity import queries
from app.kernel import db
from tests.faults.caller import Caller
from tests.faults.people import answers, report, work_off
from tests.faults.system import System
from tests.workorders.house import House

PATIENT = 0.8
"""How often the killer lets the web server come up again before it goes on; else it may hit it starting."""

WORKERS = ("agent", "dispatcher", "crew_leader", "reviewer", "callback")


def tokens(house: House) -> dict[str, str]:
    """An API token with all of a person's rights, for each post at work."""
    found = {}
    for post in WORKERS:
        user, now = house.people[post], house.now
        rights = queries.permissions_of(user.id, at=now)
        until = now + timedelta(days=1)
        _, found[post] = db.run(
            lambda user=user, rights=rights, until=until, now=now, post=post: identity.issue_token(  # type: ignore[misc]
                user.id, name="faults", scopes=rights, expires_at=until, actor=house.actor(post), now=now
            )
        )
    return found


@contextmanager
def running(system: System) -> Iterator[None]:
    """Web and clock started, and in the end gone."""
    try:
        system.start("web")
        system.start("clock")
        system.wait_ready()
        yield
    finally:
        system.stop()


def ride_out(system: System, house: House, *, orders: int, kills: int, seed: int) -> tuple[list[str], int]:
    """Drive `orders` to the archive while `kills` processes are killed and started again; returns both as done."""
    given = {post: Caller(system.url, token) for post, token in tokens(house).items()}
    filled = answers(house)
    over = threading.Event()
    done = [0]
    killer = threading.Thread(target=_kill, args=(system, kills, random.Random(seed), over, done))
    numbers: list[str] = []
    with running(system), ThreadPoolExecutor(4) as pool:
        killer.start()
        try:
            while len(numbers) < orders or done[0] < kills:
                batch = range(len(numbers), len(numbers) + 4)
                fresh = list(pool.map(lambda n: report(given["agent"], n), batch))
                list(pool.map(lambda number: work_off(number, given, filled), fresh))
                numbers += fresh
        finally:
            over.set()
            killer.join()
        time.sleep(3)  # the clock finishes what the last restart left
    return numbers, done[0]


def _kill(system: System, kills: int, chance: random.Random, over: threading.Event, done: list[int]) -> None:
    while done[0] < kills and not over.wait(chance.uniform(0.5, 3.0)):
        name = chance.choice(("web", "clock"))
        system.kill(name)
        done[0] += 1
        time.sleep(chance.uniform(0, 0.5))
        system.start(name)
        if chance.random() < PATIENT:
            system.wait_ready()
