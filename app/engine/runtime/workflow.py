"""SpiffWorkflow's workflow with what costs most replaced: walks over the whole tree become walks over a dict.

A search without a starting task stays inside its own process: ids of elements in a called
process may repeat those of the caller.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.specs.event_definitions.conditional import ConditionalEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.task import Task, TaskState

for _name in ("spiff", "spiff.task", "spiff.workflow", "spiff.data"):
    logging.getLogger(_name).setLevel(logging.WARNING)  # at its default each change of state lists the whole tree

OPEN = TaskState.WAITING | TaskState.READY | TaskState.STARTED


class Flat:
    """Searches over one process's own tasks."""

    tasks: dict[Any, Task]

    def get_tasks_iterator(self, first_task: Task | None = None, **kwargs: Any) -> Iterator[Task]:
        if first_task is None and len(kwargs) == 1:
            if "state" in kwargs:
                mask = kwargs["state"]
                return iter([task for task in self.tasks.values() if task._state & mask])
            if "spec_name" in kwargs:
                name = kwargs["spec_name"]
                return iter([task for task in self.tasks.values() if task.task_spec.name == name])
        found: Iterator[Task] = super().get_tasks_iterator(first_task, **kwargs)  # type: ignore[misc]
        return found

    def update_waiting_tasks(self) -> None:
        """Let joins look again. Events are not asked: they are caught, and timers fire by their rows alone."""
        for task in [task for task in self.tasks.values() if task._state == TaskState.WAITING]:
            if task._state == TaskState.WAITING and not is_event(task):
                task.task_spec._update(task)


class Workflow(Flat, BpmnWorkflow):  # type: ignore[misc]
    """A process instance in memory; the specs are shared with all others and never changed."""

    def create_subprocess(self, my_task: Task, spec_name: str) -> SubWorkflow:
        spec = self.subprocess_specs[spec_name]
        subprocess = SubWorkflow(spec, parent_task_id=my_task.id, top_workflow=self)
        self.subprocesses[my_task.id] = subprocess
        return subprocess


class SubWorkflow(Flat, BpmnSubWorkflow):  # type: ignore[misc]
    """An embedded subprocess or called process inside a `Workflow`."""


def is_event(task: Task) -> bool:
    """Whether the task waits for something that is brought to it; a condition over data is not."""
    spec = task.task_spec
    return isinstance(spec, CatchingEvent) and not isinstance(spec.event_definition, ConditionalEventDefinition)


def all_tasks(workflow: Workflow) -> Iterator[Task]:
    """The tasks of the process and of everything inside it, callers before called."""
    yield from workflow.tasks.values()
    for subprocess in workflow.subprocesses.values():
        yield from subprocess.tasks.values()


def find(workflow: Workflow, token: str) -> Task | None:
    """The task whose id reads `token`, wherever it is; None where the flow has dropped it."""
    return next((task for task in all_tasks(workflow) if str(task.id) == token), None)
