"""What goes wrong in a step becomes an incident: the step stays open (STARTED) until an operator retries it.

SpiffWorkflow's ERROR counts as finished, so that joins and ends would pass over a broken
branch; STARTED keeps the instance waiting, and a boundary event can still cancel the step.
"""

from __future__ import annotations

import traceback

import sqlalchemy as sa
from SpiffWorkflow.task import Task, TaskState

from app.engine.runtime.elements import element_of
from app.engine.runtime.models import Incident
from app.engine.runtime.run.active import Run
from app.kernel.db import new_id, session

MESSAGE_LENGTH = 2000
TRACE_LENGTH = 8000


class Runaway(RuntimeError):
    """A diagram goes round without ever waiting."""

    def __init__(self, steps: int) -> None:
        super().__init__(f"more than {steps} steps in one go: the flow goes round without waiting for anything")


class UncaughtError(RuntimeError):
    """A BPMN error that no boundary event catches."""


def fail(run: Run, task: Task, exc: BaseException, *, kind: str | None = None) -> None:
    """Leave the step open with an incident."""
    task._set_state(TaskState.STARTED)
    open_incident(run, task, kind=kind or _kind(exc), message=_message(exc), trace=_trace(exc))


def failed_after_completion(run: Run, task: Task, exc: BaseException) -> None:
    """The step itself is done, but a following one could not be reached (a timer's expression, a collection).

    The incident is that one's; the others that follow are reached all the same.
    """
    broken = getattr(exc, "task", None)
    followers = [child for child in task.children if child._state < TaskState.WAITING]
    if broken is None or broken is task or broken._state & TaskState.FINISHED_MASK:
        broken = followers[0] if followers else task
    fail(run, broken, exc)
    for child in followers:
        if child is not broken and child._state < TaskState.WAITING:
            try:
                child.task_spec._update(child)
            except Exception as another:
                fail(run, child, another)


def open_incident(run: Run, task: Task, *, kind: str, message: str, trace: str) -> Incident:
    """The open incident of this step, with one more attempt where it was tried before."""
    token = str(task.id)
    incident = _known(run, token)
    if incident is None:
        incident = _new(run, task)
        session.add(incident)
        run.opened.append(incident)
    else:
        incident.attempts += 1
        incident.state, incident.resolved_at, incident.resolved_by = "open", None, None
    run.envelope.incidents[token] = incident.id
    incident.kind, incident.message, incident.trace = kind, message[:MESSAGE_LENGTH], trace[-TRACE_LENGTH:]
    return incident


def resolve(run: Run, incident: Incident) -> None:
    """Close an incident whose step is at work again; it opens again where that fails in the same run."""
    run.envelope.incidents.pop(incident.token, None)
    incident.state, incident.resolved_at, incident.resolved_by = "resolved", run.now, run.actor.ref
    run.resolved.append(incident)


def close_abandoned(run: Run, open_now: list[Task]) -> None:
    """Resolve the incidents whose step is no longer open; no statement where there are none."""
    if not run.envelope.incidents:
        return
    present = {str(task.id) for task in open_now}
    parts = (run.workflow, *run.workflow.subprocesses.values())
    present |= {str(part.task_tree.id) for part in parts if not part.completed}  # event subprocesses wait there
    gone = [run.envelope.incidents[token] for token in run.envelope.incidents if token not in present]
    if not gone:
        return
    for incident in session.scalars(sa.select(Incident).where(Incident.id.in_(gone))):
        incident.resolution = incident.resolution or "passed"
        resolve(run, incident)


def _known(run: Run, token: str) -> Incident | None:
    for incident in run.resolved:
        if incident.token == token:
            run.resolved.remove(incident)
            return incident
    incident_id = run.envelope.incidents.get(token)
    return session.get(Incident, incident_id) if incident_id is not None else None


def _new(run: Run, task: Task) -> Incident:
    element = element_of(run.loaded, task)
    instance = run.instance
    return Incident(
        id=new_id(),
        instance_id=instance.id,
        process_key=instance.process_key,
        business_key=instance.business_key,
        unit_path=instance.unit_path,
        token=str(task.id),
        element_id=element.id if element else task.task_spec.name,
        attempts=1,
        state="open",
        opened_at=run.now,
    )


def _kind(exc: BaseException) -> str:
    if isinstance(exc, Runaway):
        return "runaway"
    return "error" if isinstance(exc, UncaughtError) else "script"


def _message(exc: BaseException) -> str:
    return str(exc) or type(exc).__name__


def _trace(exc: BaseException) -> str:
    return "".join(traceback.format_exception(exc))
