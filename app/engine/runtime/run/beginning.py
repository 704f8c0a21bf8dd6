"""The first steps of a new instance."""

from __future__ import annotations

from typing import Any

from app.engine.elements.waits import Wait, deliver, waits
from app.engine.runtime.run.active import Run
from app.engine.runtime.run.steps import advance


def begin(run: Run, values: dict[str, Any], message: str | None) -> None:
    """Give the process its first variables and take it past its start event.

    Started by a message, the values are the message's payload. A process that begins with
    a message only and is started by hand takes that start event with no payload.
    """
    if message is None:
        run.workflow.task_tree.data.update(values)
    advance(run)
    for wait in _starts(run):
        if message in (None, wait.name):
            deliver(run.workflow, wait, values if message is not None else {})
            return


def _starts(run: Run) -> list[Wait]:
    elements = run.loaded.elements
    own = {str(key) for key in run.workflow.tasks}  # a called process may use the same ids for its elements
    return [
        wait
        for wait in waits(run.workflow)
        if wait.task_id in own and wait.kind == "message" and elements[wait.element_id].kind == "startEvent"
    ]
