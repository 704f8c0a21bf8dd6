"""Services: inline and by jobs, their errors, their retries, and services that use the engine themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from marshmallow import Schema, fields

from app.engine import api
from app.engine.runtime.models import OperationLog
from app.kernel import jobs
from app.kernel.db import session
from app.kernel.registry import BusinessError, Service, ServiceContext, registry
from tests.engine.diagrams import (
    boundary,
    chain,
    diagram,
    end,
    error,
    extensions,
    on_error,
    service,
    start,
    subprocess,
    user,
)
from tests.engine.runtime.driving import NOBODY, Driver

pytestmark = pytest.mark.databases


class AddInputs(Schema):
    a = fields.Integer(required=True)
    b = fields.Integer(load_default=1)


class AddOutputs(Schema):
    total = fields.Integer()


@contextmanager
def offering(name: str, handler: Callable[..., Mapping[str, Any] | None], **options: Any) -> Iterator[None]:
    with registry.temporarily(Service(name, name, name, handler, inline=True, **options)):
        yield


def one_service(name: str = "t.do", external: bool = False, **inputs: str) -> bytes:
    return diagram(
        start(),
        service("work", name, extensions(inputs=inputs), external=external),
        user("after"),
        end(),
        boundary("refused", "work", on_error("E")),
        user("handle"),
        end("e2"),
        chain("s", "work", "after", "e"),
        chain("refused", "handle", "e2"),
        before=error("E", "NO_CREW"),
    )


def add(context: ServiceContext, *, a: int, b: int) -> dict[str, Any]:
    return {"total": a + b}


def test_an_inline_service_runs_in_the_step_with_checked_inputs(drive: Driver) -> None:
    with offering("t.do", add, inputs=AddInputs, outputs=AddOutputs):
        drive.deploy(p=one_service(a="${x}", b="${2}"))
        instance = drive.start(data={"x": "40"})
    assert drive.tasks(instance.id) == ["after"]
    assert api.variables(instance.id) == {"x": "40", "total": 42}


@pytest.mark.usefixtures("each_way")
def test_an_external_service_is_a_job_that_ends_the_step(drive: Driver) -> None:
    seen: list[ServiceContext] = []

    def handler(context: ServiceContext) -> dict[str, Any]:
        seen.append(context)
        return {"sent": True}

    with offering("t.do", handler):
        drive.deploy(p=one_service(external=True))
        instance = drive.start(business_key="GD1", data={"n": 1})
        assert drive.tasks(instance.id) == []
        assert [wait.kind for wait in api.waiting(instance.id)] == ["service"]
        session.rollback()
        assert jobs.run_due(drive.now) == 1
    assert drive.tasks(instance.id) == ["after"]
    assert api.variables(instance.id)["sent"] is True
    (context,) = seen
    assert (context.business_key, context.element_id, context.actor.username) == ("GD1", "work", "tester")
    assert dict(context.data) == {"n": 1}


@pytest.mark.parametrize("external", [False, True])
@pytest.mark.usefixtures("each_way")
def test_a_business_error_goes_to_its_boundary(drive: Driver, external: bool) -> None:
    def handler(context: ServiceContext) -> None:
        raise BusinessError("NO_CREW", "nobody on duty", unit="GM")

    with offering("t.do", handler):
        drive.deploy(p=one_service(external=external))
        instance = drive.start()
        session.rollback()
        jobs.run_due(drive.now)
    assert drive.tasks(instance.id) == ["handle"]
    assert api.variables(instance.id)["unit"] == "GM"
    assert api.list_incidents() == []


@pytest.mark.parametrize("external", [False, True])
@pytest.mark.usefixtures("each_way")
def test_an_error_nobody_catches_is_an_incident_that_can_be_retried(drive: Driver, external: bool) -> None:
    def handler(context: ServiceContext) -> dict[str, Any]:
        if not context.data.get("fixed"):
            raise BusinessError("OTHER", "not this one")
        return {"ok": 1}

    with offering("t.do", handler):
        drive.deploy(p=one_service(external=external))
        instance = drive.start()
        session.rollback()
        jobs.run_due(drive.now)
        (incident,) = api.list_incidents()
        assert (incident.kind, incident.element_id, incident.attempts) == ("error", "work", 1)
        assert "OTHER" in incident.message
        assert drive.status(instance.id) == "active"
        drive.do(lambda: api.retry(incident.id, data={"fixed": True}, reason="fixed", actor=NOBODY, now=drive.now))
        jobs.run_due(drive.now)
    assert drive.tasks(instance.id) == ["after"]
    assert api.get_incident(incident.id).state == "resolved"
    assert api.list_incidents() == []


@pytest.mark.usefixtures("each_way")
def test_a_failing_inline_service_is_undone_and_tried_again_by_a_job(drive: Driver) -> None:
    calls: list[str] = []

    def handler(context: ServiceContext) -> dict[str, Any]:
        calls.append(context.idempotency_key)
        session.add(
            OperationLog(instance_id=context.instance_id, operation="note", actor="t", at=context.now, details={})
        )
        session.flush()
        if len(calls) == 1:
            raise RuntimeError("down")
        return {"ok": True}

    with offering("t.do", handler):
        drive.deploy(p=one_service())
        instance = drive.start()
        assert drive.tasks(instance.id) == []
        session.rollback()
        assert jobs.run_due(drive.now) == 0
        jobs.run_due(drive.clock.advance(timedelta(seconds=10)))
    assert drive.tasks(instance.id) == ["after"]
    assert len(set(calls)) == 1
    notes = sa.select(sa.func.count()).select_from(OperationLog).where(OperationLog.operation == "note")
    assert session.scalar(notes) == 1


@pytest.mark.usefixtures("each_way")
def test_a_service_that_keeps_failing_is_an_incident_in_the_end(drive: Driver) -> None:
    def handler(context: ServiceContext) -> None:
        raise RuntimeError("the gateway is down")

    with offering("t.do", handler):
        drive.deploy(p=one_service(external=True))
        instance = drive.start()
        session.rollback()
        for _ in range(6):
            jobs.run_due(drive.clock.advance(timedelta(hours=2)))
        (incident,) = api.list_incidents()
        assert (incident.kind, incident.instance_id) == ("service", instance.id)
        assert "the gateway is down" in incident.message
    with offering("t.do", lambda context: {}):
        drive.do(lambda: api.retry(incident.id, reason="up again", actor=NOBODY, now=drive.now))
        jobs.run_due(drive.now)
    assert drive.tasks(instance.id) == ["after"]


def test_inputs_the_schema_refuses_are_an_incident_at_once(drive: Driver) -> None:
    with offering("t.do", add, inputs=AddInputs):
        drive.deploy(p=one_service(a="${x}"))
        drive.start(data={"x": "many"})
    (incident,) = api.list_incidents()
    assert "Not a valid integer" in incident.message


def test_an_error_from_within_a_subprocess_reaches_the_boundary_around_it(drive: Driver) -> None:
    inner = subprocess(
        "sub", start("s1"), service("work", "t.do"), user("never"), end("e1"), chain("s1", "work", "never", "e1")
    )
    xml = diagram(
        start(),
        inner,
        user("after"),
        end(),
        boundary("refused", "sub", on_error("E")),
        user("handle"),
        end("e2"),
        chain("s", "sub", "after", "e"),
        chain("refused", "handle", "e2"),
        before=error("E", "NO_CREW"),
    )

    def handler(context: ServiceContext) -> None:
        raise BusinessError("NO_CREW")

    with offering("t.do", handler):
        drive.deploy(p=xml)
        instance = drive.start()
    assert drive.tasks(instance.id) == ["handle"]


def test_a_service_may_start_another_process(drive: Driver) -> None:
    def handler(context: ServiceContext) -> dict[str, Any]:
        child = api.start("child", data={"from": context.business_key}, actor=context.actor, now=context.now)
        return {"child": child.id}

    with offering("t.do", handler):
        drive.deploy(p=one_service(), child=diagram(start(), user("c"), end(), chain("s", "c", "e"), key="child"))
        instance = drive.start(business_key="GD1")
    child = api.variables(instance.id)["child"]
    assert drive.tasks(child) == ["c"]
    assert api.get_instance(child).parent_id == instance.id


def test_a_process_started_by_a_service_that_fails_is_gone_with_it(drive: Driver) -> None:
    def handler(context: ServiceContext) -> dict[str, Any]:
        api.start("child", data={}, actor=context.actor, now=context.now)
        raise RuntimeError("after all")

    with offering("t.do", handler):
        drive.deploy(p=one_service(), child=diagram(start(), user("c"), end(), chain("s", "c", "e"), key="child"))
        drive.start()
    assert api.list_instances(process_key="child") == []


def test_a_service_may_end_its_own_instance(drive: Driver) -> None:
    def handler(context: ServiceContext) -> None:
        api.terminate(context.instance_id, reason="enough", actor=context.actor, now=context.now)

    with offering("t.do", handler):
        drive.deploy(p=one_service())
        instance = drive.start()
    assert drive.status(instance.id) == "terminated"
    assert drive.tasks(instance.id) == []
