"""What an operator may do to a token: skip its step with given outputs, or move it elsewhere in its process.

Both leave the step as if it had been left by the flow: its inbox task, timers and job are
withdrawn, its incident is resolved with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.task import Task, TaskState

from app.engine.definitions.elements import Element
from app.engine.elements.boundary import BoundaryEvent
from app.engine.runtime import operations
from app.engine.runtime.elements import element_of, scope_of
from app.engine.runtime.models import Incident, Instance
from app.engine.runtime.rows import instance_view
from app.engine.runtime.run import command
from app.engine.runtime.run.active import Run
from app.engine.runtime.run.steps import guarded
from app.engine.runtime.variables import checked
from app.engine.runtime.views import InstanceView, TokenView
from app.engine.runtime.workflow import OPEN, all_tasks, find
from app.kernel import audit
from app.kernel.actor import SYSTEM, Actor
from app.kernel.db import session
from app.kernel.errors import Conflict, Invalid

TARGETS = frozenset({"exclusiveGateway", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "subProcess"})
"""Where a token may be put beside tasks and call activities: nothing that other branches must come to."""


class NoSuchToken(Conflict):
    """The flow has left the step meanwhile, or it cannot be treated so (a gateway, a run of a loop)."""

    code = "no_such_token"


class InvalidTarget(Invalid):
    """The element does not exist beside the token, or a token cannot be put there."""

    code = "invalid_target"


def tokens(instance_id: str) -> list[TokenView]:
    """Where the instance stands, with what may be done there. Raises `InstanceNotFound`."""
    instance = command.find_instance(instance_id)
    if instance.status not in {"active", "suspended"}:
        return []
    run = command.restore(instance, actor=SYSTEM, now=instance.started_at)
    found = []
    for task in all_tasks(run.workflow):
        element = element_of(run.loaded, task)
        if task._state & OPEN and element is not None and not isinstance(task.task_spec, BoundaryEvent):
            found.append(_view(run, task, element))
    return found


def skip(
    instance_id: str,
    token: str,
    *,
    outputs: Mapping[str, Any] | None = None,
    reason: str,
    actor: Actor,
    now: datetime,
) -> InstanceView:
    """Let the flow go on behind a step as if it had been done, with these variables as its outcome.

    Raises `InstanceNotFound`, `InstanceSuspended`, `InstanceEnded`, `NoSuchToken`, `InvalidData`.
    """
    values = checked(outputs or {})
    return _intervene(
        "skip", instance_id, token, {"data": values}, lambda run, task: _skip(run, task, values),
        reason=reason, actor=actor, now=now,
    )  # fmt: skip


def move_token(instance_id: str, token: str, target: str, *, reason: str, actor: Actor, now: datetime) -> InstanceView:
    """Take a token from its step and let it arrive at another element of the same (sub)process.

    Raises `InstanceNotFound`, `InstanceSuspended`, `InstanceEnded`, `NoSuchToken`, `InvalidTarget`.
    """
    return _intervene(
        "move_token", instance_id, token, {"to": target}, lambda run, task: _move(run, task, target),
        reason=reason, actor=actor, now=now,
    )  # fmt: skip


def _intervene(
    operation: str, instance_id: str, token: str, details: dict[str, Any], work: Any, **by: Any
) -> InstanceView:
    instance = command.find_instance(instance_id)
    command.refuse_inactive(instance)
    command.command(
        instance,
        lambda run: _noted(run, operation, token, details | {"reason": by["reason"]}, work),
        actor=by["actor"],
        now=by["now"],
    )
    return instance_view(instance)


def _noted(run: Run, operation: str, token: str, details: dict[str, Any], work: Any) -> None:
    task = _treatable(run, token)
    element = element_of(run.loaded, task)
    facts = {"element": element.id if element else "", **details}
    operations.record(operation, instance_id=run.instance.id, actor=run.actor, now=run.now, details=facts)
    _note(run.instance, operation, facts, actor=run.actor, now=run.now)
    _give_reason(run, token, details["reason"])
    work(run, task)


def _note(instance: Instance, operation: str, facts: dict[str, Any], *, actor: Actor, now: datetime) -> None:
    told = {name: value for name, value in facts.items() if name != "data"}
    if "data" in facts:
        told["variables"] = sorted(facts["data"])
    audit.record(
        f"instance.{operation}", actor=actor, now=now, subject_type="instance", subject_id=instance.id,
        unit_path=instance.unit_path, details=told,
    )  # fmt: skip


def _treatable(run: Run, token: str) -> Task:
    task = find(run.workflow, token)
    if task is None or not task._state & OPEN or not _is_step(run, task):
        raise NoSuchToken(_l("The case no longer stands there, or this step cannot be treated so."), token=token)
    return task


def _is_step(run: Run, task: Task) -> bool:
    """An element by itself: no joint, no event at another's edge, no run of a loop."""
    parent = task.parent
    runs = parent is not None and isinstance(parent.task_spec, LoopTask)
    return element_of(run.loaded, task) is not None and not isinstance(task.task_spec, BoundaryEvent) and not runs


