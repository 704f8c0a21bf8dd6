"""SpiffWorkflow's workflow with what costs most replaced: walks over the whole tree become walks over a dict.

A search without a starting task stays inside its own process: ids of elements in a called
process may repeat those of the caller.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.specs.event_definitions.conditional import ConditionalEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.specs.mixins.user_task import UserTask
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.task import Task, TaskState

from app.engine.runtime.token import Token

for _name in ("spiff", "spiff.task", "spiff.workflow", "spiff.data"):
    logging.getLogger(_name).setLevel(logging.WARNING)  # at its default each change of state lists the whole tree

OPEN = TaskState.WAITING | TaskState.READY | TaskState.STARTED


class Flat:
    """One process's own tasks: planted as tokens, searched without walking the tree."""

    tasks: dict[Any, Task]
    spec: Any
    completed: bool
    task_tree: Task

    def plant(self) -> None:
        """The first task, as SpiffWorkflow's constructor would make it."""
        self.task_tree = Token(self, self.spec.start, state=TaskState.FUTURE)
        self.spec.start._predict(self.task_tree, mask=TaskState.NOT_FINISHED_MASK)
        self.task_tree._ready()

    def is_completed(self) -> bool:
        if not self.completed:
            self.completed = not any(task._state & TaskState.NOT_FINISHED_MASK for task in self.tasks.values())
        return self.completed

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
    """A process instance in memory; the specs are shared with all others and never changed.

    `count` is the last tick given: ids and times of tasks are counted over the whole instance.
    """

    def __init__(self, spec: Any, subprocess_specs: Any, *, script_engine: Any, count: int | None = None) -> None:
        self.count = count or 0
        super().__init__(spec, subprocess_specs, script_engine=script_engine, deserializing=True)
        if count is None:
            self.plant()

    def tick(self) -> int:
        self.count += 1
        return self.count

    def _task_removed_notify(self, task: Task) -> None:
        super()._task_removed_notify(task)
        self.discard(task)

    def discard(self, task: Task) -> None:
        """A subprocess goes with the step that called it, and with it all that waits inside."""
        subprocess = self.subprocesses.pop(task.id, None)
        for inner in subprocess.tasks.values() if subprocess is not None else ():
            self.event_manager.remove_task(inner)
            self.discard(inner)

    def create_subprocess(self, my_task: Task, spec_name: str) -> SubWorkflow:
        subprocess = SubWorkflow(self.subprocess_specs[spec_name], my_task.id, self)
        self.subprocesses[my_task.id] = subprocess
        subprocess.plant()
        return subprocess


class SubWorkflow(Flat, BpmnSubWorkflow):  # type: ignore[misc]
    """An embedded subprocess or called process inside a `Workflow`; nothing stands in it until it is planted."""

    def __init__(self, spec: Any, parent_task_id: str, top_workflow: Workflow) -> None:
        super().__init__(spec, parent_task_id, top_workflow, deserializing=True)

    def _task_removed_notify(self, task: Task) -> None:
        super()._task_removed_notify(task)
        self.top_workflow.discard(task)


def is_event(task: Task) -> bool:
    """Whether the task waits for something that is brought to it; a condition over data is not."""
    spec = task.task_spec
    return isinstance(spec, CatchingEvent) and not isinstance(spec.event_definition, ConditionalEventDefinition)


def is_user_task(task: Task) -> bool:
    """Whether a person completes it; manual and undefined tasks pass by themselves, as in Camunda."""
    return isinstance(task.task_spec, UserTask)


def run_ready(workflow: Workflow, step: Callable[[Task], object]) -> bool:
    """Do `step` to each task that is ready and not a person's, deepest processes first; whether there was any."""
    ran = False
    subprocesses = [sub for sub in workflow.subprocesses.values() if not sub.completed]
    for sub in sorted(subprocesses, key=lambda one: one.depth, reverse=True):
        while sub.parent_task_id in workflow.subprocesses and _run_own(sub, step):
            ran = True
        caller = find(workflow, sub.parent_task_id)
        if caller is not None and caller._state == TaskState.STARTED:
            caller.task_spec._update(caller)
    return _run_own(workflow, step) or ran


def _run_own(workflow: Flat, step: Callable[[Task], object]) -> bool:
    ran = False
    for task in [task for task in workflow.tasks.values() if task._state == TaskState.READY]:
        if task._state == TaskState.READY and not is_user_task(task):
            step(task)
            ran = True
    return ran


def all_tasks(workflow: Workflow) -> Iterator[Task]:
    """The tasks of the process and of everything inside it, callers before called."""
    yield from workflow.tasks.values()
    for subprocess in workflow.subprocesses.values():
        yield from subprocess.tasks.values()


def find(workflow: Workflow, token: str) -> Task | None:
    """The task of this id, wherever it is; None where the flow has dropped it."""
    parts = (workflow, *workflow.subprocesses.values())
    return next((part.tasks[token] for part in parts if token in part.tasks), None)
