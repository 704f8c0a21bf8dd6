"""Moving an instance in memory: its tokens on the specifications of the other version.

What is open and what led to it stays, with ids, variables and times; what was only
predicted is predicted anew; a finished step without a counterpart is left out, its
followers hang on the step before it. `judgement` says first whether that is right.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import SubWorkflowTask
from SpiffWorkflow.task import TaskState

from app.engine.elements.boundary import BoundaryEvent
from app.engine.elements.handlers import CYCLES
from app.engine.elements.timers import DUE
from app.engine.migration.boundaries import begin_events, split_of
from app.engine.migration.names import Names
from app.engine.runtime.token import Token
from app.engine.runtime.workflow import OPEN, SubWorkflow, Workflow, all_tasks

LAID_OUT = TaskState.PREDICTED_MASK | TaskState.FUTURE


def moved(workflow: Workflow, names: Names, *, engine: Any) -> Workflow:
    """The same instance on the target's specifications; the old one must not be used any more."""
    target = names.target
    result = Workflow(target.spec, target.subprocess_specs, script_engine=engine, count=workflow.count)
    _fill(workflow, result, names)
    for token, sub in workflow.subprocesses.items():
        caller, scope = result.get_task_from_id(token), names.scope(sub.spec.name)
        if caller is not None and scope is not None and isinstance(caller.task_spec, SubWorkflowTask):
            other = SubWorkflow(target.subprocess_specs[scope], token, result)
            result.subprocesses[token] = other
            _fill(sub, other, names)
            other.completed_event.connect(caller.task_spec._on_subworkflow_completed, caller)
    for task in [task for task in all_tasks(result) if task._state & OPEN]:
        task.task_spec._predict(task, mask=TaskState.NOT_FINISHED_MASK)
        if not isinstance(task.task_spec, BoundaryEvent):
            begin_events(task)
    return result


def _fill(old: Any, new: Any, names: Names) -> None:
    alive = living(old.tasks.values())
    places: dict[str, Token | None] = {}
    for task in old.tasks.values():
        if task._state & LAID_OUT or (task.parent is not None and task.parent.id not in places):
            continue
        above = places[task.parent.id] if task.parent is not None else None
        spec = names.spec(task)
        if spec is not None:
            places[task.id] = _copy(task, new, spec, above, names)
        elif task.id in alive and task._state & TaskState.FINISHED_MASK:
            places[task.id] = above
    new.task_tree = places[old.task_tree.id]
    new.last_task = places.get(old.last_task.id) if old.last_task is not None else None
    new.success, new.completed = old.success, old.completed
    new.data, new.correlations = old.data, old.correlations


def _copy(task: Token, new: Any, spec: Any, above: Token | None, names: Names) -> Token:
    if task._state & OPEN and not isinstance(spec, BoundaryEvent):
        above = _below_split(new, spec, above)
    copy = Token.restored(new, task.id, spec, parent=above, state=task._state, changed_at=task.last_state_change)
    copy.triggered, copy.data, copy.internal_data = task.triggered, task.data, dict(task.internal_data)
    for kept in {DUE, CYCLES} & copy.internal_data.keys():
        by_event = copy.internal_data[kept]
        copy.internal_data[kept] = {names.element(task, name): value for name, value in by_event.items()}
    if copy._state == TaskState.WAITING and isinstance(spec, CatchingEvent):
        new.top_workflow.event_manager.add_task(copy)
    return copy


def _below_split(new: Any, spec: Any, above: Token | None) -> Token | None:
    """The joint before a step that has boundary events only in the target."""
    split = split_of(spec)
    if split is None or above is None or isinstance(above.task_spec, BoundaryEventSplit):
        return above
    joint = Token(new, split, above, TaskState.COMPLETED)
    joint.data = dict(above.data)
    return joint


def living(tasks: Iterable[Any]) -> set[str]:
    """The ids of tasks that are open or have something open below them."""
    found: set[str] = set()
    for task in tasks:
        above = task if task._state & OPEN else None
        while above is not None and above.id not in found:
            found.add(above.id)
            above = above.parent
    return found
