"""The variables of branches, put together without losing or sharing anything.

SpiffWorkflow keeps the variables on each task and merges the branches of a join deeply:
what one branch changed is overwritten by the old value another carries, lists are mixed
and nested values shared. Here each branch contributes what it changed since it began; of
two that changed one variable, the later one counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import deepcopy
from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.specs.Join import Join
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

Data = dict[str, Any]

ORIGIN = "origin"
"""Where a branch starts with other variables than its parent task has (a boundary event, an event
subprocess), this entry of the task's internal data keeps them."""

_SILENT = TaskState.PREDICTED_MASK | TaskState.FUTURE | TaskState.CANCELLED


def apply_changes(target: Data, base: Data, branch: Data) -> None:
    """Put into `target` what `branch` changed, added or removed since `base`."""
    for key, value in branch.items():
        if key not in base or base[key] != value:
            target[key] = deepcopy(value)
    for key in base:
        if key not in branch:
            target.pop(key, None)


def start_with(task: Task, data: Data) -> None:
    """Let a branch begin with these variables: only what it changes itself counts where it joins."""
    if data != task.parent.data:
        task.internal_data[ORIGIN] = deepcopy(data)
    task.data = deepcopy(data)


def merge_branches(arrivals: Iterable[Task]) -> Data:
    """The variables of branches that meet, `arrivals` being the last task of each."""
    tasks = sorted(arrivals, key=lambda task: task.last_state_change)
    if len(tasks) == 1:
        return deepcopy(tasks[0].data)
    ancestor = _common_ancestor(tasks)
    result: Data = deepcopy(ancestor.data)
    for task in tasks:
        apply_changes(result, _origin(task, ancestor), task.data)
    return result


def current_data(workflow: Any) -> Data:
    """The variables of a running (sub)process as they stand now, over all its branches."""
    standing: dict[Any, tuple[float, Data]] = {}
    for task in reversed(list(_tree(workflow.task_tree))):
        branches = [(child, standing[child.id]) for child in _branches(task) if child.id in standing]
        if branches:
            standing[task.id] = _folded(task, branches)
        elif not task.has_state(_SILENT) and not _waits_for_branches(task):
            standing[task.id] = (task.last_state_change, _own_data(task))
    found = standing.get(workflow.task_tree.id)
    return deepcopy(found[1]) if found else {}


def _folded(task: Task, branches: list[tuple[Task, tuple[float, Data]]]) -> tuple[float, Data]:
    data = deepcopy(task.data)
    ordered = sorted(branches, key=lambda branch: branch[1][0])
    for child, (_at, standing) in ordered:
        apply_changes(data, child.internal_data.get(ORIGIN, task.data), standing)
    return ordered[-1][1][0], data


def _own_data(task: Task) -> Data:
    subprocess = task.workflow.top_workflow.subprocesses.get(task.id)
    open_inside = subprocess is not None and not task.has_state(TaskState.FINISHED_MASK)
    if open_inside and getattr(task.task_spec, "shares_variables", False):
        return current_data(subprocess)
    return task.data  # type: ignore[no-any-return]


def _branches(task: Task) -> list[Task]:
    """What follows a task. The runs of a loop are no branches: what they change is given to the loop itself."""
    if isinstance(task.task_spec, LoopTask):
        return [child for child in task.children if child.task_spec.name != task.task_spec.task_spec]
    return list(task.children)


def _waits_for_branches(task: Task) -> bool:
    return isinstance(task.task_spec, Join) and task.has_state(TaskState.WAITING)


def _tree(root: Task) -> Iterator[Task]:
    """Parents before children; a long loop makes a tree deeper than recursion goes."""
    waiting = [root]
    while waiting:
        task = waiting.pop()
        yield task
        waiting.extend(task.children)


def _origin(task: Task, ancestor: Task) -> Data:
    """The variables a branch began with: those where the branches parted, or its own."""
    origin: Data = ancestor.data
    current = task
    while current is not ancestor:
        origin = current.internal_data.get(ORIGIN, origin)
        current = current.parent
    return origin


def _common_ancestor(tasks: list[Task]) -> Task:
    path = list(_path(tasks[0]))
    for task in tasks[1:]:
        other = set(_path(task))
        path = [task_id for task_id in path if task_id in other]
    return tasks[0].workflow.tasks[path[0]]


def _path(task: Task) -> Iterator[Any]:
    yield task.id
    yield from (ancestor.id for ancestor in ancestors(task))


def ancestors(task: Task) -> Iterator[Task]:
    """The tasks above a task, nearest first; without recursion, as a long loop makes a deep tree."""
    current = task.parent
    while current is not None:
        yield current
        current = current.parent
