"""Running whatever is ready, deepest processes first, until the instance only waits.

An exception stops its own step alone: the step stays open with an incident, the others go
on. Database errors are no incidents; they undo the command, which is then run again.
"""

from __future__ import annotations

from SpiffWorkflow.task import Task, TaskState
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError

from app.engine.runtime.projection import activities
from app.engine.runtime.run.active import Run, RunawayCommands
from app.engine.runtime.run.failures import Runaway, fail, failed_after_completion
from app.engine.runtime.workflow import run_ready

MAX_STEPS = 3000
"""Steps of one instance in one command: a diagram that needs more goes round without ever waiting."""

PASS_ON = (SQLAlchemyError, StaleDataError, RunawayCommands)


def advance(run: Run) -> None:
    """Run to the next waiting points."""
    while run_ready(run.workflow, lambda task: run_step(run, task)):
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


def _after_step(run: Run) -> None:
    actions, run.after_step = run.after_step, []
    for action in actions:
        action()


def _failed(run: Run, task: Task, exc: Exception) -> None:
    if task._state == TaskState.COMPLETED:
        failed_after_completion(run, task, exc)
    else:
        fail(run, task, exc)
