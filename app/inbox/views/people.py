"""Suggestions of people a task may be handed to, as options of a list."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.identity import queries as identity
from app.identity.session import acting
from app.inbox.operations.opening import look
from app.inbox.people import SHOWN, candidates_of, delegation_paths, others
from app.inbox.views.blueprint import WORK, blueprint
from app.inbox.views.inputs import current_reader
from app.kernel import clock
from app.web.access import requires

LONGEST = 60


@blueprint.get("/inbox/people")
@requires("task.assign")
def people() -> ResponseReturnValue:
    """People at home where I may assign tasks, by part of a name."""
    paths = current_reader().assign_paths
    found = identity.find_users(_typed(), paths=paths, at=clock.now(), limit=SHOWN) if paths else []
    return render_template("inbox/_people.html", people=found)


@blueprint.get("/tasks/<task_id>/people")
@requires(*WORK)
def task_people(task_id: str) -> ResponseReturnValue:
    """Candidates of the task first, then people of the area; `for=delegate` looks in the task's unit alone."""
    opened = look(task_id, **acting())
    words = _typed()
    paths = delegation_paths(opened.task) if request.args.get("for") == "delegate" else opened.reader.assign_paths
    now = clock.now()
    named = [person for person in candidates_of(opened.task, now=now) if _matches(words, person.name, person.username)]
    found = [*named, *(others(opened.task, words, paths=paths, now=now) if paths else [])]
    shown = [person for person in found if person.id != opened.task.assignee_id]
    return render_template("inbox/_people.html", people=shown)


def _typed() -> str:
    return request.args.get("person", "").strip()[:LONGEST]


def _matches(words: str, *names: str) -> bool:
    return all(any(word.lower() in name.lower() for name in names) for word in words.split())
