"""What starts an instance: a person, a message, a signal, a timer; each takes its own start event."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.engine import api
from app.engine.definitions.models import Definition
from app.engine.runtime import start_index, start_timers, timers
from app.engine.runtime.models import Subscription, Timer
from app.kernel.actor import SYSTEM
from app.kernel.db import session
from app.kernel.errors import Conflict
from tests.engine.diagrams import (
    call,
    chain,
    diagram,
    end,
    line,
    message,
    on_message,
    on_signal,
    signal,
    start,
    throw,
    timer,
    user,
)
from tests.engine.runtime.driving import NOBODY, Driver

BEFORE = message("m") + signal("g")


def every_start(time: str = "PT1H", kind: str = "timeDuration") -> bytes:
    """Four starts, each leading to a step of its own."""
    starts = start("s0"), start("s1", on_message("m")), start("s2", on_signal("g")), start("s3", timer(time, kind))
    paths = "".join(user(f"u{n}") + end(f"e{n}") + chain(f"s{n}", f"u{n}", f"e{n}") for n in range(4))
    return diagram(*starts, paths, before=BEFORE)


def by_timer(text: str, kind: str = "timeDuration", step: str = "u", key: str = "p") -> bytes:
    return diagram(start("s", timer(text, kind)), user(step), end(), chain("s", step, "e"), key=key)


def instances(key: str = "p") -> list[str]:
    return [one.id for one in api.list_instances(process_key=key)]


def tick(drive: Driver, **by: float) -> int:
    drive.clock.advance(timedelta(**by))
    return api.fire_timers(drive.now)


@pytest.mark.databases
def test_each_takes_its_own_start(drive: Driver) -> None:
    drive.deploy(p=every_start())
    assert drive.tasks(drive.start(data={"x": 1}).id) == ["u0"]
    (by_message,) = drive.do(
        lambda: api.publish("m", correlation={"business_key": "K"}, payload={"y": 2}, actor=SYSTEM, now=drive.now)
    )
    assert drive.tasks(by_message) == ["u1"]
    assert api.variables(by_message) == {"y": 2}
    assert api.get_instance(by_message).business_key == "K"
    (by_signal,) = drive.do(lambda: api.broadcast("g", payload={"z": 3}, actor=SYSTEM, now=drive.now))
    assert (drive.tasks(by_signal), api.variables(by_signal)) == (["u2"], {"z": 3})
    assert tick(drive, hours=1) == 1
    assert drive.tasks(instances()[0]) == ["u3"]
    for instance_id in instances():
        (task,) = drive.tasks(instance_id)
        drive.complete(instance_id, task)
        assert drive.status(instance_id) == "completed"


def test_a_call_takes_the_plain_start(drive: Driver) -> None:
    drive.deploy(p=every_start(), q=diagram(line(call("c", "p"), ids=("c",)), key="q"))
    assert drive.tasks(drive.start("q").id) == ["u0"]


def test_a_signal_wakes_and_starts(drive: Driver) -> None:
    """Thrown by a diagram too; the process that begins with it begins as often as it comes."""
    drive.deploy(
        p=diagram(start("s", on_signal("g")), user("u"), end(), chain("s", "u", "e"), before=BEFORE),
        q=diagram(line(throw("t", on_signal("g")), ids=("t",)), key="q", before=BEFORE),
    )
    drive.start("q")
    drive.start("q")
    assert [drive.tasks(one) for one in instances()] == [["u"], ["u"]]


def test_a_duration_counts_from_the_deployment_and_fires_once(drive: Driver) -> None:
    drive.deploy(p=by_timer("PT1H"))
    assert tick(drive, minutes=59) == 0
    assert tick(drive, minutes=1) == 1
    assert [drive.tasks(one) for one in instances()] == [["u"]]
    assert tick(drive, days=10) == 0
    assert session.scalar(sa.select(sa.func.count()).select_from(Timer)) == 0


def test_a_date_that_passed_does_not_come_again_with_a_new_version(drive: Driver) -> None:
    at = (drive.now + timedelta(hours=2)).isoformat()
    drive.deploy(p=by_timer(at, "timeDate"))
    assert tick(drive, hours=3) == 1
    drive.deploy(p=by_timer(at, "timeDate", step="other"))
    assert tick(drive, hours=3) == 0


def test_a_cycle_starts_again_and_again(drive: Driver) -> None:
    drive.deploy(p=by_timer("R3/PT1H", "timeCycle"))
    assert [tick(drive, hours=1) for _ in range(5)] == [1, 1, 1, 0, 0]
    assert len(instances()) == 3


def test_what_a_cycle_missed_is_made_up_once(drive: Driver) -> None:
    drive.deploy(p=by_timer("R/PT1H", "timeCycle"))
    assert tick(drive, hours=10, minutes=30) == 1
    assert tick(drive, minutes=29) == 0
    assert tick(drive, minutes=1) == 1


def test_the_newest_version_starts_and_keeps_the_rhythm(drive: Driver) -> None:
    drive.deploy(p=by_timer("R/PT1H", "timeCycle"))
    drive.clock.advance(timedelta(minutes=40))
    drive.deploy(p=by_timer("R/PT1H", "timeCycle", step="v"))
    assert tick(drive, minutes=20) == 1
    assert drive.tasks(instances()[0]) == ["v"]
    drive.deploy(p=diagram(line(user("w"), ids=("w",))))
    assert tick(drive, days=1) == 0


def test_a_duration_goes_on_where_only_something_named_changed(drive: Driver) -> None:
    caller = diagram(start("s", timer("PT1H")), call("c", "q"), end(), chain("s", "c", "e"))
    drive.deploy(p=caller, q=diagram(line(user("u"), ids=("u",)), key="q"))
    drive.clock.advance(timedelta(minutes=40))
    drive.deploy(q=diagram(line(user("v"), ids=("v",)), key="q"))
    assert tick(drive, minutes=20) == 1
    assert drive.tasks(instances()[0]) == ["v"]


@pytest.mark.databases
def test_two_clocks_start_one_instance(drive: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have seen the timer due; the second finds it gone."""
    drive.deploy(p=by_timer("PT1H"))
    drive.clock.advance(timedelta(hours=1))
    due = timers._due(drive.now, 10)
    assert api.fire_timers(drive.now) == 1
    monkeypatch.setattr(timers, "_due", lambda now, limit: due)
    assert api.fire_timers(drive.now) == 0
    assert len(instances()) == 1


