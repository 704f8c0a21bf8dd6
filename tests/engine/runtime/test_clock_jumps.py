"""Timers while the clock is put forward and back by hours, and while the database goes away."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app.engine import api
from app.engine.runtime import timers
from app.engine.runtime.models import ActivityHistory, Timer
from app.kernel.db import session
from tests.engine.diagrams import boundary, catch, chain, diagram, end, start, timer, user
from tests.engine.runtime.driving import Driver
from tests.kernel.test_faults import cut_connections

pytestmark = pytest.mark.databases

WAIT = diagram(start(), catch("wait", timer("PT1H")), user("after"), end(), chain("s", "wait", "after", "e"))

JUMPS = (-5, 3, -2, 0.5, 8, -9, 1, 0.6, -24, 26)
"""Hours by which the clock is put forward and back, one after the other."""


def passed(element_id: str) -> int:
    query = sa.select(sa.func.count()).select_from(ActivityHistory).where(ActivityHistory.element_id == element_id)
    return session.scalar(query) or 0


def test_each_timer_fires_once_when_the_clock_first_shows_its_time(drive: Driver) -> None:
    drive.deploy(p=WAIT)
    due = {}
    fired: set[str] = set()
    for jump in JUMPS:
        instance = drive.start()
        due[instance.id] = drive.now + timedelta(hours=1)
        now = drive.clock.advance(timedelta(hours=jump))
        expected = {one for one, at in due.items() if at <= now and one not in fired}
        assert api.fire_timers(now) == len(expected)
        assert api.fire_timers(now) == 0
        fired |= expected
        assert {one for one in due if drive.tasks(one) == ["after"]} == fired
    api.fire_timers(drive.clock.advance(timedelta(days=2)))
    assert passed("wait") == len(JUMPS)
    assert session.scalar(sa.select(sa.func.count()).select_from(Timer)) == 0


def test_a_cycle_fires_each_time_once_and_never_out_of_turn(drive: Driver) -> None:
    """Firings missed are made up once; after the clock was put back the next one keeps the time it was given."""
    drive.deploy(
        p=diagram(
            start(),
            user("work"),
            boundary("nag", "work", timer("R3/PT1H", "timeCycle"), interrupting=False),
            end("nagged"),
            end(),
            chain("s", "work", "e"),
            chain("nag", "nagged"),
        )
    )
    instance = drive.start()
    assert api.fire_timers(drive.clock.advance(timedelta(hours=5))) == 1
    assert api.fire_timers(drive.clock.advance(timedelta(hours=-5))) == 0
    for hours, fires in ((5.5, 0), (0.5, 1), (0.9, 0), (0.1, 1), (48, 0)):
        assert api.fire_timers(drive.clock.advance(timedelta(hours=hours))) == fires
    assert drive.tasks(instance.id) == ["work"]


def test_a_database_that_goes_away_costs_a_timer_no_attempt(
    app: Flask, drive: Driver, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not database.startswith("postgresql"):
        pytest.skip("a file does not go away")
    drive.deploy(p=WAIT)
    instance = drive.start()
    now = drive.clock.advance(timedelta(hours=1))
    find = timers.command.find_instance

    def cut(instance_id: str) -> api.Instance:
        cut_connections()
        return find(instance_id)

    monkeypatch.setattr(timers.command, "find_instance", cut)
    with pytest.raises(sa.exc.DBAPIError):
        api.fire_timers(now)
    session.rollback()
    assert session.scalars(sa.select(Timer.attempts)).all() == [0]
    monkeypatch.undo()
    assert api.fire_timers(now) == 1
    assert drive.tasks(instance.id) == ["after"]
