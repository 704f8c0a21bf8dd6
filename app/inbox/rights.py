"""What one person may do with one task, and how a refusal is put. Asked by pages and enforced by operations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l

from app.engine.api import TaskView
from app.identity.queries import UserView
from app.inbox.queries.reader import Reader, reader_of
from app.kernel.actor import Actor
from app.kernel.errors import Forbidden, NotFound


class TaskHidden(NotFound):
    """The task exists, but the asker may not know."""

    code = "task_not_found"


class TaskForbidden(Forbidden):
    """The asker sees the task and may not do this with it: the message says who may."""

    code = "task_forbidden"


@dataclass(frozen=True, slots=True)
class Rights:
    """`on_behalf` is the absent colleague whose task it is, where the reader stands in for them."""

    see: bool
    work: bool
    claim: bool
    release: bool
    assign: bool
    delegate: bool
    resolve: bool
    put_off: bool
    reschedule: bool
    on_behalf: UserView | None = None

    @property
    def any(self) -> bool:
        """Whether there is anything to do but look."""
        return self.work or self.claim or self.assign


def rights_of(task: TaskView, reader: Reader) -> Rights:
    """The rights of a reader on a task, open or not.

    Seen by: assignee, owner, candidates, whoever stands in for one of them, whoever
    completed it, and holders of `task.read` or `task.assign` at its unit. Worked on by the
    assignee or who stands in for them. Assigned, given other dates and another priority
    by holders of `task.assign`.
    """
    open_ = task.state == "open"
    held = task.assignee_id in reader.held_ids
    owned = task.owner_id in reader.held_ids
    offered = is_offered(task, reader)
    governs = _within(task, reader.assign_paths)
    completed = task.completed_by is not None and task.completed_by in reader.usernames
    return Rights(
        see=held or owned or offered or completed or governs or _within(task, reader.read_paths),
        work=open_ and held,
        claim=open_ and task.assignee_id is None and offered,
        release=open_ and bool(task.candidates) and task.assignee_id is not None and (held or governs),
        assign=open_ and governs,
        delegate=open_ and held,
        resolve=open_ and task.owner_id is not None and (held or owned),
        put_off=open_ and (held or governs),
        reschedule=open_ and governs,
        on_behalf=reader.stands_in_for(task.assignee_id) if open_ else None,
    )


def is_offered(task: TaskView, reader: Reader) -> bool:
    """Whether the task is offered to the reader, by group or by name."""
    return any(ref in (reader.groups if kind == "group" else reader.usernames) for kind, ref in task.candidates)


def reader_for(actor: Actor, *, now: datetime) -> Reader:
    """The reader of an actor; the system itself and customers have no inbox."""
    if actor.id is None:
        raise TaskForbidden(_l("Only a member of staff works on tasks."))
    return reader_of(actor.id, actor.username, at=now)


def require_sight(rights: Rights, task_id: str) -> None:
    """Refuse as if the task did not exist where the reader may not see it."""
    if not rights.see:
        raise TaskHidden(_l("There is no such task, or you may not see it."), task_id=task_id)


def require(allowed: bool, message: object) -> None:
    """Refuse what the reader may not do; `message` says who may."""
    if not allowed:
        raise TaskForbidden(message)


def _within(task: TaskView, paths: tuple[str, ...]) -> bool:
    place = task.unit_path or "/"
    return any(place.startswith(path) for path in paths)
