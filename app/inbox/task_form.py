"""The form of a task: found in the version its process was deployed with, filled, checked, kept as a draft."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from app.engine import api as engine
from app.forms import api as forms
from app.forms.fields import read, walk
from app.inbox.censors import shown
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.files import StoredFile


@dataclass(frozen=True, slots=True)
class Filled:
    """Checked data, and the stored files it names as (file id, title)."""

    data: dict[str, Any]
    files: list[tuple[int, str]] = field(default_factory=list)


def form_of(task: engine.TaskView) -> dict[str, Any] | None:
    """The task's form as its process was deployed with it, None for a step without one."""
    return engine.form(task.definition_id, task.form_key) if task.form_key else None


def values_of(task: engine.TaskView, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """What the form shows this actor: the case's data for an open task, what was entered for a done one."""
    if task.state == "open":
        values = engine.task_data(task.id)
    else:
        done = next((step for step in engine.history(task.instance_id) if step.task_id == task.id), None)
        values = dict(done.changes) if done else {}
    return shown(task.process_key, task.business_key, values, actor=actor, now=now)


def checked(task: engine.TaskView, data: Mapping[str, Any], *, actor: Actor, now: datetime) -> Filled:
    """The data as the case keeps it. Raises `forms.InvalidForm` with errors by field."""
    form = form_of(task)
    if form is None:
        _refuse_fields(data)
        return Filled({})
    variables = engine.task_data(task.id)
    known = set(_file_ids(form, variables))
    found = forms.validate(form, data, variables=variables, files=forms.files_of(actor, kept=known), now=now)
    return Filled(found, [_titled(file_id) for file_id in _file_ids(form, found) if file_id not in known])


def drop_drafts(task_id: str) -> None:
    """Forget what anybody had typed into a task that is done now."""
    forms.drop_draft(task_id)


def _refuse_fields(data: Mapping[str, Any]) -> None:
    if data:
        raise forms.InvalidForm({name: [str(_l("This step has no form and takes no data."))] for name in data})


def _file_ids(form: Mapping[str, Any], data: Mapping[str, Any]) -> Iterator[int]:
    for item in walk(read(form)):
        value = data.get(item.key) if item.type == "filepicker" else None
        yield from (file_id for file_id in value or () if isinstance(file_id, int))


def _titled(file_id: int) -> tuple[int, str]:
    row = session.get(StoredFile, file_id)
    return file_id, row.name if row else ""
