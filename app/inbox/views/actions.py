"""The buttons of a task: who has it, and when it is to be done."""

from __future__ import annotations

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.identity.session import acting
from app.inbox import operations
from app.inbox.views.blueprint import blueprint
from app.inbox.views.inputs import instant, number, person, text
from app.web.access import requires
from app.web.redirects import go, safe_next


@blueprint.post("/tasks/<task_id>/claim")
@requires("task.work")
def claim(task_id: str) -> ResponseReturnValue:
    """Take the task."""
    operations.claim(task_id, **acting())
    flash(_("The task is yours now."), "success")
    return _back(task_id)


@blueprint.post("/tasks/<task_id>/release")
@requires("task.work", "task.assign")
def release(task_id: str) -> ResponseReturnValue:
    """Give the task back."""
    operations.release(task_id, text=text("note"), **acting())
    flash(_("The task is given back."), "success")
    return go(safe_next(url_for("inbox.index")))


@blueprint.post("/tasks/<task_id>/assign")
@requires("task.assign")
def assign(task_id: str) -> ResponseReturnValue:
    """Give the task to somebody."""
    operations.assign(task_id, person(), text=text("note"), **acting())
    flash(_("The task is assigned."), "success")
    return _back(task_id)


@blueprint.post("/tasks/<task_id>/delegate")
@requires("task.work")
def delegate(task_id: str) -> ResponseReturnValue:
    """Let a colleague work on the task."""
    operations.delegate(task_id, person(), text=text("note"), **acting())
    flash(_("The task is delegated."), "success")
    return _back(task_id)


@blueprint.post("/tasks/<task_id>/resolve")
@requires("task.work")
def resolve(task_id: str) -> ResponseReturnValue:
    """Hand a delegated task back."""
    operations.resolve(task_id, text=text("note"), **acting())
    flash(_("The task is handed back."), "success")
    return _back(task_id)


@blueprint.post("/tasks/<task_id>/put-off")
@requires("task.work", "task.assign")
def put_off(task_id: str) -> ResponseReturnValue:
    """Hide the task until later, or take it up again."""
    until = instant("until")
    operations.put_off(task_id, until, **acting())
    flash(_("The task is put off.") if until else _("The task is in the list again."), "success")
    return _back(task_id)


@blueprint.post("/tasks/<task_id>/due")
@requires("task.assign")
def due(task_id: str) -> ResponseReturnValue:
    """Change when the task must be done."""
    operations.set_due(task_id, instant("due"), text=text("note"), **acting())
    flash(_("The due time is changed."), "success")
    return _back(task_id)


@blueprint.post("/tasks/<task_id>/priority")
@requires("task.assign")
def priority(task_id: str) -> ResponseReturnValue:
    """Change the task's priority."""
    operations.set_priority(task_id, number("priority"), **acting())
    flash(_("The priority is changed."), "success")
    return _back(task_id)


def _back(task_id: str) -> ResponseReturnValue:
    return go(safe_next(url_for("inbox.task", task_id=task_id)))
