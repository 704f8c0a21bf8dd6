"""Variables put right by an operator while a case runs."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from SpiffWorkflow.task import Task

from app.engine.elements.scope import current_data
from app.engine.runtime import operations
from app.engine.runtime.rows import instance_view
from app.engine.runtime.run import active, command
from app.engine.runtime.run.active import Run
from app.engine.runtime.variables import checked
from app.engine.runtime.views import InstanceView
from app.engine.runtime.workflow import OPEN
from app.kernel.actor import Actor
from app.kernel.errors import Invalid


class NothingToSet(Invalid):
    code = "nothing_to_set"


def set_variables(
    instance_id: str, values: Mapping[str, Any], *, reason: str, actor: Actor, now: datetime
) -> InstanceView:
    """Give variables other values in every open branch, embedded subprocesses included; old and new are kept.

    Called processes have variables of their own and are left alone. What was computed from
    the old values before (due dates, candidates, waiting correlations) stays as it is; a
    step with an incident starts from the new ones when it is tried again. Asked for by a service of
    the case itself, it is done when the outermost command is saved, and not at all where the case has ended by then.
    Raises `InstanceNotFound`, `InstanceSuspended`, `InstanceEnded`, `InvalidData`, `NothingToSet`.
    """
    given = checked(values)
    if not given:
        raise NothingToSet(_l("Name a variable and its new value."), errors={})
    instance = command.find_instance(instance_id)
    command.refuse_inactive(instance)
    if active.at_work(instance_id):
        active.later(lambda: _set_after(instance_id, given, reason, actor, now))
    else:
        command.command(instance, lambda run: _set(run, given, reason), actor=actor, now=now)
    return instance_view(instance)


def _set_after(instance_id: str, given: dict[str, Any], reason: str, actor: Actor, now: datetime) -> None:
    instance = command.find_instance(instance_id)
    if instance.status == "active":
        command.command(instance, lambda run: _set(run, given, reason), actor=actor, now=now)


def _set(run: Run, given: dict[str, Any], reason: str) -> None:
    before = current_data(run.workflow)
    kept = {name: {"old": before.get(name), "new": value} for name, value in given.items()}
    details = {"data": kept, "reason": reason}
    operations.intervened("set_variables", run.instance, actor=run.actor, now=run.now, details=details)
    for workflow in _sharing(run):
        for task in workflow.tasks.values():
            if task._state & OPEN:
                _give(run, task, given)


def _give(run: Run, task: Task, given: dict[str, Any]) -> None:
    task.data = {**task.data, **deepcopy(given)}
    if str(task.id) in run.envelope.incidents and task.parent is not None:
        task.parent.data = {**task.parent.data, **deepcopy(given)}  # what a new try starts from


def _sharing(run: Run) -> list[Any]:
    """The process itself and the subprocesses in it, at any depth, that work on its variables."""
    found: list[Any] = [run.workflow]
    for workflow in found:
        for task in workflow.tasks.values():
            inner = run.workflow.subprocesses.get(task.id)
            if inner is not None and task._state & OPEN and getattr(task.task_spec, "shares_variables", False):
                found.append(inner)
    return found
