"""Writing a run down: the rows that show it, its history, and its state under the revision."""

from __future__ import annotations

import sqlalchemy as sa
from SpiffWorkflow.task import Task as SpiffTask
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.exc import StaleDataError

from app.engine.iso8601 import InvalidTime
from app.engine.runtime.models import Instance, Subscription
from app.engine.runtime.projection import activities, subscriptions, tasks, timers
from app.engine.runtime.projection.waiting import Waiting, open_tasks, waiting_of
from app.engine.runtime.run.active import Run
from app.engine.runtime.run.failures import close_abandoned, fail
from app.engine.runtime.state import dump, prune
from app.engine.scripting import ScriptError
from app.kernel import db, live
from app.kernel.db import session

_INSTANCE = db.table(Instance)
_SAVE = sa.update(_INSTANCE).where(_INSTANCE.c.id == sa.bindparam("key"), _INSTANCE.c.revision == sa.bindparam("seen"))


def save(run: Run) -> list[Subscription]:
    """Write the run; returns the subscriptions that are new, for messages already waiting for them.

    Raises `StaleDataError` where another command on the instance came first.
    """
    _end(run)
    waiting = _project_tasks(run)
    timers.project(run, waiting.timers)
    added = subscriptions.project(run, waiting.subscriptions)
    open_now = open_tasks(run.workflow) if run.instance.status == "active" else []
    activities.note_open(run, open_now)
    close_abandoned(run, open_now)
    live.touch(f"instance:{run.instance.id}")
    session.flush()
    activities.write(run)
    prune(run.workflow)
    _write_instance(run.instance, dump(run.workflow, run.envelope))
    return added


def _write_instance(instance: Instance, state: bytes) -> None:
    """Compare-and-swap by the revision, as the unit of work would do it, in one statement made beforehand."""
    values = {
        "status": instance.status,
        "ended_at": instance.ended_at,
        "end_element": instance.end_element,
        "revision": instance.revision + 1,
        "state": state,
    }
    done = db.write(_SAVE, {"key": instance.id, "seen": instance.revision, **values})
    if done.rowcount != 1:
        raise StaleDataError(f"instance {instance.id} has moved on since revision {instance.revision}")
    for name, value in values.items():
        set_committed_value(instance, name, value)


def _end(run: Run) -> None:
    """Give the instance the status its workflow has come to."""
    instance = run.instance
    for event in run.workflow.get_events():
        run.envelope.error = run.envelope.error or (event.payload or {}).get("code") or None
    if instance.status != "active" or not run.workflow.is_completed():
        return
    status = "failed" if run.envelope.error is not None else "completed"
    for name, value in (("status", status), ("ended_at", run.now), ("end_element", run.end_element)):
        set_committed_value(instance, name, value)  # `_write_instance` writes it


def _project_tasks(run: Run) -> Waiting:
    """Open and close the inbox rows. A task that cannot be shown (a broken due date) is an incident instead."""
    before = set(run.envelope.tasks)
    while True:
        waiting = _waiting(run)
        broken = [task for token, task in waiting.tasks.items() if token not in before and not _opened(run, task)]
        if not broken:
            break
    tasks.cancel_tasks(run, before - waiting.tasks.keys() - run.completing.keys())
    run.envelope.tasks = list(waiting.tasks)
    return waiting


def _waiting(run: Run) -> Waiting:
    if run.instance.status in {"completed", "failed", "terminated"}:
        return Waiting()
    return waiting_of(run.workflow, open_tasks(run.workflow))


def _opened(run: Run, task: SpiffTask) -> bool:
    if any(row.token == str(task.id) for row, _ in run.created):
        return True
    try:
        tasks.open_task(run, task)
    except (ScriptError, InvalidTime, ValueError, TypeError, LookupError) as exc:
        fail(run, task, exc)
        return False
    return True
