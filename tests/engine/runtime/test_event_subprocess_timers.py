"""Timers that start event subprocesses: they run from the beginning of their scope, as rows like all others."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.engine import api
from app.engine.runtime import timers
from tests.engine.diagrams import (
    chain,
    diagram,
    end,
    event_subprocess,
    line,
    message,
    on_message,
    start,
    subprocess,
    timer,
    user,
)
from tests.engine.runtime.driving import NOBODY, Driver


def tick(drive: Driver, **by: float) -> int:
    drive.clock.advance(timedelta(**by))
    return api.fire_timers(drive.now)


def beside(event: str, *, interrupting: bool = True) -> bytes:
    handler = event_subprocess(event, user("h"), interrupting=interrupting, ids="h")
    return diagram(line(user("u"), user("v"), ids=("u", "v")), handler, before=message("m"))


def test_it_interrupts_when_its_time_has_come(drive: Driver) -> None:
    drive.deploy(p=beside(timer("PT1H")))
    instance = drive.start().id
    drive.clock.advance(timedelta(minutes=30))
    drive.complete(instance, "u")
    (waiting,) = api.list_timers(instance)
    assert waiting.element_id == "sub_s"
    assert tick(drive, minutes=30) == 1
    assert drive.tasks(instance) == ["h"]
    assert api.list_timers(instance) == []
    assert [task.outcome for task in api.history(instance) if task.element_id == "v"] == ["cancelled"]
    drive.complete(instance, "h")
    assert drive.status(instance) == "completed"


def test_a_repeating_one_runs_beside(drive: Driver) -> None:
    drive.deploy(p=beside(timer("R2/PT1H", "timeCycle"), interrupting=False))
    instance = drive.start().id
    assert [tick(drive, hours=1) for _ in range(4)] == [1, 1, 0, 0]
    assert drive.tasks(instance) == ["h", "h", "u"]


def test_it_goes_with_its_scope(drive: Driver) -> None:
    inner = user("u"), event_subprocess(timer("PT1H"), user("h"), ids="h")
    scope = subprocess("in", start("is"), *inner, end("ie"), chain("is", "u", "ie"))
    drive.deploy(p=diagram(line(scope, user("after"), ids=("in", "after"))))
    instance = drive.start().id
    assert len(api.list_timers(instance)) == 1
    drive.complete(instance, "u")
    assert api.list_timers(instance) == []
    assert tick(drive, hours=2) == 0


def test_several_in_one_scope_are_told_apart(drive: Driver) -> None:
    first = event_subprocess(timer("PT1H"), user("a"), interrupting=False, node_id="one", ids="a")
    second = event_subprocess(timer("PT2H"), user("b"), interrupting=False, node_id="two", ids="b")
    drive.deploy(p=diagram(line(user("u"), ids=("u",)), first, second))
    instance = drive.start().id
    assert tick(drive, hours=1) == 1
    assert drive.tasks(instance) == ["a", "u"]
    assert [one.element_id for one in api.list_timers(instance)] == ["two_s"]
    assert tick(drive, hours=1) == 1
    assert drive.tasks(instance) == ["a", "b", "u"]


def test_an_operator_fires_and_moves_it(drive: Driver) -> None:
    drive.deploy(p=beside(timer("PT1H"), interrupting=False))
    instance = drive.start().id
    (waiting,) = api.list_timers(instance)
    later = drive.now + timedelta(hours=5)
    drive.do(lambda: api.move_timer(waiting.id, later, reason="later", actor=NOBODY, now=drive.now))
    assert tick(drive, hours=4) == 0
    drive.do(lambda: api.fire_now(waiting.id, reason="now", actor=NOBODY, now=drive.now))
    assert drive.tasks(instance) == ["h", "u"]
    assert api.list_timers(instance) == []


def test_an_expression_that_cannot_be_read_is_an_incident_and_can_be_put_right(drive: Driver) -> None:
    drive.deploy(p=beside(timer("${limit}")))
    instance = drive.start(data={"limit": "soon"}).id
    (incident,) = api.list_incidents(instance_id=instance)
    assert drive.tasks(instance) == []
    drive.do(lambda: api.retry(incident.id, data={"limit": "PT1H"}, reason="typo", actor=NOBODY, now=drive.now))
    assert drive.tasks(instance) == ["u"]
    assert tick(drive, hours=1) == 1
    assert drive.tasks(instance) == ["h"]


def test_messages_of_a_subprocess_are_kept_apart_from_those_of_the_process(drive: Driver) -> None:
    inner = user("u"), event_subprocess(on_message("m"), user("h"), ids="h")
    scope = subprocess("in", start("is"), *inner, end("ie"), chain("is", "u", "ie"))
    drive.deploy(p=diagram(line(scope, user("after"), ids=("in", "after")), before=message("m")))
    instance = drive.start(business_key="K").id
    send = {"correlation": {"business_key": "K"}, "actor": NOBODY, "now": drive.now}
    assert drive.do(lambda: api.publish("m", **send)) == [instance]
    assert drive.tasks(instance) == ["h"]
    drive.complete(instance, "h")
    assert drive.tasks(instance) == ["after"]
    assert drive.do(lambda: api.publish("m", **send)) == []


def test_one_that_cannot_fire_is_an_incident_and_can_be_tried_again(
    drive: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    drive.deploy(p=beside(timer("PT1H")))
    instance = drive.start().id
    with monkeypatch.context() as broken:
        broken.setattr(timers, "fire_timer", lambda *_args: 1 / 0)
        for _ in range(5):
            assert tick(drive, hours=2) == 0
    (incident,) = api.list_incidents(instance_id=instance)
    assert (incident.kind, incident.element_id) == ("timer", "sub_s")
    drive.complete(instance, "u")
    assert api.get_incident(incident.id).state == "open", "what was done meanwhile has not passed it"
    drive.do(lambda: api.retry(incident.id, reason="mended", actor=NOBODY, now=drive.now))
    assert tick(drive, seconds=1) == 1
    assert drive.tasks(instance) == ["h"]
