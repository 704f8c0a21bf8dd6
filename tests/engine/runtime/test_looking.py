"""History, operations, the picture with its token, and the events domains follow."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from app.engine import api
from app.kernel.actor import Actor
from tests.engine.diagrams import call, chain, diagram, end, gateway, give, script, start, subprocess, take, user
from tests.engine.runtime.driving import NOBODY, Driver

pytestmark = pytest.mark.databases

MAIN = diagram(
    start(),
    user("take", name="接单"),
    call("ask", "callback", give("phone", "number"), take("answer", "satisfied")),
    subprocess("inner", start("s1"), user("repair"), end("e1"), chain("s1", "repair", "e1")),
    end(),
    chain("s", "take", "ask", "inner", "e"),
)
CALLED = diagram(start("cs"), user("dial"), end("ce"), chain("cs", "dial", "ce"), key="callback")


def test_history_says_who_when_from_where_and_what_changed(drive: Driver) -> None:
    drive.deploy(p=MAIN, callback=CALLED)
    instance = drive.start(data={"phone": "1"})
    task = drive.task(instance.id, "take")
    drive.clock.advance(timedelta(minutes=5))
    drive.complete(instance.id, "take", crew=7)
    passed = {activity.element_id: activity for activity in api.history(instance.id)}
    taken = passed["take"]
    assert (taken.name, taken.actor, taken.outcome, taken.task_id) == ("接单", "tester", "completed", task.id)
    assert (taken.ended_at - taken.started_at, taken.sources) == (timedelta(minutes=5), ("s",))
    assert taken.changes == {"crew": 7}
    assert passed["s"].changes == {"phone": "1"}
    assert (passed["dial"].ended_at, passed["dial"].process_key) == (None, "callback")
    assert [operation.operation for operation in api.operations(instance.id)] == ["complete"]


def test_a_join_tells_all_it_came_from(drive: Driver) -> None:
    drive.deploy(
        p=diagram(
            start(),
            gateway("split", "parallel"),
            user("a"),
            script("b", "x = 1"),
            gateway("join", "parallel"),
            end(),
            chain("s", "split", "a", "join", "e"),
            chain("split", "b", "join"),
        )
    )
    instance = drive.start()
    drive.complete(instance.id, "a")
    passed = {activity.element_id: activity for activity in api.history(instance.id)}
    assert passed["join"].sources == ("a", "b")


def test_called_processes_have_their_own_variables_and_picture(drive: Driver) -> None:
    drive.deploy(p=MAIN, callback=CALLED)
    instance = drive.start(data={"phone": "95598"})
    drive.complete(instance.id, "take")
    assert api.task_data(drive.task(instance.id, "dial").id) == {"number": "95598"}
    picture = api.diagram(instance.id)
    assert (picture.active, picture.completed) == (("ask",), ("s", "take"))
    assert picture.called["ask"].active == ("dial",)
    assert picture.called["ask"].process_key == "callback"
    drive.complete(instance.id, "dial", answer="good")
    assert api.variables(instance.id)["satisfied"] == "good"
    assert api.diagram(instance.id).active == ("inner", "repair")
    assert drive.complete(instance.id, "repair").instance.status == "completed"
    assert api.diagram(instance.id).active == ()


def test_a_called_task_belongs_to_the_called_definition(drive: Driver) -> None:
    drive.deploy(p=MAIN, callback=CALLED)
    instance = drive.start(data={"phone": "1"})
    drive.complete(instance.id, "take")
    task = drive.task(instance.id, "dial")
    assert (task.process_key, task.definition_id != instance.definition_id) == ("callback", True)


def test_domains_follow_events_in_the_same_transaction(drive: Driver) -> None:
    drive.deploy(p=diagram(start(), user("a"), user("b"), end(), chain("s", "a", "b", "e")))
    heard: list[tuple[str, str]] = []

    def hear(event: str) -> Any:
        def handler(view: Any, /, *, actor: Actor, now: datetime) -> None:
            heard.append((event, getattr(view, "element_id", view.id)))

        return handler

    with (
        api.subscribed("task.created", hear("created")),
        api.subscribed("task.completed", hear("completed")),
        api.subscribed("instance.started", hear("started")),
        api.subscribed("instance.ended", hear("ended")),
    ):
        instance = drive.start()
        drive.complete(instance.id, "a")
        drive.complete(instance.id, "b")
    assert heard == [
        ("started", instance.id),
        ("created", "a"),
        ("completed", "a"),
        ("created", "b"),
        ("completed", "b"),
        ("ended", instance.id),
    ]


def test_a_handler_that_fails_undoes_the_command(drive: Driver) -> None:
    drive.deploy(p=diagram(start(), user("a"), end(), chain("s", "a", "e")))
    instance = drive.start()

    def refuse(view: Any, /, *, actor: Actor, now: datetime) -> None:
        raise RuntimeError("no")

    with api.subscribed("task.completed", refuse), pytest.raises(RuntimeError):
        drive.complete(instance.id, "a")
    assert drive.tasks(instance.id) == ["a"]


def test_describing_an_instance_changes_its_open_tasks(drive: Driver) -> None:
    drive.deploy(p=diagram(start(), user("a"), end(), chain("s", "a", "e")))
    instance = drive.start(title="old")
    drive.do(lambda: api.describe(instance.id, title="new", priority=90, search="95598", actor=NOBODY, now=drive.now))
    task = drive.task(instance.id, "a")
    assert (task.title, task.priority, task.search) == ("new", 90, "95598")


def test_unknown_events_are_refused() -> None:
    with pytest.raises(ValueError, match="no such event"):
        api.on("task.vanished", lambda view, **_: None)
