"""Timers: when a step is due, asked once when it is reached and kept with the task.

Time is the host's, so that tests and scenarios move it; an instant without an offset is an
error. Each timer keeps its own due time, so that several may stand behind one gateway.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask_babel import gettext as _
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app.engine.elements.catches import FIRED
from app.engine.elements.host import host_of
from app.engine.iso8601 import Cycle, InvalidTime, due, next_after, parse_cycle, parse_instant
from app.engine.scripting.engine import ElementFailed
from app.engine.scripting.errors import ScriptError

DUE = "due"
LEFT = "left"
CYCLE = "cycle"


class Timer(TimerEventDefinition):  # type: ignore[misc]
    """A timer by date or duration. `expression` is a Python expression whose value is ISO 8601 text."""

    def __init__(self, element_id: str, expression: str) -> None:
        super().__init__(element_id, expression)

    def due_at(self, my_task: Task) -> datetime | None:
        """When this timer is due for a task, None before it was reached."""
        text = my_task.internal_data.get(DUE, {}).get(self.name)
        return parse_instant(text) if text else None

    def is_due(self, my_task: Task) -> bool:
        if self.due_at(my_task) is None:
            self._set_due(my_task, self.first_due(my_task))
        due_at = self.due_at(my_task)
        return due_at is not None and due_at <= host_of(my_task).now()

    def has_fired(self, my_task: Task) -> bool:
        if FIRED not in my_task.internal_data and self.is_due(my_task):
            my_task._set_internal_data(**{FIRED: True})
        return bool(my_task.internal_data.get(FIRED, False))

    def reset(self, my_task: Task) -> None:
        my_task.internal_data.pop(DUE, None)
        super().reset(my_task)

    def first_due(self, my_task: Task) -> datetime:
        """When it is due for a task that is reached now; raises `ElementFailed` for what is no time."""
        text = self._text(my_task)
        try:
            return due(text, host_of(my_task).now())
        except InvalidTime as exc:
            raise ElementFailed(my_task, ScriptError(str(exc))) from None

    def _text(self, my_task: Task) -> str:
        value = my_task.workflow.script_engine.evaluate(my_task, self.expression)
        if not isinstance(value, str):
            raise ElementFailed(
                my_task, ScriptError(_("%(value)s is not an ISO 8601 time or duration", value=repr(value)))
            )
        return value

    def _set_due(self, my_task: Task, at: datetime) -> None:
        my_task.internal_data.setdefault(DUE, {})[self.name] = at.astimezone(UTC).isoformat()

    def __eq__(self, other: object) -> bool:
        return self is other

    __hash__ = object.__hash__


class CycleTimer(Timer):
    """A repeating timer of a non-interrupting boundary event or event subprocess.

    Each firing runs its branch and puts a new waiting event beside it, so that a branch
    still running is not cut off when the activity ends. Firings missed while the system
    stood still are made up once, not one by one.
    """

    def first_due(self, my_task: Task) -> datetime:
        my_task.internal_data[LEFT], my_task.internal_data[CYCLE], due_at = self.begin(my_task)
        return due_at

    def begin(self, my_task: Task) -> tuple[int | None, str, datetime]:
        """How often it fires (None: without end), its text, and when first; `ElementFailed` for what is no cycle."""
        text = self._text(my_task)
        cycle = self.cycle(my_task, text)
        return cycle.times, text, cycle.first or cycle.every.after(host_of(my_task).now())

    def has_fired(self, my_task: Task) -> bool:
        if LEFT in my_task.internal_data and my_task.internal_data[LEFT] == 0:
            return False
        return super().has_fired(my_task)

    def rearm(self, my_task: Task) -> None:
        """Put the next event beside one that has just fired."""
        left = my_task.internal_data.get(LEFT)
        fired_at = self.due_at(my_task)
        if left == 1 or fired_at is None:
            return
        cycle = self.cycle(my_task, my_task.internal_data[CYCLE])
        following = my_task.parent._add_child(my_task.task_spec, TaskState.WAITING)
        following.triggered = True
        following.internal_data.update({LEFT: None if left is None else left - 1, CYCLE: my_task.internal_data[CYCLE]})
        self._set_due(following, next_after(cycle, fired_at, host_of(my_task).now()))
        following.task_spec._predict(following, mask=TaskState.NOT_FINISHED_MASK)
        following.task_spec._update(following)

    def cycle(self, my_task: Task, text: str) -> Cycle:
        """The text as a repeating interval; raises `ElementFailed`."""
        try:
            return parse_cycle(text)
        except InvalidTime as exc:
            raise ElementFailed(my_task, ScriptError(str(exc))) from None


def timers_of(definition: Any) -> list[Timer]:
    """The timers an event definition holds: itself, or those behind an event gateway."""
    if isinstance(definition, Timer):
        return [definition]
    return [entry for entry in getattr(definition, "event_definitions", ()) if isinstance(entry, Timer)]
