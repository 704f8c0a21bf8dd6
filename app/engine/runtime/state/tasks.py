"""One task of the tree as a short list: `[id, spec name, state, last change, parent's id, more]`.

A task stands after its parent, and the children of one task in their order. `more`, left out
where it is empty, is a dict:

| key | meaning |
| --- | --- |
| `t` | 1 where triggered |
| `x` | internal data |
| `d` | variables (the root) |
| `u`, `r` | variables set and removed against the parent; a task not reached yet has none |
"""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.task import TaskState

from app.engine.runtime.token import Token

Packed = list[Any]


def pack(task: Token) -> Packed:
    """The task as plain JSON."""
    more: dict[str, Any] = {}
    parent = task.parent
    if task.triggered:
        more["t"] = 1
    if task.internal_data:
        more["x"] = task.internal_data
    if parent is None:
        more["d"] = task.data
    elif task._state >= TaskState.WAITING:
        _pack_changes(more, parent.data, task.data)
    packed = [task.id, task.task_spec.name, task._state, task.last_state_change, parent and parent.id]
    return [*packed, more] if more else packed


def unpack(packed: Packed, workflow: Any) -> Token:
    """Put the task back into its workflow; its parent must be there already."""
    token, name, state, changed_at, parent_id = packed[:5]
    more = packed[5] if len(packed) > 5 else {}
    spec = workflow.spec.task_specs[name]
    parent = workflow.tasks[parent_id] if parent_id is not None else None
    task = Token.restored(workflow, token, spec, parent=parent, state=state, changed_at=changed_at)
    task.triggered = "t" in more
    task.internal_data = more.get("x", {})
    if parent is None:
        task.data = more["d"]
    else:
        task.data = _variables(parent.data, more) if state >= TaskState.WAITING else {}
    if state == TaskState.WAITING and isinstance(spec, CatchingEvent):
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


def _pack_changes(more: dict[str, Any], before: dict[str, Any], after: dict[str, Any]) -> None:
    updates = changed(before, after)
    if updates:
        more["u"] = updates
    removed = [name for name in before if name not in after]
    if removed:
        more["r"] = removed


def _variables(inherited: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    data = dict(inherited)
    data.update(more.get("u", {}))
    for name in more.get("r", ()):
        data.pop(name, None)
    return data
