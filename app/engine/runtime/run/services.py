"""Calling the services that diagrams name: at once inside the step, or by a job that ends the step later."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from datetime import timedelta
from typing import Any

import structlog
from marshmallow import ValidationError
from SpiffWorkflow.task import Task
from sqlalchemy.exc import DBAPIError

from app.engine.elements.errors import throw_error
from app.engine.elements.host import ServiceCall
from app.engine.runtime.run import active
from app.engine.runtime.run.active import Run
from app.engine.runtime.run.failures import UncaughtError, fail
from app.kernel import jobs
from app.kernel.actor import Actor
from app.kernel.db import is_conflict, session
from app.kernel.registry import BusinessError, Service, ServiceContext, registry

log = structlog.get_logger(__name__)

JOB = "engine.service"
FIRST_RETRY = timedelta(seconds=10)
"""How soon a job tries an inline service again that failed inside its step."""


class InvalidServiceInput(ValueError):
    """The diagram gives a service what its schema refuses: `str()` names the inputs."""


def run_inline(run: Run, task: Task, call: ServiceCall) -> Mapping[str, Any] | None:
    """Run a service inside the transaction of the step; None where the step has to wait.

    What a failed service wrote is undone. A business error goes to the nearest error
    boundary once the step has returned; any other failure leaves the step to a job.
    """
    try:
        with session.begin_nested(), active.undone_on_error():
            return invoke(run, task, call)
    except BusinessError as error:
        caught = error
        run.after_step.append(lambda: throw(run, task, caught))
    except Exception as exc:
        if _belongs_to_the_command(exc):
            raise
        if isinstance(exc, InvalidServiceInput):
            raise  # trying again changes nothing: an incident at once
        facts = {"service": call.name, "instance": run.instance.id, "error": repr(exc)}
        log.warning("inline service failed", exc_info=True, **facts)
        hand_over(run, task, delay=FIRST_RETRY)
    return None


def hand_over(run: Run, task: Task, *, delay: timedelta | None = None) -> None:
    """Let a job run the service of this step."""
    payload = {"instance_id": run.instance.id, "token": str(task.id), "actor": pack_actor(run.actor)}
    jobs.enqueue(JOB, payload, now=run.now, run_at=run.now + delay if delay else None)


def invoke(run: Run, task: Task, call: ServiceCall) -> Mapping[str, Any]:
    """Call the service with checked inputs; its outputs as its schema writes them."""
    service = registry.get_service(call.name)
    outputs = service.handler(_context(run, task, call), **_inputs(service, call)) or {}
    return service.outputs().dump(outputs) if service.outputs is not None else dict(outputs)


def throw(run: Run, task: Task, error: BusinessError) -> None:
    """Take the flow to whoever catches this business error; an incident where nobody does."""
    if not throw_error(task, error.code, error.message, dict(error.data)):
        fail(run, task, UncaughtError(f"nothing catches the error {error}"))


def pack_actor(actor: Actor) -> dict[str, Any]:
    return {"kind": actor.kind, "id": actor.id, "username": actor.username, "name": actor.name}


def unpack_actor(packed: Mapping[str, Any]) -> Actor:
    return Actor(kind=packed["kind"], id=packed["id"], username=packed["username"], name=packed["name"])


def _context(run: Run, task: Task, call: ServiceCall) -> ServiceContext:
    instance = run.instance
    return ServiceContext(
        instance_id=instance.id,
        business_key=instance.business_key,
        element_id=call.element_id,
        task_id=str(task.id),
        idempotency_key=f"{instance.id}:{task.id}",
        now=run.now,
        actor=run.actor,
        data=deepcopy(task.data),
    )


def _inputs(service: Service, call: ServiceCall) -> dict[str, Any]:
    if service.inputs is None:
        return dict(call.inputs)
    try:
        loaded: dict[str, Any] = service.inputs().load(call.inputs)
    except ValidationError as exc:
        raise InvalidServiceInput(f"{service.name} refuses its inputs: {exc.messages}") from exc
    return loaded


def _belongs_to_the_command(exc: Exception) -> bool:
    """Lost races and lost connections undo the whole command, which is then run again."""
    return is_conflict(exc) or (isinstance(exc, DBAPIError) and exc.connection_invalidated)
