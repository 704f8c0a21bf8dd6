"""Completing a task with what its form was filled with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from app.engine import api as engine
from app.identity import queries as identity
from app.inbox import checks, task_form
from app.inbox.operations.files import keep
from app.inbox.operations.opening import Opened, open_task
from app.inbox.operations.record import note
from app.inbox.queries.closed import already_completed
from app.inbox.queries.rows import person_name
from app.inbox.rights import TaskForbidden
from app.kernel.actor import Actor


def complete(task_id: str, data: Mapping[str, Any], *, actor: Actor, now: datetime) -> engine.Completed:
    """Check the data against the task's own form, complete the task and go on with the case.

    Files the form names are kept with the case, drafts go. Raises
    `forms.InvalidForm` (errors by field), `TaskForbidden`, and `AlreadyCompleted` with who
    and when where somebody was faster.
    """
    opened = open_task(task_id, actor=actor, now=now)
    _require_work(opened)
    filled = task_form.checked(opened.task, data, actor=actor, now=now)
    checks.check(opened.task, filled.data, now=now)
    note(opened, "complete", actor=actor, now=now)
    try:
        completed = engine.complete(task_id, filled.data, actor=actor, now=now)
    except engine.TaskAlreadyCompleted as late:
        at = datetime.fromisoformat(late.details["at"])
        raise already_completed(task_id, by=late.details["by"], at=at) from late
    for file_id, title in filled.files:
        keep(opened.task.instance_id, file_id, task_id=task_id, title=title, actor=actor, now=now)
    task_form.drop_drafts(task_id)
    return completed


def _require_work(opened: Opened) -> None:
    if opened.rights.work:
        return
    if opened.task.assignee_id is None:
        raise TaskForbidden(_l("Claim the task first, then complete it."))
    holder = person_name(identity.user_view(opened.task.assignee_id))
    raise TaskForbidden(_l("Only %(name)s, who has the task, or a substitute can complete it.", name=holder))
