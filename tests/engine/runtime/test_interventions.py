"""An operator's hand: steps skipped, tokens and timers moved, each with a reason on record."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.engine import api
from app.engine.runtime.interventions import InvalidTarget, NoSuchToken
from app.engine.runtime.timer_control import TimerNotFound
from app.kernel.audit import AuditEntry
from app.kernel.db import session
from tests.engine.diagrams import (
    boundary,
    catch,
    chain,
    diagram,
    end,
    gateway,
    line,
    message,
    on_message,
    script,
    start,
    subprocess,
    timer,
    user,
)
from tests.engine.runtime.driving import NOBODY, Driver

pytestmark = pytest.mark.databases


def token(instance_id: str, element_id: str) -> str:
    return next(one.token for one in api.tokens(instance_id) if one.element_id == element_id)


def skip(drive: Driver, instance_id: str, element_id: str, **outputs: object) -> None:
    at = token(instance_id, element_id)
    drive.do(lambda: api.skip(instance_id, at, outputs=outputs, reason="not needed", actor=NOBODY, now=drive.now))


def move(drive: Driver, instance_id: str, element_id: str, target: str) -> None:
    at = token(instance_id, element_id)
    drive.do(lambda: api.move_token(instance_id, at, target, reason="went wrong", actor=NOBODY, now=drive.now))


def test_a_broken_step_is_skipped_with_its_outputs_and_its_incident_closed(drive: Driver) -> None:
    drive.deploy(p=diagram(line(script("calc", "x = 1 / 0"), user("after"), ids=("calc", "after"))))
    instance = drive.start(data={"kept": 1})
    skip(drive, instance.id, "calc", x=5)
    assert drive.tasks(instance.id) == ["after"]
    assert api.variables(instance.id) == {"kept": 1, "x": 5}
    (incident,) = api.list_incidents(state=None, instance_id=instance.id)
    assert (incident.state, incident.resolution, incident.resolved_by) == ("resolved", "not needed", "tester")
    (noted,) = api.operations(instance.id)
    assert noted.operation == "skip"
    assert noted.details == {"element": "calc", "data": {"x": 5}, "reason": "not needed"}
    details = session.scalar(sa.select(AuditEntry.details).where(AuditEntry.action == "instance.skip"))
    assert details == {"element": "calc", "variables": ["x"], "reason": "not needed"}


def test_a_task_skipped_leaves_the_inbox_and_its_timers(drive: Driver) -> None:
    drive.deploy(
        p=diagram(
            start(),
            user("work"),
            boundary("late", "work", timer("PT1H")),
            user("after"),
            user("escalate"),
            end(),
            end("e2"),
            chain("s", "work", "after", "e"),
            chain("late", "escalate", "e2"),
        )
    )
    instance = drive.start()
    task = drive.task(instance.id, "work")
    skip(drive, instance.id, "work")
    assert api.get_task(task.id).state == "cancelled"
    assert api.list_timers(instance.id) == []
    assert drive.tasks(instance.id) == ["after"]
    drive.complete(instance.id, "after")
    assert drive.status(instance.id) == "completed"


def test_an_awaited_message_is_skipped(drive: Driver) -> None:
    wait = catch("wait", on_message("m"))
    drive.deploy(p=diagram(line(wait, user("after"), ids=("wait", "after")), before=message("m")))
    instance = drive.start(business_key="K")
    skip(drive, instance.id, "wait")
    assert (drive.tasks(instance.id), api.waiting(instance.id)) == (["after"], [])


def test_a_whole_subprocess_is_skipped(drive: Driver) -> None:
    inner = subprocess("sub", start("is"), user("deep"), end("ie"), chain("is", "deep", "ie"))
    drive.deploy(p=diagram(line(inner, user("after"), ids=("sub", "after"))))
    instance = drive.start()
    skip(drive, instance.id, "sub", done=True)
    assert drive.tasks(instance.id) == ["after"]
    drive.complete(instance.id, "after")
    assert drive.status(instance.id) == "completed"


def test_a_token_goes_back_and_forth_with_its_variables(drive: Driver) -> None:
    drive.deploy(p=diagram(line(user("a"), user("b"), user("c"), ids=("a", "b", "c"))))
    instance = drive.start(data={"n": 1})
    drive.complete(instance.id, "a", n=2)
    move(drive, instance.id, "b", "a")
    assert drive.tasks(instance.id) == ["a"]
    assert api.task_data(drive.task(instance.id, "a").id) == {"n": 2}
    move(drive, instance.id, "a", "c")
    drive.complete(instance.id, "c", n=3)
    assert drive.status(instance.id) == "completed"
    outcomes = [(entry.element_id, entry.outcome) for entry in api.history(instance.id)]
    assert outcomes == [
        ("s", "completed"),
        ("a", "completed"),
        ("b", "cancelled"),
        ("a", "cancelled"),
        ("c", "completed"),
        ("e", "completed"),
    ]


def test_a_token_moved_from_a_branch_joins_the_other(drive: Driver) -> None:
    drive.deploy(
        p=diagram(
            start(),
            gateway("split", "parallel"),
            user("a"),
            user("a2"),
            user("b"),
            gateway("join", "parallel"),
            user("last"),
            end(),
            chain("s", "split", "a", "a2", "join", "last", "e"),
            chain("split", "b", "join"),
        )
    )
    instance = drive.start()
    move(drive, instance.id, "a", "a2")
    drive.complete(instance.id, "a2", one=1)
    drive.complete(instance.id, "b", two=2)
    assert drive.tasks(instance.id) == ["last"]
    assert api.variables(instance.id) == {"one": 1, "two": 2}


def test_a_token_moved_to_a_watched_step_starts_its_timer(drive: Driver) -> None:
    drive.deploy(
        p=diagram(
            start(),
            user("a"),
            user("b"),
            boundary("late", "b", timer("PT1H")),
            user("escalate"),
            end(),
            end("e2"),
            chain("s", "a", "b", "e"),
            chain("late", "escalate", "e2"),
        )
    )
    instance = drive.start()
    move(drive, instance.id, "a", "b")
    (found,) = api.list_timers(instance.id)
    assert (found.element_id, found.due_at) == ("late", drive.now + timedelta(hours=1))
    move(drive, instance.id, "b", "a")
    assert api.list_timers(instance.id) == []
    drive.complete(instance.id, "a")
    drive.complete(instance.id, "b")
    assert drive.status(instance.id) == "completed"


def test_what_cannot_be_done_is_refused_and_nothing_changes(drive: Driver) -> None:
    drive.deploy(
        p=diagram(
            start(),
            user("a"),
            gateway("join", "parallel"),
            end(),
            chain("s", "a", "join", "e"),
        )
    )
    instance = drive.start()
    for target in ("join", "s", "nowhere", "a"):
        with pytest.raises(InvalidTarget):
            move(drive, instance.id, "a", target)
    at = token(instance.id, "a")
    with pytest.raises(NoSuchToken):
        drive.do(lambda: api.skip(instance.id, "gone", reason="?", actor=NOBODY, now=drive.now))
    drive.do(lambda: api.suspend(instance.id, reason="stop", actor=NOBODY, now=drive.now))
    with pytest.raises(api.InstanceSuspended):
        drive.do(lambda: api.skip(instance.id, at, reason="?", actor=NOBODY, now=drive.now))
    assert drive.tasks(instance.id) == ["a"]
    assert [entry.operation for entry in api.operations(instance.id)] == ["suspend"]


def _two_timers() -> bytes:
    return diagram(
        start(),
        gateway("first", "eventBased"),
        catch("soon", timer("PT1H")),
        catch("later", timer("PT2H")),
        user("a"),
        user("b"),
        end(),
        chain("s", "first", "soon", "a", "e"),
        chain("first", "later", "b", "e"),
    )


def test_one_of_two_timers_is_moved_and_the_other_stays(drive: Driver) -> None:
    drive.deploy(p=_two_timers())
    instance = drive.start()
    soon, later = api.list_timers(instance.id)
    at = drive.now + timedelta(hours=5)
    drive.do(lambda: api.move_timer(soon.id, at, reason="storm", actor=NOBODY, now=drive.now))
    assert [(one.id, one.due_at) for one in api.list_timers(instance.id)] == [(later.id, later.due_at), (soon.id, at)]
    drive.clock.advance(timedelta(hours=2))
    api.fire_timers(drive.now)
    assert (drive.tasks(instance.id), api.list_timers(instance.id)) == (["b"], [])
    with pytest.raises(TimerNotFound):
        drive.do(lambda: api.fire_now(soon.id, reason="late", actor=NOBODY, now=drive.now))


def test_a_timer_fired_by_hand_takes_its_own_way(drive: Driver) -> None:
    drive.deploy(p=_two_timers())
    instance = drive.start()
    _, later = api.list_timers(instance.id)
    drive.do(lambda: api.fire_now(later.id, reason="now", actor=NOBODY, now=drive.now))
    assert (drive.tasks(instance.id), api.list_timers(instance.id)) == (["b"], [])
    (noted,) = api.operations(instance.id)
    assert (noted.operation, noted.details["element"], noted.details["reason"]) == ("fire_timer", "later", "now")


def test_a_cycle_fired_by_hand_goes_on_from_there(drive: Driver) -> None:
    drive.deploy(
        p=diagram(
            start(),
            user("work"),
            boundary("remind", "work", timer("R3/PT1H", "timeCycle"), interrupting=False),
            script("count", "n = n + 1"),
            end(),
            end("e2"),
            chain("s", "work", "e"),
            chain("remind", "count", "e2"),
        )
    )
    instance = drive.start(data={"n": 0})
    drive.clock.advance(timedelta(minutes=10))
    (found,) = api.list_timers(instance.id)
    drive.do(lambda: api.fire_now(found.id, reason="now", actor=NOBODY, now=drive.now))
    (following,) = api.list_timers(instance.id)
    assert following.due_at == drive.now + timedelta(hours=1)
