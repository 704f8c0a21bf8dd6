"""What a move keeps, and what it gives: tokens, variables, tasks, timers, subscriptions."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.engine import api
from tests.engine.diagrams import (
    boundary,
    call,
    catch,
    chain,
    diagram,
    end,
    flow,
    gateway,
    line,
    message,
    multi_instance,
    on_message,
    script,
    start,
    subprocess,
    timer,
    user,
)
from tests.engine.migration.mover import Mover
from tests.engine.runtime.driving import NOBODY

pytestmark = pytest.mark.databases

TWO = diagram(line(user("a"), user("b"), ids=("a", "b")))
THREE = diagram(line(user("a"), user("b"), script("x", "n = 1"), user("c"), ids=("a", "b", "x", "c")))


def test_a_step_added_behind_an_unchanged_one_is_safe_and_reached(drive: Mover) -> None:
    drive.deploy(p=TWO)
    instance = drive.start(data={"kept": [1]})
    task = drive.task(instance.id, "a")
    drive.do(lambda: api.set_due(task.id, drive.now + timedelta(days=3), actor=NOBODY, now=drive.now))
    drive.deploy(p=THREE)
    assert drive.preview() == [("safe", [])]
    assert drive.version(instance.id) == 1  # a dry run changes nothing
    assert drive.migrate().counts == {"moved": 1}
    after = drive.task(instance.id, "a")
    assert (after.id, after.due_at) == (task.id, drive.now + timedelta(days=3))
    assert drive.version(instance.id) == 2
    drive.complete(instance.id, "a")
    drive.complete(instance.id, "b")
    assert drive.tasks(instance.id) == ["c"]
    assert api.variables(instance.id) == {"kept": [1], "n": 1}
    drive.complete(instance.id, "c")
    assert drive.status(instance.id) == "completed"


def test_an_open_step_that_changed_must_be_confirmed(drive: Mover) -> None:
    drive.deploy(p=TWO)
    instance = drive.start()
    drive.complete(instance.id, "a")
    drive.deploy(p=THREE)
    assert drive.preview() == [("confirm", [("open_changed", "b")])]
    assert drive.migrate().counts == {"refused": 1}
    assert drive.version(instance.id) == 1
    assert drive.migrate(confirmed=True).counts == {"moved": 1}
    drive.complete(instance.id, "b")
    assert drive.tasks(instance.id) == ["c"]


def test_a_renamed_step_goes_on_under_its_new_id_with_its_task(drive: Mover) -> None:
    drive.deploy(p=TWO)
    instance = drive.start()
    task = drive.complete(instance.id, "a").next_tasks[0]
    drive.deploy(p=diagram(line(user("a"), user("b2", name="乙"), ids=("a", "b2"))))
    assert drive.preview() == [("refused", [("open_removed", "b")])]
    assert drive.preview({"b": "b2"}) == [("safe", [])]
    assert drive.migrate({"b": "b2"}).counts == {"moved": 1}
    after = drive.task(instance.id, "b2")
    assert (after.id, after.name) == (task.id, "乙")
    assert [entry.element_id for entry in api.history(instance.id)] == ["s", "a", "b2"]
    drive.complete(instance.id, "b2")
    assert drive.status(instance.id) == "completed"


def test_finished_steps_may_be_gone(drive: Mover) -> None:
    drive.deploy(p=TWO)
    instance = drive.start()
    drive.complete(instance.id, "a", seen=True)
    drive.deploy(p=diagram(line(user("b"), ids=("b",))))
    assert drive.preview() == [("confirm", [("open_changed", "b")])]
    drive.migrate(confirmed=True)
    assert api.variables(instance.id) == {"seen": True}
    drive.complete(instance.id, "b")
    assert drive.status(instance.id) == "completed"


def _with_limit(element: str, limit: str, name: str = "late") -> bytes:
    return diagram(
        start(),
        user(element),
        boundary(name, element, timer(limit), interrupting=False),
        user("remind"),
        end(),
        end("e2"),
        chain("s", element, "e"),
        chain(name, "remind", "e2"),
    )


def test_a_timer_keeps_its_instant_under_a_new_name(drive: Mover) -> None:
    drive.deploy(p=_with_limit("a", "PT1H"))
    instance = drive.start()
    due = drive.now + timedelta(hours=1)
    drive.clock.advance(timedelta(minutes=30))
    drive.deploy(p=_with_limit("a2", "PT9H", "too_late"))
    assert drive.migrate({"a": "a2", "late": "too_late"}, confirmed=True).counts == {"moved": 1}
    (waiting,) = api.waiting(instance.id)
    assert (waiting.element_id, waiting.due_at) == ("too_late", due)
    drive.clock.advance(timedelta(minutes=31))
    api.fire_timers(drive.now)
    assert drive.tasks(instance.id) == ["a2", "remind"]
    drive.complete(instance.id, "a2")
    drive.complete(instance.id, "remind")
    assert drive.status(instance.id) == "completed"


def test_an_event_put_to_an_open_step_waits_from_then_on(drive: Mover) -> None:
    drive.deploy(p=diagram(line(user("a"), ids=("a",))))
    instance = drive.start()
    drive.deploy(p=_with_limit("a", "PT1H"))
    assert drive.preview() == [("confirm", [("event_added", "a")])]
    drive.migrate(confirmed=True)
    (waiting,) = api.waiting(instance.id)
    assert waiting.due_at == drive.now + timedelta(hours=1)
    drive.clock.advance(timedelta(hours=2))
    api.fire_timers(drive.now)
    assert drive.tasks(instance.id) == ["a", "remind"]
    drive.complete(instance.id, "remind")
    drive.complete(instance.id, "a")
    assert drive.status(instance.id) == "completed"


def test_an_event_taken_from_an_open_step_is_no_longer_waited_for(drive: Mover) -> None:
    drive.deploy(p=_with_limit("a", "PT1H"))
    instance = drive.start()
    drive.deploy(p=diagram(line(user("a"), ids=("a",))))
    assert drive.preview() == [("confirm", [("event_removed", "late")])]
    drive.migrate(confirmed=True)
    assert api.waiting(instance.id) == []
    drive.complete(instance.id, "a")
    assert drive.status(instance.id) == "completed"


def _branches(*names: str, more: str = "") -> bytes:
    flows = "".join(chain("split", name, "join") for name in names)
    return diagram(
        start(),
        gateway("split", "parallel"),
        *(user(name) for name in names),
        gateway("join", "parallel"),
        user("last"),
        end(),
        chain("s", "split"),
        flows,
        chain("join", "last", "e"),
        more,
    )


def test_open_branches_of_a_changed_gateway_stay_where_they_are(drive: Mover) -> None:
    drive.deploy(p=_branches("a", "b"))
    instance = drive.start()
    drive.complete(instance.id, "a")
    drive.deploy(p=_branches("a", "b", "c"))
    ((verdict, findings),) = drive.preview()
    assert verdict == "refused"
    assert ("branches_changed", "split") in findings
    assert ("join_changed", "join") in findings


def test_branches_half_joined_join_in_the_new_version(drive: Mover) -> None:
    first = _branches("a", "b")
    drive.deploy(p=first)
    instance = drive.start()
    drive.complete(instance.id, "a", one=1)
    drive.deploy(p=first.replace(b'id="last"', b'id="last" name="Last"'))
    assert drive.preview() == [("safe", [])]
    drive.migrate()
    drive.complete(instance.id, "b", two=2)
    assert drive.tasks(instance.id) == ["last"]
    assert api.variables(instance.id) == {"one": 1, "two": 2}


def test_steps_inside_an_open_subprocess_move_and_a_changed_subprocess_does_not(drive: Mover) -> None:
    def around(*inner: str, **attributes: str) -> bytes:
        return diagram(line(subprocess("sub", *inner, **attributes), ids=("sub",)))

    drive.deploy(p=around(start("is"), user("a"), end("ie"), chain("is", "a", "ie")))
    instance = drive.start()
    drive.deploy(p=around(start("is"), user("a"), user("b"), end("ie"), chain("is", "a", "b", "ie")))
    assert drive.preview() == [("confirm", [("open_changed", "a")])]
    drive.migrate(confirmed=True)
    drive.complete(instance.id, "a")
    assert drive.tasks(instance.id) == ["b"]
    drive.complete(instance.id, "b")
    assert drive.status(instance.id) == "completed"


def test_a_running_loop_that_changed_is_refused_by_name(drive: Mover) -> None:
    def loop(condition: str) -> bytes:
        return diagram(line(user("each", multi_instance("${items}", "item", condition=condition)), ids=("each",)))

    drive.deploy(p=loop(""))
    drive.start(data={"items": [1, 2]})
    drive.deploy(p=loop("${stop}"))
    ((verdict, findings),) = drive.preview()
    assert verdict == "refused"
    assert set(findings) == {("loop_changed", "each")}


def test_a_running_loop_that_did_not_change_moves(drive: Mover) -> None:
    def loop(*more: str) -> bytes:
        each = user("each", multi_instance("${items}", "item"))
        return diagram(line(each, user("after"), *(user(one) for one in more), ids=("each", "after", *more)))

    drive.deploy(p=loop())
    instance = drive.start(data={"items": [1, 2]})
    drive.complete(instance.id, "each")
    drive.deploy(p=loop("more"))
    assert drive.preview() == [("safe", [])]
    drive.migrate()
    for element in ("each", "after", "more"):
        drive.complete(instance.id, element)
    assert drive.status(instance.id) == "completed"


def test_a_called_process_goes_to_the_version_the_new_one_pins(drive: Mover) -> None:
    inner = diagram(line(user("work"), ids=("work",)), key="inner")
    drive.deploy(p=diagram(line(call("sub", "inner"), ids=("sub",))), inner=inner)
    instance = drive.start()
    drive.deploy(inner=diagram(line(user("work"), user("check"), ids=("work", "check")), key="inner"))
    assert drive.preview() == [("confirm", [("open_changed", "work")])]
    drive.migrate(confirmed=True)
    drive.complete(instance.id, "work")
    assert drive.tasks(instance.id) == ["check"]
    drive.complete(instance.id, "check")
    assert drive.status(instance.id) == "completed"


def test_a_broken_step_is_mended_by_the_new_version(drive: Mover) -> None:
    drive.deploy(p=diagram(line(script("calc", "x = 1 / 0"), user("after"), ids=("calc", "after"))))
    instance = drive.start()
    drive.deploy(p=diagram(line(script("calc", "x = 1"), user("after"), ids=("calc", "after"))))
    assert drive.preview() == [("confirm", [("incident_changed", "calc")])]
    drive.migrate(confirmed=True)
    (incident,) = api.list_incidents(instance_id=instance.id)
    drive.do(lambda: api.retry(incident.id, reason="new version", actor=NOBODY, now=drive.now))
    assert drive.tasks(instance.id) == ["after"]


def test_a_message_is_waited_for_as_the_new_version_says(drive: Mover) -> None:
    def waits_for(name: str) -> bytes:
        return diagram(
            line(catch("wait", on_message("m")), user("after"), ids=("wait", "after")), before=message("m", name)
        )

    drive.deploy(p=waits_for("old"))
    instance = drive.start(business_key="K")
    drive.deploy(p=waits_for("new"))
    assert drive.preview() == [("confirm", [("open_changed", "wait")])]
    drive.migrate(confirmed=True)
    sent = drive.do(lambda: api.publish("new", correlation={"business_key": "K"}, actor=NOBODY, now=drive.now))
    assert sent == [instance.id]
    assert drive.tasks(instance.id) == ["after"]


def test_a_suspended_instance_moves_and_stays_suspended(drive: Mover) -> None:
    drive.deploy(p=TWO)
    instance = drive.start()
    drive.do(lambda: api.suspend(instance.id, reason="wait", actor=NOBODY, now=drive.now))
    drive.deploy(p=THREE)
    assert drive.migrate().counts == {"moved": 1}
    assert (drive.status(instance.id), drive.version(instance.id)) == ("suspended", 2)
    drive.do(lambda: api.resume(instance.id, reason="go", actor=NOBODY, now=drive.now))
    assert drive.tasks(instance.id) == ["a"]
    assert [entry.outcome for entry in api.history(instance.id)] == ["completed", ""]


def test_a_condition_that_moved_counts_from_the_next_step_on(drive: Mover) -> None:
    def choosing(condition: str) -> bytes:
        return diagram(
            start(),
            user("a"),
            gateway("which", default="f_which_no"),
            user("yes"),
            user("no"),
            end(),
            chain("s", "a", "which"),
            flow("which", "yes", condition),
            chain("which", "no", "e"),
            chain("yes", "e"),
        )

    drive.deploy(p=choosing("${n > 10}"))
    instance = drive.start(data={"n": 5})
    drive.deploy(p=choosing("${n > 3}"))
    assert drive.preview() == [("safe", [])]
    drive.migrate()
    drive.complete(instance.id, "a")
    assert drive.tasks(instance.id) == ["yes"]
