"""The page of one task: what it is, its form, what surrounds it, what was done."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from app.engine import api as engine
from app.forms import api as forms
from app.identity import queries as identity
from app.identity.session import acting, current_user_id
from app.inbox import task_form
from app.inbox.operations.opening import Opened, look
from app.inbox.panels import panels_for
from app.inbox.queries.case import files_of
from app.inbox.queries.rows import person_name
from app.inbox.queries.timeline import timeline_of
from app.inbox.views.blueprint import WORK, blueprint
from app.kernel import clock
from app.kernel.i18n import localized
from app.web.access import requires


@blueprint.get("/tasks/<task_id>")
@requires(*WORK)
def task(task_id: str) -> ResponseReturnValue:
    """A task and everything one needs to do it; a done one shows who did what when."""
    opened = look(task_id, **acting())
    return render_template("inbox/task.html", **head_of(opened), **_form_of(opened), **_case_of(opened))


def head_of(opened: Opened) -> dict[str, Any]:
    """The task itself, in the reader's language."""
    task, rights = opened.task, opened.rights
    people = identity.user_views({user for user in (task.assignee_id, task.owner_id) if user is not None})
    unit = identity.units_by_code([task.unit_code], at=clock.now()) if task.unit_code else {}
    found = unit.get(task.unit_code or "")
    step = localized(task.name, task.name_en)
    return {
        "task": task,
        "rights": rights,
        "step": step,
        "title": localized(task.title, task.title_en) or step,
        "unit": localized(found.name, found.name_en) if found else task.unit_code or "",
        "assignee": person_name(people.get(task.assignee_id or 0)),
        "owner": person_name(people.get(task.owner_id or 0)),
        "on_behalf": person_name(rights.on_behalf),
        "completed_by": person_name(identity.user_view(task.completed_by)) if task.completed_by else "",
        "me": current_user_id(),
        "now": clock.now(),
    }


def _form_of(opened: Opened) -> dict[str, Any]:
    task = opened.task
    form = task_form.form_of(task)
    draft = forms.load_draft(task.id, current_user_id()) if form and opened.rights.work else None
    return {"form": form, "values": task_form.values_of(task, **acting()) if form else {}, "draft": draft}


def _case_of(opened: Opened) -> dict[str, Any]:
    task = opened.task
    siblings = [other for other in engine.open_tasks(task.instance_id) if other.id != task.id]
    return {
        "panels": panels_for(task, user_id=current_user_id(), now=clock.now()),
        "timeline": timeline_of(task.instance_id),
        "files": [file for file in files_of(task.instance_id) if file.removed_at is None],
        "siblings": [(other.id, localized(other.name, other.name_en)) for other in siblings],
    }
