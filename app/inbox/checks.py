"""Checks of a task's answer that its form cannot make: registered by the package whose task it is.

A form knows its own fields. What the answer must fit besides (an end after what was promised, a time that customers
know) is told at the field, before the task is completed: a step that refuses it later could only leave an incident.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from app.engine.api import TaskView
from app.forms.api import InvalidForm
from app.kernel.errors import Invalid

Check = Callable[[TaskView, Mapping[str, Any], datetime], None]

_checks: dict[tuple[str, str], Check] = {}


def register(process: str, element: str, check: Check) -> None:
    """Let `check(task, data, now)` judge the answers of a process's task; it raises `Invalid` with errors by field."""
    _checks[process, element] = check


def check(task: TaskView, data: Mapping[str, Any], *, now: datetime) -> None:
    """Ask the check of this task, if there is one. Raises `InvalidForm`."""
    found = _checks.get((task.process_key, task.element_id))
    if found is None:
        return
    try:
        found(task, data, now)
    except Invalid as refusal:
        errors = refusal.details.get("errors") or {}
        raise InvalidForm({field: list(messages) for field, messages in errors.items()}) from refusal
