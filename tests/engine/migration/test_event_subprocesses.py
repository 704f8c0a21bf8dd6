"""Event subprocesses of the other version: they begin to wait, keep waiting, or stop, with the move."""

from __future__ import annotations

from datetime import timedelta

from app.engine import api
from tests.engine.diagrams import diagram, event_subprocess, line, message, on_message, timer, user
from tests.engine.migration.mover import Mover
from tests.engine.runtime.driving import NOBODY

PLAIN = diagram(line(user("u"), ids=("u",)), before=message("m"))


def guarded(event: str, *, interrupting: bool = True, more: str = "") -> bytes:
    handler = event_subprocess(event, user("h"), interrupting=interrupting, ids="h")
    return diagram(line(user("u"), ids=("u",)), handler, more, before=message("m"))


def tick(drive: Mover, **by: float) -> int:
    drive.clock.advance(timedelta(**by))
    return api.fire_timers(drive.now)


def test_one_that_is_new_waits_from_the_move_on(drive: Mover) -> None:
    drive.deploy(p=PLAIN)
    instance = drive.start(business_key="K").id
    drive.clock.advance(timedelta(minutes=30))
    other = event_subprocess(on_message("m"), user("k"), interrupting=False, node_id="other", ids="k")
    drive.deploy(p=guarded(timer("PT1H"), more=other))
    assert drive.migrate().counts == {"moved": 1}
    send = {"correlation": {"business_key": "K"}, "actor": NOBODY, "now": drive.now}
    drive.do(lambda: api.publish("m", **send))
    assert drive.tasks(instance) == ["k", "u"]
    assert tick(drive, minutes=59) == 0
    assert tick(drive, minutes=1) == 1
    assert drive.tasks(instance) == ["h"]


def test_a_timer_keeps_its_instant_and_a_cycle_what_is_left(drive: Mover) -> None:
    drive.deploy(p=guarded(timer("R3/PT1H", "timeCycle"), interrupting=False))
    instance = drive.start().id
    assert tick(drive, hours=1) == 1
    (before,) = api.list_timers(instance)
    more = event_subprocess(on_message("m"), node_id="other")
    drive.deploy(p=guarded(timer("R3/PT1H", "timeCycle"), interrupting=False, more=more))
    assert drive.migrate().counts == {"moved": 1}
    assert [one.due_at for one in api.list_timers(instance)] == [before.due_at]
    assert [tick(drive, hours=1) for _ in range(3)] == [1, 1, 0]


def test_one_that_is_gone_is_no_longer_awaited(drive: Mover) -> None:
    drive.deploy(p=guarded(timer("PT1H")))
    instance = drive.start().id
    drive.deploy(p=PLAIN)
    assert drive.migrate().counts == {"moved": 1}
    assert api.list_timers(instance) == []
    assert tick(drive, hours=2) == 0
