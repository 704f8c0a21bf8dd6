"""The event-based gateway: of the events behind it, the first one that comes decides."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs.event_definitions.multiple import MultipleEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.simple import NoneEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import EventBasedGateway as SpiffEventBasedGateway
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app.engine.elements.catches import CaughtEvent
from app.engine.elements.timers import Timer

BRANCH = "branch"


class FirstOf(MultipleEventDefinition):  # type: ignore[misc]
    """The events behind a gateway, by the name of the step each leads to."""

    def __init__(self) -> None:
        super().__init__()
        self.branches: dict[str, Any] = {}

    def has_fired(self, my_task: Task) -> bool:
        if BRANCH in my_task.internal_data:
            return True
        due = [
            (definition.due_at(my_task), name)
            for name, definition in self.branches.items()
            if isinstance(definition, Timer) and definition.is_due(my_task)
        ]
        if not due:
            return False
        my_task.internal_data[BRANCH] = min(due)[1]
        return True

    def catches(self, my_task: Task, event: Any = None) -> bool:
        return False

    def receive(self, my_task: Task, name: str, payload: dict[str, Any]) -> None:
        """One of the events has come: the step it leads to is chosen."""
        definition = self.branches[name]
        if not isinstance(definition, CaughtEvent):
            raise ValueError(f"{name} waits for no message")
        definition.receive(my_task, payload)
        my_task.internal_data[BRANCH] = name

    def reset(self, my_task: Task) -> None:
        my_task.internal_data.pop(BRANCH, None)
        super().reset(my_task)


class EventGateway(SpiffEventBasedGateway, BpmnSpecMixin):  # type: ignore[misc]
    event_definition: FirstOf

    def connect(self, child: Any) -> None:
        """Take over the event of the step behind, as the gateway is what waits."""
        self._outputs.append(child.name)
        child._connect_notify(self)
        self.event_definition.branches[child.name] = child.event_definition
        self.event_definition.event_definitions.append(child.event_definition)
        child.event_definition = NoneEventDefinition()

    def _run_hook(self, my_task: Task) -> bool:
        name = my_task.internal_data.pop(BRANCH)
        definition = self.event_definition.branches[name]
        definition.update_task_data(my_task)
        my_task._sync_children([self._wf_spec.task_specs[name]], TaskState.FUTURE)
        for child in my_task.children:
            child.task_spec._predict(child, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)
        return True
