"""BPMN errors and escalations: they go from where they are thrown outward, to the nearest that catches them.

SpiffWorkflow offers them to every boundary event of a process, so that an error of one
activity would interrupt another that runs beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from SpiffWorkflow.bpmn.specs.event_definitions.base import EventDefinition
from SpiffWorkflow.bpmn.util import BpmnEvent
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app.engine.elements.boundary import BoundaryEvent
from app.engine.elements.catches import FIRED, PAYLOAD
from app.engine.elements.handlers import handlers, trigger
from app.engine.scripting import plain

Catch = tuple["CodeEvent", Callable[[dict[str, Any]], None]]
"""An event that catches, and how it is given the values that came."""


class CodeEvent(EventDefinition):  # type: ignore[misc]
    """An error or escalation by its code; a catching event without a code takes any.

    `code_variable` and `message_variable` are where the catching event puts what came.
    """

    kind = ""

    def __init__(
        self, name: str, code: str | None, code_variable: str | None = None, message_variable: str | None = None
    ) -> None:
        super().__init__(name)
        self.code = code
        self.code_variable = code_variable
        self.message_variable = message_variable

    def catches(self, my_task: Task, event: Any) -> bool:
        return False

    def takes(self, kind: str, code: str) -> bool:
        return self.kind == kind and self.code in (None, code)

    def throw(self, my_task: Task) -> None:
        """An end or throw event: offered to what is around it, outermost last. An escalation nobody catches is none."""
        code = self.code or ""
        if not _offer(_around(my_task), self.kind, code, "", {}) and self.kind == "error":
            my_task.workflow.top_workflow.bpmn_events.append(BpmnEvent(self, payload={"code": code}))

    def values(self, code: str, message: str, data: dict[str, Any]) -> dict[str, Any]:
        """What becomes variables where this event catches it."""
        values = dict(plain(data))
        if self.code_variable:
            values[self.code_variable] = code
        if self.message_variable:
            values[self.message_variable] = message
        return values

    def update_task_data(self, my_task: Task) -> None:
        my_task.data.update(my_task.internal_data.pop(PAYLOAD, None) or {})

    def __eq__(self, other: object) -> bool:
        return self is other

    __hash__ = object.__hash__


class ErrorEvent(CodeEvent):
    kind = "error"


class EscalationEvent(CodeEvent):
    kind = "escalation"


def throw_error(task: Task, code: str, message: str = "", data: dict[str, Any] | None = None) -> bool:
    """A business error of a started step: interrupt it by the nearest error boundary event.

    Returns False where nobody catches this code (an incident, for the runtime to open).
    Call it when `task.run()` has returned; the caller then runs the engine on.
    """
    return _offer(_outward(task), "error", code, message, data or {})


def _offer(levels: Iterator[list[Catch]], kind: str, code: str, message: str, data: dict[str, Any]) -> bool:
    for level in levels:
        found = [catch for catch in level if catch[0].takes(kind, code)]
        if found:
            exact = [catch for catch in found if catch[0].code == code]
            definition, hand_over = (exact or found)[0]
            hand_over(definition.values(code, message, data))
            return True
    return False


def _boundaries_at(activity: Task) -> list[Catch]:
    if activity.parent is None:
        return []
    return [
        (task.task_spec.event_definition, partial(_reach, task))
        for task in activity.parent.children
        if isinstance(task.task_spec, BoundaryEvent)
        and isinstance(task.task_spec.event_definition, CodeEvent)
        and task.has_state(TaskState.WAITING)
    ]


def _reach(event: Task, values: dict[str, Any]) -> None:
    event._set_internal_data(**{FIRED: True, PAYLOAD: values})
    event.task_spec._update(event)


def _handlers_in(scope: Any) -> list[Catch]:
    waiting = [one for one in handlers(scope) if isinstance(one.definition, CodeEvent)]
    return [(one.definition, partial(trigger, one)) for one in waiting]


def _outward(task: Task) -> Iterator[list[Catch]]:
    """The activity itself, the multi-instance activity it is a run of, then what is around it."""
    yield _boundaries_at(task)
    parent = task.parent
    if parent is not None and getattr(parent.task_spec, "task_spec", None) == task.task_spec.name:
        yield _boundaries_at(parent)
    yield from _around(task)


def _around(task: Task) -> Iterator[list[Catch]]:
    """The event subprocesses of the scope the task is in, then the activity that runs this scope."""
    yield _handlers_in(task.workflow)
    parent_id = task.workflow.parent_task_id
    if parent_id is not None:
        yield from _outward(task.workflow.top_workflow.get_task_from_id(parent_id))
