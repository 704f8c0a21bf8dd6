"""Whether an instance may move: what stands against it, and what somebody must have agreed to.

| code | weight | meaning |
| --- | --- | --- |
| `open_removed` | refused | an open step has no counterpart: map it |
| `kind_changed` | refused | its counterpart is another kind of step |
| `started_changed` | refused | a service is at work, and its step is not the same |
| `subprocess_changed`, `loop_changed` | refused | an open subprocess or loop is itself not the same |
| `join_changed` | refused | branches have arrived at a gateway that now waits for others |
| `branches_changed` | refused | branches are open that began at a gateway that is not the same |
| `open_changed` | confirm | an open step is not the same |
| `incident_changed` | confirm | a step with an incident is not the same: the next try is the new one's |
| `event_removed`, `event_added` | confirm | an event at an open step stops or begins to be waited for |
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import SubWorkflowTask
from SpiffWorkflow.task import Task, TaskState

from app.engine.elements.boundary import BoundaryEvent
from app.engine.elements.joins import MergingJoin
from app.engine.elements.process import EndJoin
from app.engine.migration.boundaries import missing_events
from app.engine.migration.move import living
from app.engine.migration.names import Names
from app.engine.runtime.elements import element_of
from app.engine.runtime.run.active import Run
from app.engine.runtime.workflow import OPEN, all_tasks

REFUSED, CONFIRM = "refused", "confirm"


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason. `weight` is `refused` or `confirm`, `code` is of the table above."""

    weight: str
    code: str
    element_id: str
    name: str = ""
    name_en: str = ""


def judge(run: Run, names: Names) -> list[Finding]:
    """Everything found about one instance, each once; nothing where it is safe."""
    alive = living(all_tasks(run.workflow))
    found = [
        Finding(weight, code, *_titles(run, task))
        for task in all_tasks(run.workflow)
        for weight, code in _about(run, names, task, alive)
    ]
    return list(dict.fromkeys(found))


def weight_of(findings: list[Finding]) -> str:
    """`safe`, `confirm` or `refused`."""
    weights = {finding.weight for finding in findings}
    return REFUSED if REFUSED in weights else CONFIRM if CONFIRM in weights else "safe"


def _titles(run: Run, task: Task) -> tuple[str, str, str]:
    element = element_of(run.loaded, task)
    if element is not None:
        return element.id, element.name, element.name_en
    name = getattr(task.task_spec, "bpmn_id", None) or task.task_spec.name.rpartition(".")[0] or task.task_spec.name
    owner = run.loaded.element(str(task.workflow.spec.name), name)
    return (owner.id, owner.name, owner.name_en) if owner is not None else (name, "", "")


def _about(run: Run, names: Names, task: Task, alive: set[str]) -> Iterator[tuple[str, str]]:
    if task._state & TaskState.FINISHED_MASK:
        if task.id in alive and _branches_changed(names, task, alive):
            yield REFUSED, "branches_changed"
    elif task._state & OPEN:
        yield from _about_open(run, names, task)


def _branches_changed(names: Names, task: Task, alive: set[str]) -> bool:
    spec = names.spec(task)
    branches = [child for child in task.children if child.id in alive and names.spec(child) is not None]
    if len(branches) < 2:
        return False
    difference = names.difference(task)
    is_gateway = not any(isinstance(child.task_spec, BoundaryEvent) for child in task.children)
    return spec is None or (is_gateway and difference is not None and bool(_matter(difference.changes)))


def _about_open(run: Run, names: Names, task: Task) -> Iterator[tuple[str, str]]:
    spec = names.spec(task)
    if spec is None:
        event = isinstance(task.task_spec, BoundaryEvent) and task._state == TaskState.WAITING
        yield (CONFIRM, "event_removed") if event else (REFUSED, "open_removed")
        return
    if type(spec) is not type(task.task_spec):
        yield REFUSED, "kind_changed"
        return
    difference = names.difference(task)
    changes = _matter(difference.changes) if difference is not None else frozenset()
    yield from _about_changed(run, names, task, changes)
    if missing_events(task, spec):
        yield CONFIRM, "event_added"


def _about_changed(run: Run, names: Names, task: Task, changes: frozenset[str]) -> Iterator[tuple[str, str]]:
    itself = changes & {"behaviour", "moved"}
    if isinstance(task.task_spec, LoopTask) or _is_run_of_loop(task):
        if itself or "pinned" in changes or names.changed_inside(task):
            yield REFUSED, "loop_changed"
    elif isinstance(task.task_spec, SubWorkflowTask):
        if itself:
            yield REFUSED, "subprocess_changed"
    elif isinstance(task.task_spec, EndJoin):
        return
    elif isinstance(task.task_spec, MergingJoin):
        if changes:
            yield REFUSED, "join_changed"
    elif task._state == TaskState.STARTED:
        if itself or "pinned" in changes:
            failed = str(task.id) in run.envelope.incidents
            yield (CONFIRM, "incident_changed") if failed else (REFUSED, "started_changed")
    elif changes and not _is_joint(run, task):
        yield CONFIRM, "open_changed"


def _matter(changes: tuple[str, ...]) -> frozenset[str]:
    """A new name changes nothing of what happens."""
    return frozenset(changes) - {"name"}


def _is_joint(run: Run, task: Task) -> bool:
    return element_of(run.loaded, task) is None


def _is_run_of_loop(task: Task) -> bool:
    parent = task.parent
    return parent is not None and getattr(parent.task_spec, "task_spec", None) == task.task_spec.name
