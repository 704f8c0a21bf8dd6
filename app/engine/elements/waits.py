"""What a running workflow waits for, and how what it waited for is delivered to it.

This is the list the runtime keeps as rows (timers, subscriptions), so that nothing has to
be restored to find out whom a message is for or when the next timer is due.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import EventSubprocess
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app.engine.elements.catches import CaughtEvent
from app.engine.elements.event_gateway import EventGateway
from app.engine.elements.inputs import evaluate_all
from app.engine.elements.scope import current_data, start_with
from app.engine.elements.timers import Timer


@dataclass(frozen=True, slots=True)
class Wait:
    """One awaited thing. `kind` is timer, message or signal.

    `task_id` is the waiting task (the gateway, for an event behind one; "" for the start of
    an event subprocess), `element_id` the event on the diagram, `step` what `deliver` needs.
    `due_at` is set for timers; `name` and `correlation` for messages and signals (an empty
    correlation means the instance's business key).
    """

    kind: str
    task_id: str
    element_id: str
    step: str
    due_at: datetime | None = None
    name: str = ""
    correlation: dict[str, Any] = field(default_factory=dict)


class NotWaiting(LookupError):
    """Nothing waits there any more: the event came too late."""


def waits(workflow: Any) -> list[Wait]:
    """Everything the workflow and its subprocesses wait for now."""
    found: list[Wait] = []
    for task in workflow.event_manager.tasks.values():
        found.extend(_waits_of(task))
    found.extend(_event_subprocesses(workflow))
    return found


def deliver(workflow: Any, wait: Wait, payload: dict[str, Any]) -> None:
    """Hand a message or signal to what waits for it; the caller then runs the engine on.

    Raises `NotWaiting` when that task no longer waits.
    """
    if not wait.task_id:
        _start_event_subprocess(workflow, wait, payload)
        return
    task = next((task for key, task in workflow.event_manager.tasks.items() if str(key) == wait.task_id), None)
    if task is None or not task.has_state(TaskState.WAITING):
        raise NotWaiting(wait.element_id)
    spec = task.task_spec
    if isinstance(spec, EventGateway):
        spec.event_definition.receive(task, wait.step, payload)
    else:
        spec.event_definition.receive(task, payload)
    spec._update(task)


def refresh_timers(workflow: Any) -> None:
    """Let every timer that is due fire; the caller then runs the engine on."""
    workflow.refresh_timers()


def _waits_of(task: Task) -> Iterator[Wait]:
    spec = task.task_spec
    if isinstance(spec, EventGateway):
        for step, definition in spec.event_definition.branches.items():
            element_id = spec._wf_spec.task_specs[step].bpmn_id
            yield from _wait(task, definition, element_id, step)
    else:
        yield from _wait(task, spec.event_definition, spec.bpmn_id, spec.name)


def _wait(task: Task, definition: Any, element_id: str, step: str) -> Iterator[Wait]:
    if isinstance(definition, Timer):
        yield Wait("timer", str(task.id), element_id, step, due_at=definition.due_at(task))
    elif isinstance(definition, CaughtEvent):
        correlation = evaluate_all(task, definition.correlation)
        yield Wait(definition.kind, str(task.id), element_id, step, name=definition.name, correlation=correlation)


def _event_subprocesses(workflow: Any) -> Iterator[Wait]:
    """Message and signal starts of the non-interrupting event subprocesses of the outermost process."""
    if workflow.is_completed():
        return
    for name in workflow.spec.start.trigger_specs:
        spec = workflow.subprocess_specs[workflow.spec.task_specs[name].spec]
        start = spec.bpmn_start_events[0]
        definition = start.event_definition
        if isinstance(definition, CaughtEvent):
            correlation = evaluate_all(_standing(workflow), definition.correlation)
            yield Wait(definition.kind, "", start.bpmn_id, name, name=definition.name, correlation=correlation)


def _standing(workflow: Any) -> Task:
    """A task that is not part of the tree, with the variables as they stand."""
    task = Task(_Detached(workflow), workflow.spec.start, state=TaskState.COMPLETED)
    task.data = current_data(workflow)
    return task


class _Detached:
    """A place for a task outside the workflow's own table of tasks."""

    def __init__(self, workflow: Any) -> None:
        self.spec = workflow.spec
        self.script_engine = workflow.script_engine
        self.top_workflow = workflow
        self.data_objects = workflow.data_objects
        self.tasks: dict[Any, Task] = {}


def _start_event_subprocess(workflow: Any, wait: Wait, payload: dict[str, Any]) -> None:
    if workflow.is_completed() or wait.step not in workflow.spec.start.trigger_specs:
        raise NotWaiting(wait.element_id)
    data = current_data(workflow)
    child = workflow.task_tree._add_child(workflow.spec.task_specs[wait.step], TaskState.FUTURE)
    child.triggered = True
    start_with(child, data)
    child.task_spec._update(child)
    subprocess = workflow.subprocesses[child.id]
    for start in subprocess.get_tasks(state=TaskState.WAITING, spec_name=_start_of(workflow, wait)):
        start.task_spec.event_definition.receive(start, payload)
        start.task_spec._update(start)


def _start_of(workflow: Any, wait: Wait) -> str:
    spec: EventSubprocess = workflow.spec.task_specs[wait.step]
    return str(workflow.subprocess_specs[spec.spec].bpmn_start_events[0].name)
