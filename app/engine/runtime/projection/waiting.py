"""What an instance in memory waits for: people, instants, messages and signals; and what its rows show of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from SpiffWorkflow.task import Task, TaskState

from app.engine.elements.waits import Wait, waits
from app.engine.runtime.workflow import OPEN, Workflow, all_tasks, is_user_task


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is waited for now, by the key of its row.

    `tasks` are the open user tasks by token; `timers` and `subscriptions` the awaited
    events by `key_of`.
    """

    tasks: dict[str, Task] = field(default_factory=dict)
    timers: dict[str, Wait] = field(default_factory=dict)
    subscriptions: dict[str, Wait] = field(default_factory=dict)


def waiting_of(workflow: Workflow, open_now: list[Task]) -> Waiting:
    """What the instance waits for; `open_now` are its open tasks (`open_tasks`)."""
    if workflow.completed:
        return Waiting()
    tokens = {str(task.id) for task in open_now if task._state == TaskState.WAITING}
    events = [wait for wait in waits(workflow) if wait.of_scope or wait.task_id in tokens]
    return Waiting(
        tasks={str(task.id): task for task in open_now if task._state == TaskState.READY and is_user_task(task)},
        timers={key_of(wait): wait for wait in events if wait.kind == "timer" and wait.due_at is not None},
        subscriptions={key_of(wait): wait for wait in events if wait.kind != "timer"},
    )


def open_tasks(workflow: Workflow) -> list[Task]:
    """Every task that is waiting, ready or started."""
    return [task for task in all_tasks(workflow) if task._state & OPEN]


def key_of(wait: Wait) -> str:
    """The row of an awaited event: `token|element|kind|name or instant`."""
    what = wait.due_at.isoformat() if wait.due_at is not None else wait.name
    return f"{wait.task_id}|{wait.element_id}|{wait.kind}|{what}"


def token_of(key: str) -> str:
    """The waiting task of a key; see `Wait.task_id`."""
    return key.partition("|")[0]


def element_of_key(key: str) -> str:
    """The event of a key."""
    return key.split("|")[1]
