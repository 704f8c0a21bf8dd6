"""The job that runs the service of a step, and ends the step in the same transaction as itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import structlog
from SpiffWorkflow.task import Task, TaskState

from app.engine.elements.services import ServiceTask, finish
from app.engine.runtime.errors import InstanceNotFound
from app.engine.runtime.rows import ENDED
from app.engine.runtime.run import command, services
from app.engine.runtime.run.active import Run
from app.engine.runtime.run.failures import fail, open_incident
from app.engine.runtime.run.services import JOB, InvalidServiceInput, unpack_actor
from app.engine.runtime.run.steps import guarded
from app.engine.runtime.workflow import find
from app.kernel.registry import BusinessError, registry

log = structlog.get_logger(__name__)


def gave_up(payload: Mapping[str, Any], error: str, now: datetime) -> None:
    """All attempts failed: an incident of the step."""
    _on_step(payload, now, lambda run, task: _give_up(run, task, error))


@registry.job(JOB, on_dead=gave_up)
def run_service(payload: Mapping[str, Any], now: datetime) -> None:
    """Run the service and end its step. Where the flow has left the step meanwhile, nothing is done."""
    _on_step(payload, now, _run)


def _on_step(payload: Mapping[str, Any], now: datetime, work: Any) -> None:
    actor, token = unpack_actor(payload["actor"]), payload["token"]
    try:
        instance = command.find_instance(payload["instance_id"])
    except InstanceNotFound:
        log.warning("a service's instance is gone", instance=payload["instance_id"])
        return
    if instance.status in ENDED:
        return
    run = command.restore(instance, actor=actor, now=now)
    task = find(run.workflow, token)
    if task is None or task._state != TaskState.STARTED or not isinstance(task.task_spec, ServiceTask):
        return
    if instance.status == "suspended":
        command.perform(run, lambda run: run.envelope.parked.append(token))
        return
    command.perform(run, lambda run: work(run, task))


def _run(run: Run, task: Task) -> None:
    try:
        outputs = services.invoke(run, task, task.task_spec.call(task))
    except BusinessError as error:
        services.throw(run, task, error)
    except InvalidServiceInput as error:
        fail(run, task, error, kind="service")
    else:
        guarded(run, task, lambda: finish(task, outputs))


def _give_up(run: Run, task: Task, error: str) -> None:
    open_incident(run, task, kind="service", message=error.partition("\n")[0], trace=error)
