"""What the diagram says about a task in memory: its element, its definition, texts evaluated over its variables."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.task import Task

from app.engine import scripting
from app.engine.definitions.elements import Element
from app.engine.definitions.specs import Loaded
from app.engine.iso8601 import due
from app.engine.scripting import working


def scope_of(task: Task) -> str:
    """The process or subprocess a task is in, as `Loaded.element` wants it."""
    return str(task.workflow.spec.name)


def element_of(loaded: Loaded, task: Task) -> Element | None:
    """The element a person sees for this task; None for the engine's own joints and for the frame of a loop."""
    spec = task.task_spec
    bpmn_id = getattr(spec, "bpmn_id", None)
    if bpmn_id is None or isinstance(spec, LoopTask):
        return None
    return loaded.element(scope_of(task), bpmn_id)


def definition_of(loaded: Loaded, scope: str) -> Loaded:
    """The definition a (sub)process belongs to: that of a call activity, or the instance's own."""
    return loaded.definition_of(scope) or loaded


def value(text: str | None, task: Task, now: datetime) -> Any:
    """The value of a text of the dialect (`${x}`, `dispatcher@${unit}`) over the task's variables; None stays None."""
    return None if text is None else scripting.render(text, task.data, now=lambda: now)


def instant(text: str | None, task: Task, now: datetime) -> datetime | None:
    """The instant a due or follow-up date means; None where it is not given or its variable is empty."""
    if text is None:
        return None
    found = scripting.render(text, task.data, now=lambda: now, functions=working.functions(now))
    return due(str(found), now) if found else None
