"""Suspending, resuming and terminating reach what a case has started; a process may clean up behind itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import marshmallow as ma
import pytest
import sqlalchemy as sa

from app.engine import api
from app.engine.definitions.lint import lint
from app.engine.runtime.models import Incident, Subscription, Timer
from app.kernel import jobs
from app.kernel.audit import AuditEntry
from app.kernel.db import session
from app.kernel.registry import Service, registry
from tests.engine.diagrams import (
    boundary,
    call,
    chain,
    diagram,
    end,
    extensions,
    gateway,
    line,
    message,
    node,
    service,
    start,
    timer,
    user,
)
from tests.engine.runtime.driving import NOBODY, Driver


class Order(ma.Schema):
    order = ma.fields.Int()


@pytest.fixture
def cleaned() -> Iterator[list[Any]]:
    """What the clean-up service was called with."""
    calls: list[Any] = []

    def begin(context: Any) -> None:
        api.start(context.data["child"], data={"child": "leaf"}, actor=context.actor, now=context.now)

    def clean(context: Any, **inputs: Any) -> None:
        calls.append((inputs, context.data, context.idempotency_key))

    starting = Service("d.begin", "", "", begin, inline=True)
    with registry.temporarily(starting, Service("d.clean", "", "", clean, inputs=Order)):
        yield calls


def family(drive: Driver) -> list[str]:
    """A case that has started another, which has started a third; each waits for a person, a timer and a message."""

    def member(key: str, *before: str) -> bytes:
        return diagram(
            start(), *before, gateway("f", "parallel"), user("u"), node("receiveTask", "r", messageRef="m"),
            end(), end("e2"),
            chain("s", *(["sv"] if before else []), "f", "u", "e"), chain("f", "r", "e2"),
            boundary("b", "u", timer("PT1H")), end("late"), chain("b", "late"), key=key, before=message("m"),
        )  # fmt: skip

    drive.deploy(
        p=member("p", service("sv", "d.begin")), child=member("child", service("sv", "d.begin")), leaf=member("leaf")
    )
    drive.start(data={"child": "child"})
    found = [api.list_instances(process_key=key)[0] for key in ("p", "child", "leaf")]
    assert [one.parent_id for one in found[1:]] == [one.id for one in found[:2]]
    return [one.id for one in found]


def act(drive: Driver, operation: Any, instance: str) -> None:
    drive.do(lambda: operation(instance, reason="because", actor=NOBODY, now=drive.now))


def statuses(drive: Driver, instances: list[str]) -> list[str]:
    return [drive.status(one) for one in instances]


def test_terminating_reaches_children_and_theirs(drive: Driver, cleaned: list[Any]) -> None:
    instances = family(drive)
    act(drive, api.terminate, instances[0])
    assert statuses(drive, instances) == ["terminated"] * 3
    for instance in instances:
        assert api.open_tasks(instance) == []
        assert api.waiting(instance) == []
    for model in (Timer, Subscription, Incident):
        assert session.scalar(sa.select(sa.func.count()).select_from(model)) == 0
    (operation,) = [one for one in api.operations(instances[1]) if one.operation == "terminate"]
    assert operation.details == {"reason": "because", "with": instances[0]}


def test_a_case_that_ends_by_itself_leaves_them(drive: Driver, cleaned: list[Any]) -> None:
    instances = family(drive)
    drive.complete(instances[0], "u")
    send = {"correlation": {"instance_id": instances[0]}, "actor": NOBODY, "now": drive.now}
    drive.do(lambda: api.publish("m", **send))
    assert statuses(drive, instances) == ["completed", "active", "active"]


def test_suspended_and_resumed_together(drive: Driver, cleaned: list[Any]) -> None:
    instances = family(drive)
    act(drive, api.suspend, instances[0])
    assert statuses(drive, instances) == ["suspended"] * 3
    with pytest.raises(api.InstanceSuspended):
        drive.complete(instances[2], "u")
    act(drive, api.resume, instances[0])
    assert statuses(drive, instances) == ["active"] * 3
    drive.complete(instances[2], "u")


def test_what_was_suspended_by_itself_stays_so(drive: Driver, cleaned: list[Any]) -> None:
    instances = family(drive)
    act(drive, api.suspend, instances[1])
    act(drive, api.suspend, instances[0])
    act(drive, api.resume, instances[0])
    assert statuses(drive, instances) == ["active", "suspended", "suspended"]
    act(drive, api.resume, instances[1])
    assert statuses(drive, instances) == ["active"] * 3


def test_each_act_is_in_the_audit_trail(drive: Driver, cleaned: list[Any]) -> None:
    instances = family(drive)
    for operation in (api.suspend, api.resume, api.terminate):
        act(drive, operation, instances[0])
    for instance in instances:
        query = sa.select(AuditEntry.action).where(AuditEntry.subject_id == instance).order_by(AuditEntry.id)
        assert list(session.scalars(query)) == ["instance.suspend", "instance.resume", "instance.terminate"]


def test_a_child_may_end_what_started_it(drive: Driver, cleaned: list[Any]) -> None:
    """A service of the case terminates the case: it ends when the step has returned, with what it started."""

    def give_up(context: Any) -> None:
        api.start("q", data={}, actor=context.actor, now=context.now)
        api.terminate(context.instance_id, reason="enough", actor=context.actor, now=context.now)

    with registry.temporarily(Service("d.give_up", "", "", give_up, inline=True)):
        drive.deploy(
            p=diagram(line(service("sv", "d.give_up"), user("u"), ids=("sv", "u"))),
            q=diagram(line(user("v"), ids=("v",)), key="q"),
        )
        instance = drive.start().id
    (child,) = api.list_instances(process_key="q")
    assert statuses(drive, [instance, child.id]) == ["terminated", "terminated"]


def cleaning(key: str, *parts: str, ids: tuple[str, ...]) -> bytes:
    content = diagram(line(*parts, ids=ids), key=key).decode()
    own = extensions(properties={"on_terminate": "d.clean"})
    head, tail = content.split("</bpmn:extensionElements>", 1)
    more = own.removeprefix("<bpmn:extensionElements><camunda:properties>").removesuffix("</bpmn:extensionElements>")
    return (head.replace("</camunda:properties>", more) + "</bpmn:extensionElements>" + tail).encode()


def test_a_process_cleans_up_behind_itself(drive: Driver, cleaned: list[Any]) -> None:
    given = '<camunda:in source="order" target="order"/>'
    drive.deploy(p=cleaning("p", call("c", "q", given), ids=("c",)), q=cleaning("q", user("u"), ids=("u",)))
    instance = drive.start(data={"order": 5, "more": 1}).id
    act(drive, api.terminate, instance)
    assert cleaned == [], "a job does it"
    assert jobs.run_due(drive.now, 10) == 2
    found = sorted(((inputs, data) for inputs, data, _key in cleaned), key=lambda one: len(one[1]))
    assert found == [({"order": 5}, {"order": 5}), ({"order": 5}, {"order": 5, "more": 1})]
    assert len({key for _inputs, _data, key in cleaned}) == 2


def test_nothing_is_cleaned_up_at_a_normal_end(drive: Driver, cleaned: list[Any]) -> None:
    drive.deploy(p=cleaning("p", user("u"), ids=("u",)))
    instance = drive.start().id
    drive.complete(instance, "u")
    act(drive, api.terminate, instance)
    assert jobs.run_due(drive.now, 10) == 0


def test_an_unknown_service_is_refused(drive: Driver) -> None:
    found = [(one.rule, one.element) for one in lint("p.bpmn", cleaning("p", user("u"), ids=("u",)))]
    assert found == [("unknown-service", "p")]
