"""What a running workflow waits for, and how what it waited for is delivered to it.

This is the list the runtime keeps as rows (timers, subscriptions), so that nothing has to
be restored to find out whom a message is for or when the next timer is due.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app.engine.elements.boundary import BoundaryEvent
from app.engine.elements.catches import CaughtEvent
from app.engine.elements.event_gateway import EventGateway
from app.engine.elements.handlers import Handler, ScopeStart, fire, handlers, standing, trigger
from app.engine.elements.inputs import evaluate_all
from app.engine.elements.timers import Timer


@dataclass(frozen=True, slots=True)
class Wait:
    """One awaited thing. `kind` is timer, message or signal.

    `task_id` is the waiting task (the gateway, for an event behind one), `element_id` the
    event on the diagram, `step` what `deliver` needs. For the start of an event subprocess
    (`of_scope`) the task is the first one of its scope ("" for messages and signals of the
    outermost process).
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
    of_scope: bool = False


class NotWaiting(LookupError):
    """Nothing waits there any more: the event came too late."""


def waits(workflow: Any) -> list[Wait]:
    """Everything the workflow and its subprocesses wait for now."""
    found: list[Wait] = []
    for task in workflow.event_manager.tasks.values():
        found.extend(_waits_of(task))
    found.extend(_event_subprocesses(workflow))
    return found


def in_turn(workflow: Any, meant: Iterable[Wait]) -> list[Wait]:
    """In which order those that wait for one event get it, so that each of them has it.

    First what the flow has come to. Then what may take a scope away, from the outermost
    scope inward: the event subprocesses, and the events at the activities of the scope.
    """
    ranks = {id(scope): rank for rank, scope in enumerate((workflow, *workflow.subprocesses.values()), 1)}
    roots = {str(scope.task_tree.id): ranks[id(scope)] for scope in workflow.subprocesses.values()}
    tasks = {str(key): task for key, task in workflow.event_manager.tasks.items()}

    def turn(wait: Wait) -> tuple[int, int]:
        if wait.of_scope:
            return roots.get(wait.task_id, 1), 0
        task = tasks.get(wait.task_id)
        at_activity = task is not None and isinstance(task.task_spec, BoundaryEvent)
        return (ranks.get(id(task.workflow), 0), 1) if at_activity else (0, 0)  # type: ignore[union-attr]

    return sorted(meant, key=turn)


def deliver(workflow: Any, wait: Wait, payload: dict[str, Any]) -> list[Task]:
    """Hand a message or signal to what waits for it; the caller then runs the engine on.

    Returns the task that is to be run at once, so that the event counts as passed even if
    what has the same event next takes it away; none for an event subprocess. Raises
    `NotWaiting` when that task no longer waits.
    """
    if wait.of_scope:
        _start_event_subprocess(workflow, wait, payload)
        return []
    task = next((task for key, task in workflow.event_manager.tasks.items() if str(key) == wait.task_id), None)
    if task is None or not task.has_state(TaskState.WAITING):
        raise NotWaiting(wait.element_id)
    spec = task.task_spec
    if isinstance(spec, EventGateway):
        spec.event_definition.receive(task, wait.step, payload)
    else:
        spec.event_definition.receive(task, payload)
    spec._update(task)
    return [task]


def fire_timer(task: Task, element_id: str) -> None:
    """Let the timer this task waits for fire where it is due; the caller then runs the engine on.

    For the timer of an event subprocess it is the first task of its scope.
    """
    if isinstance(task.task_spec, ScopeStart):
        fire(task, element_id)
    else:
        task.task_spec._update(task)


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
    """The events of the event subprocesses of every process and subprocess under way."""
    for scope in (workflow, *workflow.subprocesses.values()):
        waiting = [one for one in handlers(scope) if isinstance(one.definition, Timer | CaughtEvent)]
        reader = standing(scope) if waiting else None
        for handler in waiting:
            yield from _handler_wait(handler, reader)


def _handler_wait(handler: Handler, reader: Task) -> Iterator[Wait]:
    definition, root = handler.definition, handler.scope.task_tree
    if isinstance(definition, Timer):
        if handler.due_at is not None:
            yield Wait("timer", str(root.id), handler.element_id, handler.name, due_at=handler.due_at, of_scope=True)
        return
    outermost = handler.scope is handler.scope.top_workflow
    correlation = evaluate_all(reader, definition.correlation)
    yield Wait(
        definition.kind, "" if outermost else str(root.id), handler.element_id, handler.name,
        name=definition.name, correlation=correlation, of_scope=True,
    )  # fmt: skip


def _start_event_subprocess(workflow: Any, wait: Wait, payload: dict[str, Any]) -> None:
    scopes = (workflow, *workflow.subprocesses.values())
    scope = next((one for one in scopes if str(one.task_tree.id) == wait.task_id), workflow)
    handler = next((one for one in handlers(scope) if one.element_id == wait.element_id), None)
    if handler is None or (scope is workflow and wait.task_id):
        raise NotWaiting(wait.element_id)
    trigger(handler, payload)