def _view(run: Run, task: Task, element: Element) -> TokenView:
    is_step = _is_step(run, task)
    return TokenView(
        token=str(task.id),
        element_id=element.id,
        kind=element.kind,
        name=element.name,
        name_en=element.name_en,
        can_skip=is_step and not element.kind.endswith("Gateway"),
        targets=tuple((one.id, one.name, one.name_en) for one in _targets(run, task)) if is_step else (),
    )


def _targets(run: Run, task: Task) -> list[Element]:
    specs = task.workflow.spec.task_specs.values()
    ids = {getattr(spec, "bpmn_id", None) for spec in specs if not isinstance(spec, BoundaryEvent)}
    found = (run.loaded.element(scope_of(task), one) for one in sorted(one for one in ids if one))
    return [element for element in found if element is not None and _may_arrive(run, task, element)]


def _may_arrive(run: Run, task: Task, element: Element) -> bool:
    mine = element_of(run.loaded, task)
    triggered = element.id in task.workflow.spec.start.event_subprocesses
    kind = element.kind in TARGETS or element.kind.endswith(("Task", "task")) or element.kind == "callActivity"
    return kind and not triggered and (mine is None or element.id != mine.id)


def _skip(run: Run, task: Task, values: dict[str, Any]) -> None:
    element = element_of(run.loaded, task)
    if element is None or element.kind.endswith("Gateway"):
        raise NoSuchToken(_l("The case no longer stands there, or this step cannot be treated so."), token=task.id)
    if str(task.id) in run.envelope.incidents and task.parent is not None:
        task.data = deepcopy(task.parent.data)  # what the broken step had begun to write does not count
    task.data = {**task.data, **values}
    guarded(run, task, lambda: _finish(run, task))


def _finish(run: Run, task: Task) -> None:
    _withdraw(run, task)
    task.task_spec._predict(task, mask=TaskState.NOT_FINISHED_MASK)
    task.workflow.last_task = task
    task.complete()


def _move(run: Run, task: Task, target: str) -> None:
    """The new token hangs below the one it comes from, so that joins and variables know its way."""
    if target not in {element.id for element in _targets(run, task)}:
        message = _l("A token cannot be put to %(element)s from here.", element=target)
        raise InvalidTarget(message, errors={"target": [message]})
    spec = task.workflow.spec.task_specs[target]
    split = task.workflow.spec.task_specs.get(f"{target}.BoundaryEventSplit")
    data = deepcopy(task.data if str(task.id) not in run.envelope.incidents else task.parent.data)
    _withdraw(run, task)
    for event in task.parent.children:
        if isinstance(event.task_spec, BoundaryEvent) and event._state & TaskState.NOT_FINISHED_MASK:
            event.cancel()
    task._drop_children(force=True)
    task._set_state(TaskState.COMPLETED)
    task.data = data
    arriving = task._add_child(split or spec, TaskState.FUTURE)
    arriving.task_spec._predict(arriving, mask=TaskState.NOT_FINISHED_MASK)
    guarded(run, arriving, lambda: arriving.task_spec._update(arriving))


def _withdraw(run: Run, task: Task) -> None:
    """Nothing is waited for in the step any more, and nothing inside it goes on."""
    top = run.workflow
    if isinstance(task.task_spec, CatchingEvent):
        top.event_manager.remove_task(task)
    inner = top.subprocesses.get(task.id)
    if inner is not None:
        task._set_state(TaskState.COMPLETED)  # so that the end of what is inside does not end it once more
        inner.cancel()
        task._set_state(TaskState.STARTED)


def _give_reason(run: Run, token: str, reason: str) -> None:
    incident_id = run.envelope.incidents.get(token)
    incident = session.get(Incident, incident_id) if incident_id is not None else None
    if incident is not None:
        incident.resolution = reason[:1000]
