"""Handing an open task around: claim, give back, assign, delegate, and its dates and priority.

Who may do so is the caller's business (the inbox); refused here is only what the state
of the task makes impossible. Each operation is logged and tells the open pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.engine.runtime import hooks, operations
from app.engine.runtime.errors import InstanceSuspended, TaskAlreadyCompleted, TaskCancelled, TaskNotFound
from app.engine.runtime.models import Instance, Task, TaskCandidate
from app.engine.runtime.tasks.reading import get_task
from app.engine.runtime.views import TaskView
from app.kernel import live
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict


class TaskClaimedByOther(Conflict):
    """Somebody else claimed the task first; `details["assignee_id"]` says who."""

    code = "task_claimed"


class TaskNotDelegated(Conflict):
    """Only a delegated task can be handed back to its owner."""

    code = "task_not_delegated"


def claim(task_id: str, user_id: int, *, actor: Actor, now: datetime) -> TaskView:
    """Take a task nobody has; taking one's own again changes nothing.

    Raises `TaskClaimedByOther`, `TaskAlreadyCompleted`, `TaskCancelled`, `InstanceSuspended`.
    """
    task = _open(task_id)
    if task.assignee_id == user_id:
        return get_task(task_id)
    if task.assignee_id is not None:
        raise TaskClaimedByOther(_l("Somebody else has already taken this task."), assignee_id=task.assignee_id)
    task.assignee_id, task.claimed_at = user_id, now
    _copy(task)
    return _changed(task, "claim", {"user_id": user_id}, actor=actor, now=now)


def release(task_id: str, *, actor: Actor, now: datetime) -> TaskView:
    """Give a task back to its candidates; a delegated task loses its owner too."""
    task = _open(task_id)
    before = task.assignee_id
    task.assignee_id = task.owner_id = task.claimed_at = None
    _copy(task)
    return _changed(task, "release", {"from": before}, actor=actor, now=now)


def assign(task_id: str, user_id: int | None, *, actor: Actor, now: datetime) -> TaskView:
    """Make it this user's task, whoever had it; None leaves it to its candidates."""
    task = _open(task_id)
    before = task.assignee_id
    task.assignee_id, task.owner_id = user_id, None
    task.claimed_at = None if user_id is None else now
    _copy(task)
    return _changed(task, "assign", {"from": before, "to": user_id}, actor=actor, now=now)


def delegate(task_id: str, user_id: int, *, actor: Actor, now: datetime) -> TaskView:
    """Let another user work on it; it comes back to its first assignee with `resolve`."""
    task = _open(task_id)
    before = task.assignee_id
    task.owner_id = task.owner_id or before
    task.assignee_id, task.claimed_at = user_id, now
    _copy(task)
    return _changed(task, "delegate", {"from": before, "to": user_id}, actor=actor, now=now)


def resolve(task_id: str, *, actor: Actor, now: datetime) -> TaskView:
    """Hand a delegated task back to its owner. Raises `TaskNotDelegated`."""
    task = _open(task_id)
    if task.owner_id is None:
        raise TaskNotDelegated(_l("This task was not delegated."), task_id=task_id)
    before = task.assignee_id
    task.assignee_id, task.owner_id, task.claimed_at = task.owner_id, None, now
    return _changed(task, "resolve", {"from": before, "to": task.assignee_id}, actor=actor, now=now)


def set_priority(task_id: str, priority: int, *, actor: Actor, now: datetime) -> TaskView:
    """Change the priority: 0 to 100, higher is sooner."""
    task = _open(task_id)
    before, task.priority = task.priority, priority
    _copy(task)
    return _changed(task, "set_priority", {"from": before, "to": priority}, actor=actor, now=now)


def set_due(task_id: str, due_at: datetime | None, *, actor: Actor, now: datetime) -> TaskView:
    """Change when the task must be done (an aware instant)."""
    task = _open(task_id)
    before, task.due_at = task.due_at, due_at
    _copy(task)
    return _changed(task, "set_due", {"from": _iso(before), "to": _iso(due_at)}, actor=actor, now=now)


def set_follow_up(task_id: str, follow_up_at: datetime | None, *, actor: Actor, now: datetime) -> TaskView:
    """Hide the task from the daily list until this instant; None shows it at once."""
    task = _open(task_id)
    before, task.follow_up_at = task.follow_up_at, follow_up_at
    return _changed(task, "set_follow_up", {"from": _iso(before), "to": _iso(follow_up_at)}, actor=actor, now=now)


def readdress(task_id: str, groups: Mapping[str, str], *, actor: Actor, now: datetime) -> TaskView:
    """Offer an open task to other groups in the place of those it has: `groups` maps old to new.

    For a unit that was dissolved: its groups are empty for ever. Who has the task keeps it.
    """
    task = _open(task_id)
    mine = sa.select(TaskCandidate).where(TaskCandidate.task_id == task.id, TaskCandidate.kind == "group")
    held = {row.ref: row for row in session.scalars(mine)}
    for old, new in groups.items():
        if old in held and new in held:
            session.delete(held[old])
        elif old in held:
            held[old].ref = new
    return _changed(task, "readdress", {"groups": dict(groups)}, actor=actor, now=now)


def refuse_closed(task: Task) -> None:
    """Raise where the task is not open any more, saying who and when."""
    if task.state == "done":
        raise TaskAlreadyCompleted(task.id, by=task.completed_by or "", at=task.completed_at or task.created_at)
    if task.state == "cancelled":
        raise TaskCancelled(task.id, at=task.completed_at)


def _open(task_id: str) -> Task:
    query = sa.select(Task, Instance.status).join(Instance, Instance.id == Task.instance_id).where(Task.id == task_id)
    found = session.execute(query.with_for_update(of=Task)).one_or_none()
    if found is None:
        raise TaskNotFound(task_id)
    task, status = found
    refuse_closed(task)
    if status == "suspended":
        raise InstanceSuspended(task.instance_id)
    return task


def _copy(task: Task) -> None:
    """Repeat at the candidates what lists are read by."""
    values = {"due_at": task.due_at, "priority": task.priority, "held": task.assignee_id is not None}
    session.execute(sa.update(TaskCandidate).where(TaskCandidate.task_id == task.id).values(values))


def _changed(task: Task, operation: str, details: Mapping[str, Any], *, actor: Actor, now: datetime) -> TaskView:
    operations.record(
        operation, instance_id=task.instance_id, task_id=task.id, actor=actor, now=now, details=dict(details)
    )
    live.touch("inbox", f"task:{task.id}", f"instance:{task.instance_id}")
    session.flush()
    view = get_task(task.id)
    hooks.emit("task.changed", view, actor=actor, now=now)
    return view


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
