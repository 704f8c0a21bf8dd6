"""Makes specifications ready to be shared: everything SpiffWorkflow would wire while running is wired once."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import CallActivity, SubWorkflowTask

from app.engine.elements.inclusive_gateway import InclusiveGateway


def freeze(spec: Any, inner: dict[str, Any], definition_id: str) -> tuple[Any, dict[str, Any]]:
    """Give a process and its subprocesses names unique over all definitions, and wire them.

    The process takes the definition's id, its subprocesses `<definition id>:<element id>`,
    so that two called diagrams may use one element id.
    """
    names = {name: f"{definition_id}:{name}" for name in inner}
    for part in (spec, *inner.values()):
        part.definition_id = definition_id
        for task_spec in list(part.task_specs.values()):
            if isinstance(task_spec, SubWorkflowTask) and not isinstance(task_spec, CallActivity):
                task_spec.spec = names[task_spec.spec]
        _wire_triggers(part)
        _wire_loops(part)
        _wire_joins(part)
    spec.name = definition_id
    for name, part in inner.items():
        part.name = names[name]
    return spec, {part.name: part for part in inner.values()}


def _wire_triggers(spec: Any) -> None:
    """An event subprocess is connected when it is first triggered: its start would grow for later instances."""
    for name in spec.start.event_subprocesses:
        triggered = spec.task_specs[name]
        if spec.start.name not in triggered._inputs:
            triggered._inputs.append(spec.start.name)
        if spec.end.name not in triggered._outputs:
            triggered.connect(spec.end)


def _wire_loops(spec: Any) -> None:
    """A loop listens to its runs from the first one on; two threads would connect it twice."""
    for task_spec in list(spec.task_specs.values()):
        if isinstance(task_spec, LoopTask):
            run = spec.task_specs[task_spec.task_spec]
            if not run.completed_event.is_connected(task_spec.merge_child):
                run.completed_event.connect(task_spec.merge_child)


def _wire_joins(spec: Any) -> None:
    for task_spec in spec.task_specs.values():
        if isinstance(task_spec, InclusiveGateway):
            task_spec.wire()
