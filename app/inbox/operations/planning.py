"""When a task is to be done: putting it off, its due time, its priority."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l

from app.engine import api as engine
from app.inbox.operations.opening import open_task
from app.inbox.operations.record import note
from app.inbox.rights import require
from app.kernel.actor import Actor
from app.kernel.errors import Invalid


class BadPlan(Invalid):
    code = "bad_plan"


def put_off(task_id: str, until: datetime | None, *, actor: Actor, now: datetime) -> engine.TaskView:
    """Hide a task from the daily list until a later instant; None shows it again."""
    opened = open_task(task_id, actor=actor, now=now)
    require(opened.rights.put_off, _l("Only whoever has the task, or who may assign tasks here, can put it off."))
    if until is not None and until <= now:
        raise _bad("until", _l("Choose a time in the future."))
    note(opened, "set_follow_up", actor=actor, now=now)
    return engine.set_follow_up(task_id, until, actor=actor, now=now)


def set_due(task_id: str, due_at: datetime | None, *, text: str, actor: Actor, now: datetime) -> engine.TaskView:
    """Change when a task must be done; the record keeps why."""
    opened = open_task(task_id, actor=actor, now=now)
    require(opened.rights.reschedule, _l("You may not change the dates of this unit's tasks."))
    if not text.strip():
        raise _bad("text", _l("Say why the due time changes."))
    note(opened, "set_due", text=text.strip()[:500], actor=actor, now=now)
    return engine.set_due(task_id, due_at, actor=actor, now=now)


def set_priority(task_id: str, priority: int, *, actor: Actor, now: datetime) -> engine.TaskView:
    """Change a task's priority, 0 to 100."""
    opened = open_task(task_id, actor=actor, now=now)
    require(opened.rights.reschedule, _l("You may not change the priority of this unit's tasks."))
    if not 0 <= priority <= 100:
        raise _bad("priority", _l("A priority is a number from 0 to 100."))
    note(opened, "set_priority", actor=actor, now=now)
    return engine.set_priority(task_id, priority, actor=actor, now=now)


def _bad(field: str, message: object) -> BadPlan:
    return BadPlan(message, errors={field: [str(message)]})
