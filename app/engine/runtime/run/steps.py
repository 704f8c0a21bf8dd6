"""Running whatever is ready, deepest processes first, until the instance only waits.

An exception stops its own step alone: the step stays open with an incident, the others go
on. Database errors are no incidents; they undo the command, which is then run again.
"""

from __future__ import annotations

from SpiffWorkflow.task import Task, TaskState
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError

from app.engine.runtime.projection import activities
from app.engine.runtime.projection.waiting import is_user_task
from app.engine.runtime.run.active import Run, RunawayCommands
from app.engine.runtime.run.failures import Runaway, fail, failed_after_completion

MAX_STEPS = 3000
"""Steps of one instance in one command: a diagram that needs more goes round without ever waiting."""

PASS_ON = (SQLAlchemyError, StaleDataError, RunawayCommands)


def advance(run: Run) -> None:
    """Run to the next waiting points."""
    while _pass(run):
        pass


def run_step(run: Run, task: Task) -> None:
    """Run one task; what it raises becomes an incident of it."""
    run.steps += 1
    try:
        if run.steps > MAX_STEPS:
            raise Runaway(MAX_STEPS)
        task.run()
    except PASS_ON:
        raise
    except Exception as exc:
        _failed(run, task, exc)
    activities.note_end(run, task)
    _after_step(run)


def guarded(run: Run, task: Task, work: object) -> None:
    """Do something to a task under the same rules: `work` is called without arguments."""
    try:
        work()  # type: ignore[operator]
    except PASS_ON:
        raise
    except Exception as exc:
        _failed(run, task, exc)
    activities.note_end(run, task)
    _after_step(run)


def _pass(run: Run) -> bool:
    """Run what is ready once; whether anything was."""
    top = run.workflow
    ran = False
    subprocesses = [sub for sub in top.subprocesses.values() if not sub.completed]
    for sub in sorted(subprocesses, key=lambda one: one.depth, reverse=True):
        while _run_ready(run, sub):
            ran = True
        caller = top.get_task_from_id(sub.parent_task_id)
        if caller is not None and caller._state == TaskState.STARTED:
            caller.task_spec._update(caller)
    return _run_ready(run, top) or ran


def _run_ready(run: Run, workflow: object) -> bool:
    ready = [task for task in workflow.tasks.values() if task._state == TaskState.READY]  # type: ignore[attr-defined]
    ran = False
    for task in ready:
        if task._state == TaskState.READY and not is_user_task(task):
            run_step(run, task)
            ran = True
    return ran


def _after_step(run: Run) -> None:
    actions, run.after_step = run.after_step, []
    for action in actions:
        action()


def _failed(run: Run, task: Task, exc: Exception) -> None:
    if task._state == TaskState.COMPLETED:
        failed_after_completion(run, task, exc)
    else:
        fail(run, task, exc)
