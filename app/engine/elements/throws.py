"""Message and signal throw events: handed to the host, which routes them over all instances."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs.event_definitions.base import EventDefinition
from SpiffWorkflow.task import Task

from app.engine.elements.host import Throw, host_of
from app.engine.elements.inputs import Value, evaluate_all


class ThrownEvent(EventDefinition):  # type: ignore[misc]
    """`kind` is message or signal; `payload` and `correlation` hold expressions by name."""

    def __init__(self, kind: str, name: str, payload: Mapping[str, Value], correlation: Mapping[str, Value]) -> None:
        super().__init__(name)
        self.kind = kind
        self.payload = payload
        self.correlation = correlation

    def throw(self, my_task: Task) -> None:
        payload: dict[str, Any] = evaluate_all(my_task, self.payload)
        correlation = evaluate_all(my_task, self.correlation)
        throw = Throw(my_task.task_spec.bpmn_id, self.kind, self.name, payload, correlation)
        host_of(my_task).throw(my_task, throw)
