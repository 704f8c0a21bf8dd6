"""Tasks through the API: the same lists, rights and operations as the inbox."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask_smorest import Blueprint

from app.api.schemas import Problem
from app.api.setup import PREFIX
from app.api.task_schemas import CompletedTask, Completion, TaskDetail, TaskPage, TaskQuery
from app.forms.rendering import needed_names
from app.identity.session import current_actor
from app.inbox import operations, task_form
from app.inbox.operations.opening import Opened, look
from app.inbox.queries import page
from app.inbox.queries.filters import read_filter
from app.inbox.rights import reader_for
from app.kernel import clock
from app.web.access import requires

WORK = ("task.work", "task.read", "task.assign")
DEEDS = ("work", "claim", "release", "assign", "delegate", "resolve", "put_off", "reschedule")

blueprint = Blueprint("tasks", "tasks", url_prefix=f"{PREFIX}/tasks", description="Tasks of the staff's inbox")


@blueprint.get("")
@requires(*WORK)
@blueprint.arguments(TaskQuery, location="query")
@blueprint.response(200, TaskPage)
@blueprint.alt_response(422, schema=Problem)
def list_tasks(query: dict[str, Any]) -> page.TaskPage:
    """Open tasks of a scope: `mine`, `groups` or `all` the caller may see; page by `after`."""
    now = clock.now()
    scope, after, limit = query.pop("scope"), query.pop("after"), query.pop("limit")
    reader = reader_for(current_actor(), now=now)
    return page.page_of(scope, reader, read_filter(query), after=after, now=now, size=limit)


@blueprint.get("/<task_id>")
@requires(*WORK)
@blueprint.response(200, TaskDetail)
@blueprint.alt_response(404, schema=Problem)
def get_task(task_id: str) -> dict[str, Any]:
    """One task with its form and the values the form starts from."""
    return _detail(look(task_id, actor=current_actor(), now=clock.now()))


@blueprint.post("/<task_id>/claim")
@requires("task.work")
@blueprint.response(200, TaskDetail)
@blueprint.alt_response(409, schema=Problem)
def claim(task_id: str) -> dict[str, Any]:
    """Take a task that is offered to the caller; 409 says who has it."""
    actor, now = current_actor(), clock.now()
    operations.claim(task_id, actor=actor, now=now)
    return _detail(look(task_id, actor=actor, now=now))


@blueprint.post("/<task_id>/release")
@requires("task.work", "task.assign")
@blueprint.response(200, TaskDetail)
@blueprint.alt_response(409, schema=Problem)
def release(task_id: str) -> dict[str, Any]:
    """Give a task back to those it is offered to."""
    actor, now = current_actor(), clock.now()
    operations.release(task_id, actor=actor, now=now)
    return _detail(look(task_id, actor=actor, now=now))


@blueprint.post("/<task_id>/complete")
@requires("task.work")
@blueprint.arguments(Completion)
@blueprint.response(200, CompletedTask)
@blueprint.alt_response(409, schema=Problem)
@blueprint.alt_response(422, schema=Problem)
def complete(sent: dict[str, Any], task_id: str) -> dict[str, Any]:
    """Complete one's task with its form's data; 409 says who completed it before, 422 which fields do not fit."""
    done = operations.complete(task_id, sent["data"], actor=current_actor(), now=clock.now())
    return {
        "task_id": done.task.id,
        "instance_id": done.instance.id,
        "instance_status": done.instance.status,
        "next_tasks": done.next_tasks,
    }


def _detail(opened: Opened) -> dict[str, Any]:
    """The task as the API shows it; only the variables that its form names go out."""
    task = opened.task
    form = task_form.form_of(task)
    values = task_form.values_of(task, actor=current_actor(), now=clock.now()) if form else {}
    names = needed_names(form) if form else set()
    return {
        **asdict(task),
        "may": [deed for deed in DEEDS if getattr(opened.rights, deed)],
        "form": form,
        "data": {name: value for name, value in values.items() if name in names},
    }
