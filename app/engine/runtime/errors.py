"""Refusals of the runtime that several operations share; those of one operation live beside it."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l

from app.kernel.errors import Conflict, NotFound


class InstanceNotFound(NotFound):
    code = "instance_not_found"

    def __init__(self, instance_id: str) -> None:
        super().__init__(_l("There is no such case."), instance_id=instance_id)


class TaskNotFound(NotFound):
    code = "task_not_found"

    def __init__(self, task_id: str) -> None:
        super().__init__(_l("There is no such task."), task_id=task_id)


class InstanceEnded(Conflict):
    code = "instance_ended"

    def __init__(self, instance_id: str, status: str) -> None:
        super().__init__(_l("This case has already ended."), instance_id=instance_id, status=status)


class InstanceSuspended(Conflict):
    code = "instance_suspended"

    def __init__(self, instance_id: str) -> None:
        super().__init__(_l("This case is suspended; nothing can be done in it until it is resumed."), id=instance_id)


class TaskAlreadyCompleted(Conflict):
    """Somebody else was first: `details` name who and when."""

    code = "task_already_completed"

    def __init__(self, task_id: str, *, by: str, at: datetime) -> None:
        super().__init__(
            _l("This task has already been completed by %(by)s.", by=by), task_id=task_id, by=by, at=at.isoformat()
        )


class TaskCancelled(Conflict):
    """The flow left the task before it was completed (a limit passed, the case was cancelled)."""

    code = "task_cancelled"

    def __init__(self, task_id: str, *, at: datetime | None) -> None:
        super().__init__(
            _l("This task is no longer needed: the case has moved on."),
            task_id=task_id,
            at=at.isoformat() if at else None,
        )