def test_a_start_that_breaks_is_tried_again(drive: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    drive.deploy(p=by_timer("R/PT1H", "timeCycle"))
    with monkeypatch.context() as broken:
        broken.setattr(start_timers.instances, "start_by_timer", lambda *_a, **_k: 1 / 0)
        for _ in range(7):
            assert tick(drive, hours=2) == 0
    assert tick(drive, hours=2) == 1
    assert len(instances()) == 1


def test_a_suspended_process_waits(drive: Driver) -> None:
    drive.deploy(p=by_timer("PT1H"))
    _suspend(drive, True)
    assert tick(drive, hours=1) == 0
    _suspend(drive, False)
    assert tick(drive, minutes=2) == 1


def test_an_operator_fires_and_moves_a_start(drive: Driver) -> None:
    drive.deploy(p=by_timer("R/PT1H", "timeCycle"))
    (timer_,) = api.list_start_timers("p")
    assert (timer_.element_id, timer_.left, timer_.due_at) == ("s", None, drive.now + timedelta(hours=1))
    drive.do(lambda: api.fire_now(timer_.id, reason="now", actor=NOBODY, now=drive.now))
    assert len(instances()) == 1
    assert api.list_start_timers("p")[0].due_at == drive.now + timedelta(hours=2)
    moved = drive.now + timedelta(minutes=5)
    drive.do(lambda: api.move_timer(timer_.id, moved, reason="sooner", actor=NOBODY, now=drive.now))
    assert tick(drive, minutes=5) == 1
    _suspend(drive, True)
    with pytest.raises(Conflict):
        drive.do(lambda: api.fire_now(timer_.id, reason="now", actor=NOBODY, now=drive.now))


def test_definitions_from_before_the_index_are_found(drive: Driver) -> None:
    drive.deploy(p=diagram(start("s", on_message("m")), user("u"), end(), chain("s", "u", "e"), before=BEFORE))

    def forget() -> None:
        session.execute(sa.delete(Subscription))
        session.execute(sa.update(Definition).values(starts_indexed=False))
        start_index._complete.clear()

    drive.do(forget)
    assert len(drive.do(lambda: api.publish("m", correlation={}, actor=SYSTEM, now=drive.now))) == 1


def _suspend(drive: Driver, suspended: bool) -> None:
    drive.do(lambda: session.execute(sa.update(Definition).values(suspended=suspended)))
