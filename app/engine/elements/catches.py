"""Waiting for a message or signal: what is awaited, and what happens when it comes.

SpiffWorkflow would hand an event to every task that waits for its name, in every
instance. Here nothing is broadcast inside a workflow: the runtime finds who waits in its
index (`waits.py`) and delivers to that task.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs.event_definitions.base import EventDefinition
from SpiffWorkflow.task import Task

from app.engine.elements.inputs import Value
from app.engine.scripting import plain

FIRED = "event_fired"
PAYLOAD = "payload"


class CaughtEvent(EventDefinition):  # type: ignore[misc]
    """`correlation` states whom it is for: expressions by key; empty means the instance's business key."""

    def __init__(self, kind: str, name: str, correlation: Mapping[str, Value]) -> None:
        super().__init__(name)
        self.kind = kind
        self.correlation = correlation

    def catches(self, my_task: Task, event: Any) -> bool:
        return False

    def receive(self, my_task: Task, payload: dict[str, Any]) -> None:
        """Mark the event as come; the values of its payload become variables when the step runs."""
        my_task._set_internal_data(**{FIRED: True, PAYLOAD: plain(payload)})

    def update_task_data(self, my_task: Task) -> None:
        my_task.data.update(my_task.internal_data.pop(PAYLOAD, None) or {})

    def __eq__(self, other: object) -> bool:
        return self is other

    __hash__ = object.__hash__
