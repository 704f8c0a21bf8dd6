"""One task of the tree as a small dict: short keys, ids as text, variables as what changed against the parent.

| key | meaning |
| --- | --- |
| `n`, `s`, `c` | spec name, state, time of the last state change |
| `p`, `k` | parent, children |
| `t` | 1 where triggered |
| `x` | internal data |
| `d` | variables (the root) |
| `u`, `r` | variables set and removed against the parent; a task not reached yet has none |
"""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.task import Task, TaskState

Packed = dict[str, Any]


def pack(task: Task) -> Packed:
    """The task as plain JSON."""
    packed: Packed = {"n": task.task_spec.name, "s": task._state, "c": task.last_state_change}
    if task._children:
        packed["k"] = [str(child) for child in task._children]
    if task.triggered:
        packed["t"] = 1
    if task.internal_data:
        packed["x"] = task.internal_data
    parent = task.parent
    if parent is None:
        packed["d"] = task.data
        return packed
    packed["p"] = str(parent.id)
    if task._state >= TaskState.WAITING:
        _pack_changes(packed, parent.data, task.data)
    return packed


def unpack(token: str, packed: Packed, workflow: Any) -> Task:
    """Put the task back into its workflow; its parent must be there already."""
    spec = workflow.spec.task_specs[packed["n"]]
    task = Task(workflow, spec, state=packed["s"], id=token)
    task._parent = packed.get("p")
    task._children = packed.get("k", [])
    task.last_state_change = packed["c"]
    task.triggered = "t" in packed
    task.internal_data = packed.get("x", {})
    if task._parent is None:
        task.data = packed["d"]
    elif task._state >= TaskState.WAITING:
        task.data = _variables(workflow.tasks[task._parent].data, packed)
    if packed["s"] == TaskState.WAITING and isinstance(spec, CatchingEvent):
        workflow.top_workflow.event_manager.add_task(task)
    return task


def changed(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """The variables that `after` has otherwise than `before`; 1 and True are not the same."""
    return {
        name: value
        for name, value in after.items()
        if name not in before or (before[name] is not value and not _same(before[name], value))
    }


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and bool(one == other)


def _pack_changes(packed: Packed, before: dict[str, Any], after: dict[str, Any]) -> None:
    updates = changed(before, after)
    if updates:
        packed["u"] = updates
    removed = [name for name in before if name not in after]
    if removed:
        packed["r"] = removed


def _variables(inherited: dict[str, Any], packed: Packed) -> dict[str, Any]:
    data = dict(inherited)
    data.update(packed.get("u", {}))
    for name in packed.get("r", ()):
        data.pop(name, None)
    return data
