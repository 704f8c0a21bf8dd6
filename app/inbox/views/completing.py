"""Completing a task: the form of the page sends its values as JSON."""

from __future__ import annotations

from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from app.engine import api as engine
from app.identity.session import acting, current_user_id
from app.inbox import operations
from app.inbox.views.blueprint import blueprint
from app.kernel.i18n import localized
from app.web.access import requires
from app.web.redirects import go


@blueprint.post("/tasks/<task_id>/complete")
@requires("task.work")
def complete(task_id: str) -> ResponseReturnValue:
    """Complete the task, then on to the next step of the case that is mine, else to the inbox."""
    completed = operations.complete(task_id, _sent(), **acting())
    step = localized(completed.task.name, completed.task.name_en)
    flash(_("“%(step)s” is done.", step=step), "success")
    return go(_next(completed))


def _sent() -> dict[str, Any]:
    """The values sent; a step without a form sends an ordinary form with none."""
    if not request.is_json:
        return {}
    data = request.get_json()
    if not isinstance(data, dict):
        raise BadRequest
    return data


def _next(completed: engine.Completed) -> str:
    mine = (task.id for task in completed.next_tasks if task.assignee_id == current_user_id())
    task_id = next(mine, None)
    return url_for("inbox.task", task_id=task_id) if task_id else url_for("inbox.index")
