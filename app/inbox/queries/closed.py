"""Why a task is not open any more, told to somebody who came too late: who and when."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from app.engine.api import TaskView
from app.identity import queries as identity
from app.inbox.queries.rows import person_name
from app.kernel.errors import Conflict
from app.kernel.i18n import format_when


class AlreadyCompleted(Conflict):
    """Somebody else was first: `details` name who and when."""

    code = "task_already_completed"


class NoLongerNeeded(Conflict):
    """The case went on without this task."""

    code = "task_cancelled"


def refuse_closed(task: TaskView) -> None:
    """Raise `AlreadyCompleted` or `NoLongerNeeded` for a task that is not open."""
    if task.state == "done":
        raise already_completed(task.id, by=task.completed_by or "", at=task.completed_at)
    if task.state == "cancelled":
        raise NoLongerNeeded(_l("This task is no longer needed: the case has moved on."), task_id=task.id)


def already_completed(task_id: str, *, by: str, at: datetime | None) -> AlreadyCompleted:
    """The refusal of a task that `by` (a sign-in name) completed."""
    name = person_name(identity.user_view(by)) or by
    details: dict[str, Any] = {"task_id": task_id, "by": by, "name": name, "at": at.isoformat() if at else None}
    message = _l("%(name)s already completed this task, %(when)s.", name=name, when=format_when(at))
    return AlreadyCompleted(message, **details)
