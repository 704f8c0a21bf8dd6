"""Several machines look for due timers at one moment: each timer fires once, whoever gets it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app.engine import api
from app.engine.runtime.models import ActivityHistory, Timer
from app.kernel.db import session
from tests.engine.diagrams import catch, chain, diagram, end, start, timer, user
from tests.engine.runtime.driving import Driver

pytestmark = pytest.mark.databases

INSTANCES = 24
CLOCKS = 3


def test_clocks_that_look_at_once_fire_each_timer_once(app: Flask, drive: Driver) -> None:
    waits = diagram(start(), catch("wait", timer("PT1M")), user("after"), end(), chain("s", "wait", "after", "e"))
    drive.deploy(p=waits)
    instances = [drive.start().id for _ in range(INSTANCES)]
    now = drive.clock.advance(timedelta(minutes=1))
    session.remove()

    def look(_: int) -> int:
        with app.app_context():
            return api.fire_timers(now)

    with ThreadPoolExecutor(CLOCKS) as pool:
        fired = list(pool.map(look, range(CLOCKS)))
    assert sum(fired) == INSTANCES
    assert [drive.tasks(instance) for instance in instances] == [["after"]] * INSTANCES
    assert session.scalar(sa.select(sa.func.count()).select_from(Timer)) == 0
    done = sa.select(sa.func.count()).where(ActivityHistory.element_id == "wait")
    assert session.scalar(done) == INSTANCES
