"""The start events of a process: an instance begins with exactly one of them, the others are left out.

A person or a call begins with the plain start event where there is one, a message or
signal with the one that names it, a timer with its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs.event_definitions.base import EventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.simple import NoneEventDefinition
from SpiffWorkflow.task import Task

from app.engine.elements.catches import FIRED, CaughtEvent


class StartTimer(EventDefinition):  # type: ignore[misc]
    """The timer of a process's start event: it fires by a row before there is an instance, so it never waits in one."""

    def has_fired(self, my_task: Task) -> bool:
        return True

    def catches(self, my_task: Task, event: Any) -> bool:
        return False


def start_for(spec: Any, kind: str = "", reference: str = "") -> Any:
    """The start event to begin with.

    `kind` is "" (the plain one, else the first), `message` or `signal` (`reference` is
    its name) or `timer` (`reference` is its id). Raises LookupError where there is none.
    """
    starts = spec.bpmn_start_events
    if not kind:
        plain = [one for one in starts if isinstance(one.event_definition, NoneEventDefinition)]
        return (plain or starts)[0]
    found = next((one for one in starts if _is(one, kind, reference)), None)
    if found is None:
        raise LookupError(f"{spec.name} has no start by {kind} {reference}")
    return found


def begin_with(root: Task, start: Any, event: Mapping[str, Any] | None = None) -> None:
    """Leave this start event alone behind `root`, which has not run yet; `event` is what came, for its task."""
    for child in root.children:
        if child.task_spec is not start:
            root.workflow._remove_task(child.id)
        elif event is not None:
            child.internal_data.update(event, **{FIRED: True})


def _is(start: Any, kind: str, reference: str) -> bool:
    definition = start.event_definition
    if kind == "timer":
        return isinstance(definition, StartTimer) and start.bpmn_id == reference
    return isinstance(definition, CaughtEvent) and (definition.kind, definition.name) == (kind, reference)
