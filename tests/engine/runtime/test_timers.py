"""Timers: rows, the sweep, boundary events, cycles, gateways, clocks that jump."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.engine import api
from app.engine.runtime.models import Timer
from app.kernel.db import session
from tests.engine.diagrams import (
    boundary,
    catch,
    chain,
    diagram,
    end,
    extensions,
    gateway,
    message,
    on_message,
    script,
    start,
    timer,
    user,
)
from tests.engine.runtime.driving import NOBODY, Driver

pytestmark = pytest.mark.databases


def guarded(text: str, *, interrupting: bool, kind: str = "timeDuration") -> bytes:
    return diagram(
        start(),
        user("work"),
        end(),
        boundary("late", "work", timer(text, kind), interrupting=interrupting),
        user("escalate"),
        end("e2"),
        chain("s", "work", "e"),
        chain("late", "escalate", "e2"),
    )


def rows() -> list[Timer]:
    session.rollback()
    return list(session.scalars(sa.select(Timer).order_by(Timer.due_at)))


def test_a_timer_is_a_row_that_fires_when_it_is_due(drive: Driver) -> None:
    drive.deploy(
        p=diagram(start(), catch("wait", timer("PT45M")), user("after"), end(), chain("s", "wait", "after", "e"))
    )
    instance = drive.start()
    (row,) = rows()
    assert (row.element_id, row.due_at - drive.now) == ("wait", timedelta(minutes=45))
    assert api.fire_timers(drive.clock.advance(timedelta(minutes=44))) == 0
    assert api.fire_timers(drive.clock.advance(timedelta(minutes=1))) == 1
    assert drive.tasks(instance.id) == ["after"]
    assert rows() == []
    assert api.fire_timers(drive.now) == 0


def test_an_interrupting_timer_takes_the_task_away(drive: Driver) -> None:
    drive.deploy(p=guarded("PT45M", interrupting=True))
    instance = drive.start()
    task = drive.task(instance.id, "work")
    api.fire_timers(drive.clock.advance(timedelta(hours=1)))
    assert drive.tasks(instance.id) == ["escalate"]
    assert api.get_task(task.id).state == "cancelled"
    with pytest.raises(api.TaskCancelled):
        drive.do(lambda: api.complete(task.id, {}, actor=NOBODY, now=drive.now))


def test_completing_in_time_removes_the_timer(drive: Driver) -> None:
    drive.deploy(p=guarded("PT45M", interrupting=True))
    instance = drive.start()
    drive.complete(instance.id, "work")
    assert rows() == []
    assert drive.status(instance.id) == "completed"


def test_a_person_who_completes_before_the_sweep_comes_wins_over_a_due_timer(drive: Driver) -> None:
    drive.deploy(p=guarded("PT45M", interrupting=True))
    instance = drive.start()
    drive.clock.advance(timedelta(hours=1))
    drive.complete(instance.id, "work")
    assert drive.status(instance.id) == "completed"
    assert api.fire_timers(drive.now) == 0


def test_a_non_interrupting_timer_runs_beside_the_task(drive: Driver) -> None:
    drive.deploy(p=guarded("PT45M", interrupting=False))
    instance = drive.start()
    api.fire_timers(drive.clock.advance(timedelta(hours=1)))
    assert drive.tasks(instance.id) == ["escalate", "work"]
    drive.complete(instance.id, "work")
    drive.complete(instance.id, "escalate")
    assert drive.status(instance.id) == "completed"


def test_a_cycle_fires_as_often_as_it_says(drive: Driver) -> None:
    drive.deploy(p=guarded("R3/PT1H", interrupting=False, kind="timeCycle"))
    instance = drive.start()
    for fired in (1, 2, 3, 3):
        api.fire_timers(drive.clock.advance(timedelta(hours=1)))
        assert drive.tasks(instance.id).count("escalate") == fired
    assert rows() == []


def test_a_clock_that_jumps_fires_in_order_and_makes_up_a_cycle_once(drive: Driver) -> None:
    drive.deploy(p=guarded("R/PT1H", interrupting=False, kind="timeCycle"))
    instance = drive.start()
    api.fire_timers(drive.clock.advance(timedelta(days=3, minutes=5)))
    assert drive.tasks(instance.id).count("escalate") == 1
    (row,) = rows()
    assert row.due_at - drive.now == timedelta(minutes=55)


def test_due_times_come_from_variables(drive: Driver) -> None:
    drive.deploy(p=guarded("${limit}", interrupting=True))
    due = drive.now + timedelta(hours=2)
    drive.start(data={"limit": due.isoformat()})
    assert [row.due_at for row in rows()] == [due]


def test_of_a_message_and_a_timer_behind_a_gateway_the_first_decides(drive: Driver) -> None:
    drive.deploy(
        p=diagram(
            start(),
            gateway("g", "eventBased"),
            catch("paid", extensions(properties={"correlation": "${n}"}), on_message("m")),
            catch("late", timer("PT1H")),
            user("thank"),
            user("remind"),
            end(),
            chain("s", "g", "paid", "thank", "e"),
            chain("g", "late", "remind", "e"),
            before=message("m", "payment"),
        )
    )
    first, second = drive.start(data={"n": 1}), drive.start(data={"n": 2})
    reached = drive.do(lambda: api.publish("payment", correlation={"n": 1}, actor=NOBODY, now=drive.now))
    assert reached == [first.id]
    api.fire_timers(drive.clock.advance(timedelta(hours=1)))
    assert (drive.tasks(first.id), drive.tasks(second.id)) == (["thank"], ["remind"])


def test_a_time_nobody_can_read_is_an_incident_and_is_mended_by_data(drive: Driver) -> None:
    drive.deploy(
        p=diagram(
            start(), user("a"), catch("wait", timer("${limit}")), user("b"), end(), chain("s", "a", "wait", "b", "e")
        )
    )
    instance = drive.start()
    drive.complete(instance.id, "a", limit="tomorrow")
    (incident,) = api.list_incidents()
    assert (incident.element_id, incident.kind) == ("wait", "script")
    drive.do(lambda: api.retry(incident.id, data={"limit": "PT1M"}, reason="typo", actor=NOBODY, now=drive.now))
    assert api.list_incidents() == []
    api.fire_timers(drive.clock.advance(timedelta(minutes=1)))
    assert drive.tasks(instance.id) == ["b"]


def test_a_flow_that_breaks_stops_no_other_timer(drive: Driver) -> None:
    drive.deploy(
        bad=diagram(
            start(),
            catch("wait", timer("PT1M")),
            script("boom", "x = 1 / 0"),
            end(),
            chain("s", "wait", "boom", "e"),
            key="bad",
        ),
        p=diagram(start(), catch("wait", timer("PT1M")), user("after"), end(), chain("s", "wait", "after", "e")),
    )
    drive.start("bad")
    good = drive.start()
    assert api.fire_timers(drive.clock.advance(timedelta(minutes=2))) == 2
    assert drive.tasks(good.id) == ["after"]
    assert [incident.element_id for incident in api.list_incidents()] == ["boom"]


def test_a_timer_whose_command_fails_is_put_off_and_is_an_incident_in_the_end(
    drive: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    drive.deploy(
        p=diagram(start(), catch("wait", timer("PT1M")), user("after"), end(), chain("s", "wait", "after", "e"))
    )
    instance = drive.start()

    def broken(*_: object) -> bool:
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr("app.engine.runtime.timers._pass", broken)
        for _ in range(8):
            assert api.fire_timers(drive.clock.advance(timedelta(hours=2))) == 0
    (incident,) = api.list_incidents()
    assert (incident.kind, incident.element_id) == ("timer", "wait")
    drive.do(lambda: api.retry(incident.id, reason="space again", actor=NOBODY, now=drive.now))
    assert api.fire_timers(drive.now) == 1
    assert drive.tasks(instance.id) == ["after"]


def test_a_suspended_instance_stands_until_it_is_resumed(drive: Driver) -> None:
    drive.deploy(p=guarded("PT45M", interrupting=True))
    instance = drive.start()
    task = drive.task(instance.id, "work")
    drive.do(lambda: api.suspend(instance.id, reason="storm", actor=NOBODY, now=drive.now))
    assert api.fire_timers(drive.clock.advance(timedelta(hours=1))) == 0
    with pytest.raises(api.InstanceSuspended):
        drive.do(lambda: api.complete(task.id, {}, actor=NOBODY, now=drive.now))
    with pytest.raises(api.InstanceSuspended):
        drive.do(lambda: api.claim(task.id, 1, actor=NOBODY, now=drive.now))
    drive.do(lambda: api.resume(instance.id, reason="over", actor=NOBODY, now=drive.now))
    assert api.fire_timers(drive.now) == 1
    assert drive.tasks(instance.id) == ["escalate"]
