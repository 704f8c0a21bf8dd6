"""What a process wants done when a case of it is terminated: a service it names, run by a job.

`<camunda:property name="on_terminate" value="outages.withdraw_notice"/>` on the process, or
several services with commas between. The service's inputs are the variables of those
names. A job tries it again where it fails, so that nothing stands against the
termination itself; a called process that is under way names its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import datetime
from typing import Any

from app.engine.definitions.specs import Loaded
from app.engine.elements.scope import current_data
from app.engine.runtime.elements import definition_of
from app.engine.runtime.run.active import Run
from app.engine.runtime.run.services import pack_actor, unpack_actor
from app.kernel import jobs
from app.kernel.registry import Service, ServiceContext, registry

JOB = "engine.clean_up"
PROPERTY = "on_terminate"


def services_of(text: str) -> list[str]:
    """The services a property names."""
    return [name.strip() for name in text.split(",") if name.strip()]


def hand_over(run: Run) -> None:
    """Let jobs run what the process, and the called ones under way, name for their end."""
    for token, loaded, data in _under_way(run):
        element = loaded.elements.get(loaded.key)
        for name in services_of(element.properties.get(PROPERTY, "")) if element is not None else []:
            payload = {
                "service": name,
                "instance_id": run.instance.id,
                "business_key": run.instance.business_key,
                "process": loaded.key,
                "token": token,
                "actor": pack_actor(run.actor),
                "data": data,
            }
            jobs.enqueue(JOB, payload, now=run.now)


@registry.job(JOB)
def clean_up(payload: Mapping[str, Any], now: datetime) -> None:
    """Run one service."""
    service = registry.get_service(payload["service"])
    context = ServiceContext(
        instance_id=payload["instance_id"],
        business_key=payload["business_key"],
        element_id=payload["process"],
        task_id=payload["token"],
        idempotency_key=f"{payload['instance_id']}:{payload['token']}:{PROPERTY}:{service.name}",
        now=now,
        actor=unpack_actor(payload["actor"]),
        data=deepcopy(payload["data"]),
    )
    service.handler(context, **_inputs(service, payload["data"]))


def _inputs(service: Service, data: Mapping[str, Any]) -> dict[str, Any]:
    if service.inputs is None:
        return {}
    schema = service.inputs()
    given = {name: data[name] for name in schema.fields if name in data}
    loaded: dict[str, Any] = schema.load(given)
    return loaded


def _under_way(run: Run) -> Iterator[tuple[str, Loaded, dict[str, Any]]]:
    called = [(token, sub) for token, sub in run.workflow.subprocesses.items() if not sub.completed]
    for token, sub in reversed(called):
        if ":" not in sub.spec.name:  # an embedded subprocess is part of its process
            yield token, definition_of(run.loaded, sub.spec.name), current_data(sub)
    yield "", run.loaded, current_data(run.workflow)
