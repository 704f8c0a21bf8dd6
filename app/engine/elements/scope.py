"""The variables of branches, put together without losing or sharing anything.

SpiffWorkflow keeps the variables on each task and merges the branches of a join deeply:
what one branch changed is overwritten by the old value another carries, lists are mixed
and nested values shared. Here each branch contributes what it changed since the branches
parted; of two that changed one variable, the later one counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from typing import Any

from SpiffWorkflow.specs.Join import Join
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

Data = dict[str, Any]
_SILENT = TaskState.PREDICTED_MASK | TaskState.FUTURE | TaskState.CANCELLED


def apply_changes(target: Data, base: Data, branch: Data) -> None:
    """Put into `target` what `branch` changed, added or removed since `base`."""
    for key, value in branch.items():
        if key not in base or base[key] != value:
            target[key] = deepcopy(value)
    for key in base:
        if key not in branch:
            target.pop(key, None)


def merge_branches(arrivals: Iterable[Task]) -> Data:
    """The variables of branches that meet, `arrivals` being the last task of each."""
    tasks = sorted(arrivals, key=lambda task: task.last_state_change)
    if len(tasks) == 1:
        return deepcopy(tasks[0].data)
    base = _common_ancestor(tasks).data
    result: Data = deepcopy(base)
    for task in tasks:
        apply_changes(result, base, task.data)
    return result


def current_data(workflow: Any) -> Data:
    """The variables of a running (sub)process as they stand now, over all its branches."""
    standing: dict[Any, tuple[float, Data]] = {}
    for task in reversed(list(_tree(workflow.task_tree))):
        children = sorted((standing[child.id] for child in task.children if child.id in standing), key=lambda c: c[0])
        if not children:
            if not task.has_state(_SILENT) and not _waits_for_branches(task):
                standing[task.id] = (task.last_state_change, _own_data(task))
            continue
        data = deepcopy(task.data)
        for _at, branch in children:
            apply_changes(data, task.data, branch)
        standing[task.id] = (children[-1][0], data)
    return deepcopy(standing[workflow.task_tree.id][1]) if standing else {}


def _own_data(task: Task) -> Data:
    subprocess = task.workflow.top_workflow.subprocesses.get(task.id)
    if subprocess is not None and task.task_spec.shares_variables and not task.has_state(TaskState.FINISHED_MASK):
        return current_data(subprocess)
    return task.data  # type: ignore[no-any-return]


def _waits_for_branches(task: Task) -> bool:
    return isinstance(task.task_spec, Join) and task.has_state(TaskState.WAITING)


def _tree(root: Task) -> Iterable[Task]:
    """Parents before children; a long loop makes a tree deeper than recursion goes."""
    waiting = [root]
    while waiting:
        task = waiting.pop()
        yield task
        waiting.extend(task.children)


def _common_ancestor(tasks: list[Task]) -> Task:
    path = _path(tasks[0])
    for task in tasks[1:]:
        other = set(_path(task))
        path = [task_id for task_id in path if task_id in other]
    return tasks[0].workflow.tasks[path[0]]


def _path(task: Task) -> list[Any]:
    path = []
    current: Task | None = task
    while current is not None:
        path.append(current.id)
        current = current.parent
    return path
