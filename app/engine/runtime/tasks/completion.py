"""Completing a user task."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import undefer

from app.engine.runtime import operations
from app.engine.runtime.errors import TaskNotFound
from app.engine.runtime.models import Instance, Task
from app.engine.runtime.projection.tasks import close_task
from app.engine.runtime.rows import instance_view
from app.engine.runtime.run import active, command
from app.engine.runtime.run.active import Run
from app.engine.runtime.run.steps import run_step
from app.engine.runtime.tasks.assignment import refuse_closed
from app.engine.runtime.tasks.reading import task_view
from app.engine.runtime.variables import checked
from app.engine.runtime.views import Completed
from app.engine.runtime.workflow import find
from app.kernel import live
from app.kernel.actor import Actor
from app.kernel.db import session

_FIND = (
    sa.select(Task, Instance)
    .join(Instance, Instance.id == Task.instance_id)
    .where(Task.id == sa.bindparam("task_id"))
    .options(undefer(Instance.state))
)


def complete(task_id: str, data: Mapping[str, Any], *, actor: Actor, now: datetime) -> Completed:
    """Complete a task with its form's data, already validated, and run on to the next waiting points.

    The data is merged into the variables. Raises `TaskAlreadyCompleted` (who and when),
    `TaskCancelled`, `TaskNotFound`, `InstanceSuspended`, `InvalidData`.
    """
    task, instance = _find(task_id)
    refuse_closed(task)
    values = checked(data)
    if active.at_work(instance.id):
        active.later(lambda: complete(task_id, values, actor=actor, now=now))
        return Completed(task_view(task), instance_view(instance), queued=True)
    command.refuse_inactive(instance)
    run = command.restore(instance, actor=actor, now=now)
    command.perform(run, lambda run: _complete(run, task, values))
    opened = tuple(task_view(row, candidates) for row, candidates in run.created)
    return Completed(task_view(task), instance_view(instance), opened)


def _find(task_id: str) -> tuple[Task, Instance]:
    """The task and its instance with its state, in one statement."""
    found = session.execute(_FIND, {"task_id": task_id}).one_or_none()
    if found is None:
        raise TaskNotFound(task_id)
    return found.Task, found.Instance


def _complete(run: Run, row: Task, values: dict[str, Any]) -> None:
    task = find(run.workflow, row.token)
    if task is None:
        raise TaskNotFound(row.id)
    close_task(run, row)
    run.completing[row.token] = row
    operations.record("complete", instance_id=row.instance_id, task_id=row.id, actor=run.actor, now=run.now)
    live.touch("inbox", f"task:{row.id}")
    task.data.update(values)
    run_step(run, task)
