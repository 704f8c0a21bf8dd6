"""Forgetting what the flow has behind it, so that a loop's hundredth round costs what its first did.

SpiffWorkflow keeps every task ever passed. Here a finished task goes when nothing can ask
for it any more. What may be asked for, and therefore stays:

- what is not finished, and all above it (variables are kept as changes against the parent);
- of branches that meet: those that have arrived at a join that still waits, and those that
  have come to the end of the process with variables of their own (they count when it ends);
- the runs of a multi-instance activity at work; the events around an activity at work;
- above each open task: its parent, the nearest element of the diagram (the history says
  where a step was reached from), the nearest passage of each join (a join knows its rounds
  by it), where a branch began with other variables.

What stands between these in a line is left out: the task below is put under the one above.
A process with a converging inclusive gateway keeps everything, as that gateway reads the
whole path.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.task import TaskState

from app.engine.elements.boundary import BoundaryEvent
from app.engine.elements.inclusive_gateway import InclusiveGateway
from app.engine.elements.joins import MergingJoin
from app.engine.elements.process import EndJoin
from app.engine.elements.scope import ORIGIN, ancestors
from app.engine.runtime.token import Token
from app.engine.runtime.workflow import Workflow, find

ROOM = 40
"""A process of fewer tasks is left alone: looking would cost more than it saves."""

_REACHED = TaskState.WAITING | TaskState.READY | TaskState.STARTED


def prune(top: Workflow) -> None:
    """Leave out of the instance what can matter no more."""
    for token in list(top.subprocesses):  # callers stand before what they call
        caller = find(top, token)
        if caller is None or caller._state & TaskState.FINISHED_MASK:
            del top.subprocesses[token]
    for part in (top, *top.subprocesses.values()):
        if len(part.tasks) > ROOM and not part.completed and not _reads_paths(part.spec):
            _prune(part)


def _reads_paths(spec: Any) -> bool:
    return any(isinstance(one, InclusiveGateway) and len(one._inputs) > 1 for one in spec.task_specs.values())


def _prune(part: Any) -> None:
    live = _live(part)
    needed = {part.task_tree.id} | {above.id for task in live.values() for above in (task, *ancestors(task))}
    for arrival in _with_own_variables(part, needed):
        live[arrival.id] = arrival
    _drop(part, [task for task in part.tasks.values() if task.id not in needed])
    kept = _kept(live.values())
    for task in list(part.tasks.values()):
        passed = task._state == TaskState.COMPLETED and len(task._children) == 1
        if passed and task.parent is not None and task.id not in kept and ORIGIN not in task.internal_data:
            _splice(task)
    if part.last_task is not None and part.last_task.id not in part.tasks:
        part.last_task = None


def _live(part: Any) -> dict[str, Token]:
    """The tasks that matter by themselves, those at the end of the process left out."""
    unfinished = [task for task in part.tasks.values() if task._state & TaskState.NOT_FINISHED_MASK]
    waiting = {task.task_spec for task in unfinished if task._state & _REACHED}
    arrived = [
        task
        for task in part.tasks.values()
        if isinstance(task.task_spec, MergingJoin)
        and not isinstance(task.task_spec, EndJoin)
        and task.task_spec in waiting
    ]
    beside = [other for task in unfinished for other in _beside(task)]
    return {task.id: task for task in (*unfinished, *arrived, *beside)}


def _beside(task: Token) -> Iterator[Token]:
    """The other runs of a loop at work; the activity, its events and their joint, as long as one of them is open."""
    parent = task.parent
    if parent is not None and isinstance(parent.task_spec, (LoopTask, BoundaryEventSplit)):
        yield from _children(parent)
    split_name = getattr(task.task_spec, "split_task", None)
    split = next((above for above in ancestors(task) if above.task_spec.name == split_name), None)
    if split is not None:
        yield split
        yield from _children(split)


def _children(task: Token) -> list[Token]:
    """Its children but for events that have fired beside the activity: they are past."""
    return [child for child in task.children if not _fired_beside(child)]


def _fired_beside(task: Token) -> bool:
    spec = task.task_spec
    finished = task._state & TaskState.FINISHED_MASK
    return bool(finished and isinstance(spec, BoundaryEvent) and not spec.cancel_activity)


def _with_own_variables(part: Any, needed: set[str]) -> list[Token]:
    """The branches at the end of the process that changed variables; they and all above are added to `needed`."""
    found = []
    for task in part.tasks.values():
        if task.id in needed or not isinstance(task.task_spec, EndJoin) or task.parent._state != TaskState.COMPLETED:
            continue
        branch = [task]
        while branch[-1].parent.id not in needed:
            branch.append(branch[-1].parent)
        began = branch[-1].parent.data
        for one in branch:  # the outermost counts, as where branches are merged
            began = one.internal_data.get(ORIGIN, began)
        if task.parent.data != began:
            needed.update(one.id for one in branch)
            found.append(task)
    return found


def _kept(live: Iterable[Token]) -> set[str]:
    """What stays in a line above these tasks, and the tasks themselves."""
    kept = set()
    for task in live:
        kept.add(task.id)
        met: set[Any] = set()
        wanted = True
        for above in ancestors(task):
            spec = above.task_spec
            if above is task.parent or (wanted and _is_element(spec)):
                kept.add(above.id)
            wanted = wanted and not _is_element(spec)
            if isinstance(spec, MergingJoin) and spec not in met:
                met.add(spec)
                kept.update(one.id for one in (above, above.parent) if one is not None)
    return kept


def _is_element(spec: Any) -> bool:
    return getattr(spec, "bpmn_id", None) is not None and not isinstance(spec, LoopTask)


def _drop(part: Any, gone: list[Token]) -> None:
    for task in gone:
        del part.tasks[task.id]
        above = task.parent
        if above is not None and above.id in part.tasks:
            above._children.remove(task.id)


def _splice(task: Token) -> None:
    """Put its only child in its place."""
    (child,) = task.children
    above = task.parent
    assert above is not None
    above._children[above._children.index(task.id)] = child.id
    child.parent = above
    del task.workflow.tasks[task.id]
