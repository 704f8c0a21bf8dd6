"""Events at the edge of an open step: which ones the other version adds, and how they begin to be waited for."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.task import Task, TaskState

from app.engine.elements.boundary import BoundaryEvent
from app.engine.runtime.token import Token


def split_of(spec: Any) -> Any | None:
    """The joint before a step with boundary events, None where it has none."""
    return next((one for one in spec.inputs if isinstance(one, BoundaryEventSplit)), None)


def missing_events(task: Task, spec: Any) -> list[Any]:
    """The boundary events that `spec`, the counterpart of an open task, has and the task has not."""
    split = split_of(spec)
    if split is None or isinstance(task.task_spec, BoundaryEvent):
        return []
    present = {child.task_spec.name for child in task.parent.children} if task.parent is not None else set()
    return [one for one in split.outputs if isinstance(one, BoundaryEvent) and one.name not in present]


def begin_events(main: Token) -> None:
    """Put the events that an open step has not yet beside it, waiting from now on."""
    split = main.parent
    if split is None or not isinstance(split.task_spec, BoundaryEventSplit):
        return
    for spec in missing_events(main, main.task_spec):
        event = split._add_child(spec, TaskState.WAITING)
        event.triggered = True
        event.data = dict(main.data)
        spec._predict(event, mask=TaskState.NOT_FINISHED_MASK)
        spec._update(event)
