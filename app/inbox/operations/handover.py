"""Who has a task: claiming, giving back, assigning, delegating and handing back."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l

from app.engine import api as engine
from app.identity import queries as identity
from app.inbox import topics
from app.inbox.operations.opening import open_task
from app.inbox.operations.record import note
from app.inbox.operations.telling import tell
from app.inbox.people import require_assignable, require_delegable
from app.inbox.queries.rows import person_name
from app.inbox.rights import require
from app.kernel import live
from app.kernel.actor import Actor
from app.kernel.errors import Conflict

NOTE_LIMIT = 500


class AlreadyClaimed(Conflict):
    """Somebody else took the task first: `details` name who."""

    code = "task_claimed"


def claim(task_id: str, *, actor: Actor, now: datetime) -> engine.TaskView:
    """Take a task that is offered to one's groups or oneself; taking one's own again changes nothing."""
    opened = open_task(task_id, actor=actor, now=now)
    if opened.task.assignee_id == actor.id:
        return opened.task
    _refuse_claimed(opened.task)
    require(opened.rights.claim, _l("This task is not offered to you or to one of your groups."))
    assert actor.id is not None  # an opened task has a reader
    return engine.claim(task_id, actor.id, actor=actor, now=now)


def release(task_id: str, *, text: str = "", actor: Actor, now: datetime) -> engine.TaskView:
    """Give a task back to those it is offered to, so that another may take it."""
    opened = open_task(task_id, actor=actor, now=now)
    require(
        opened.rights.release,
        _l("Only whoever has the task, or who may assign tasks here, can give it back, and only to a group."),
    )
    note(opened, "release", text=text[:NOTE_LIMIT], actor=actor, now=now)
    _leave(opened.task)
    return engine.release(task_id, actor=actor, now=now)


def assign(task_id: str, user_id: int, *, text: str = "", actor: Actor, now: datetime) -> engine.TaskView:
    """Make it somebody's task: needs `task.assign` at its unit; the person must belong to it or its candidates."""
    opened = open_task(task_id, actor=actor, now=now)
    require(opened.rights.assign, _l("You may not assign tasks of this unit."))
    require_assignable(opened.task, user_id, paths=opened.reader.assign_paths, now=now)
    note(opened, "assign", text=text[:NOTE_LIMIT], actor=actor, now=now)
    _leave(opened.task)
    task = engine.assign(task_id, user_id, actor=actor, now=now)
    tell([user_id], task, "assigned", text, actor=actor, now=now)
    return task


def delegate(task_id: str, user_id: int, *, text: str = "", actor: Actor, now: datetime) -> engine.TaskView:
    """Let a colleague work on one's task; it stays one's own and comes back with `resolve`."""
    opened = open_task(task_id, actor=actor, now=now)
    require(opened.rights.delegate, _l("Only whoever has the task can delegate it."))
    require_delegable(opened.task, user_id, now=now)
    note(opened, "delegate", text=text[:NOTE_LIMIT], actor=actor, now=now)
    _leave(opened.task)
    task = engine.delegate(task_id, user_id, actor=actor, now=now)
    tell([user_id], task, "delegated", text, actor=actor, now=now)
    return task


def resolve(task_id: str, *, text: str = "", actor: Actor, now: datetime) -> engine.TaskView:
    """Hand a delegated task back to whom it belongs."""
    opened = open_task(task_id, actor=actor, now=now)
    require(opened.rights.resolve, _l("This task was not delegated to you."))
    note(opened, "resolve", text=text[:NOTE_LIMIT], actor=actor, now=now)
    _leave(opened.task)
    task = engine.resolve(task_id, actor=actor, now=now)
    if task.assignee_id is not None and task.assignee_id != actor.id:
        tell([task.assignee_id], task, "resolved", text, actor=actor, now=now)
    return task


def _leave(task: engine.TaskView) -> None:
    """Take the task out of the open inbox of whoever had it; the engine's events only know the new holder."""
    if task.assignee_id is not None:
        live.touch(topics.of_person(task.assignee_id))


def _refuse_claimed(task: engine.TaskView) -> None:
    if task.assignee_id is not None:
        name = person_name(identity.user_view(task.assignee_id))
        raise AlreadyClaimed(_l("%(name)s has already taken this task.", name=name), assignee_id=task.assignee_id)
