"""Reading user tasks: one task, the open tasks of an instance, the variables a form starts from."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from app.engine.runtime.errors import TaskNotFound
from app.engine.runtime.models import Task, TaskCandidate
from app.engine.runtime.views import TaskView
from app.kernel.db import session


def get_task(task_id: str) -> TaskView:
    """The task with its candidates, whatever its state. Raises `TaskNotFound`."""
    row = session.get(Task, task_id)
    if row is None:
        raise TaskNotFound(task_id)
    return task_view(row, candidates_of([task_id]).get(task_id, ()))


def open_tasks(instance_id: str) -> list[TaskView]:
    """The open tasks of an instance, the oldest first."""
    query = sa.select(Task).where(Task.instance_id == instance_id, Task.state == "open")
    rows = session.scalars(query.order_by(Task.created_at, Task.id)).all()
    candidates = candidates_of([row.id for row in rows])
    return [task_view(row, candidates.get(row.id, ())) for row in rows]


def task_view(row: Task, candidates: Iterable[tuple[str, str]] = ()) -> TaskView:
    """The row as a plain value."""
    return TaskView(
        id=row.id,
        instance_id=row.instance_id,
        definition_id=row.definition_id,
        process_key=row.process_key,
        element_id=row.element_id,
        name=row.name,
        name_en=row.name_en,
        form_key=row.form_key,
        state=row.state,
        assignee_id=row.assignee_id,
        owner_id=row.owner_id,
        unit_code=row.unit_code,
        unit_path=row.unit_path,
        priority=row.priority,
        due_at=row.due_at,
        follow_up_at=row.follow_up_at,
        title=row.title,
        title_en=row.title_en,
        business_key=row.business_key,
        search=row.search,
        created_at=row.created_at,
        claimed_at=row.claimed_at,
        completed_at=row.completed_at,
        completed_by=row.completed_by,
        candidates=tuple(candidates),
    )


def candidates_of(task_ids: list[str]) -> dict[str, tuple[tuple[str, str], ...]]:
    """The candidates of tasks as (kind, ref) pairs, by task id."""
    if not task_ids:
        return {}
    query = sa.select(TaskCandidate.task_id, TaskCandidate.kind, TaskCandidate.ref)
    found: dict[str, list[tuple[str, str]]] = {}
    for task_id, kind, ref in session.execute(query.where(TaskCandidate.task_id.in_(task_ids))):
        found.setdefault(task_id, []).append((kind, ref))
    return {task_id: tuple(sorted(pairs)) for task_id, pairs in found.items()}
