"""Incidents: steps that could not go on by themselves, and what an operator does about them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from SpiffWorkflow.task import Task, TaskState

from app.engine.runtime import operations
from app.engine.runtime.models import Incident, Timer
from app.engine.runtime.rows import incident_view
from app.engine.runtime.run import command
from app.engine.runtime.run.active import Run
from app.engine.runtime.run.failures import resolve
from app.engine.runtime.run.steps import guarded
from app.engine.runtime.variables import checked
from app.engine.runtime.views import IncidentView
from app.engine.runtime.workflow import find
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict, NotFound


class IncidentNotFound(NotFound):
    code = "incident_not_found"


class IncidentResolved(Conflict):
    """The step has got through or was left by the flow: there is nothing to retry."""

    code = "incident_resolved"


def list_incidents(
    *, state: str | None = "open", instance_id: str | None = None, limit: int = 100, before: str | None = None
) -> list[IncidentView]:
    """Incidents, the latest first; `before` is the last id of the page before."""
    query = sa.select(Incident).order_by(Incident.id.desc()).limit(limit)
    if state is not None:
        query = query.where(Incident.state == state)
    if instance_id is not None:
        query = query.where(Incident.instance_id == instance_id)
    if before is not None:
        query = query.where(Incident.id < before)
    return [incident_view(row) for row in session.scalars(query)]


def get_incident(incident_id: str) -> IncidentView:
    """Raises `IncidentNotFound`."""
    return incident_view(_find(incident_id))


def count_open_incidents() -> int:
    """How many steps wait for an operator."""
    return session.scalar(sa.select(sa.func.count()).select_from(Incident).where(Incident.state == "open")) or 0


def retry(
    incident_id: str, *, data: Mapping[str, Any] | None = None, reason: str, actor: Actor, now: datetime
) -> IncidentView:
    """Try the step again, with some variables changed first where `data` gives them.

    The incident is resolved where the step gets through, else it stays open with one more
    attempt; an external service is handed to a job, and the incident is resolved meanwhile.
    Raises `IncidentNotFound`, `IncidentResolved`, `InstanceSuspended`, `InvalidData`.
    """
    incident = _find(incident_id)
    if incident.state != "open":
        raise IncidentResolved(_l("This incident is already resolved."), incident_id=incident_id)
    values = checked(data or {})
    instance = command.find_instance(incident.instance_id)
    command.refuse_inactive(instance)
    details = {"incident_id": incident_id, "element": incident.element_id, "reason": reason, "data": values}
    operations.intervened("retry", instance, actor=actor, now=now, details=details)
    incident.resolution = reason[:1000]
    command.command(instance, lambda run: _retry(run, incident, values), actor=actor, now=now)
    return incident_view(incident)


def _find(incident_id: str) -> Incident:
    incident = session.get(Incident, incident_id)
    if incident is None:
        raise IncidentNotFound(_l("There is no such incident."), incident_id=incident_id)
    return incident


def _retry(run: Run, incident: Incident, values: dict[str, Any]) -> None:
    task = find(run.workflow, incident.token)
    if task is None:
        return  # the flow has left it; saving resolves the incident
    if incident.kind == "timer":
        _rearm(run, incident)
        return
    if values:
        source = task.parent or task
        source.data = {**source.data, **values}
    resolve(run, incident)
    guarded(run, task, lambda: _reset(run, task))


def _rearm(run: Run, incident: Incident) -> None:
    mine = (Timer.instance_id == run.instance.id, Timer.token == incident.token)
    statement = sa.update(Timer).where(*mine).values(run_at=Timer.due_at, attempts=0)
    session.execute(statement, execution_options={"synchronize_session": False})
    resolve(run, incident)


def _reset(run: Run, task: Task) -> None:
    """Put the step before its start again, with its parent's variables, what it left behind removed.

    Only this step: SpiffWorkflow's own reset would also restart what waits around its subprocess.
    """
    top = run.workflow
    if task.parent is None:  # the timers of event subprocesses could not be read: nothing has begun
        task._set_state(TaskState.READY)
        return
    for child in list(task):
        if child.id in top.subprocesses:
            top.delete_subprocess(child)
    task.workflow.last_task = task.parent
    task.reset_branch(None)
