"""The history: one row for each element the flow has passed, with who, when, from where and what it changed.

Elements still active are remembered with the state (`Envelope.entered`), so that history
rows are only ever added.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson
import sqlalchemy as sa
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.task import Task, TaskState

from app.engine.definitions.elements import Element
from app.engine.elements.boundary import BoundaryEvent
from app.engine.elements.joins import MergingJoin
from app.engine.runtime.elements import definition_of, element_of, scope_of
from app.engine.runtime.models import ActivityHistory
from app.engine.runtime.run.active import Run
from app.engine.runtime.state.tasks import changed
from app.engine.statistics import noting
from app.kernel import db

_ADD = sa.insert(db.table(ActivityHistory))

MAX_VALUE = 16 * 1024
"""Bytes of a variable's value kept in the history; a larger one is in the state, here stands only its size."""


def note_end(run: Run, task: Task) -> None:
    """Add the row of a task that has just been completed; nothing for the engine's own joints."""
    if task._state != TaskState.COMPLETED:
        return
    entered = run.envelope.entered.pop(str(task.id), None)
    element = element_of(run.loaded, task)
    if element is None:
        return
    row = _completed(run, task, element, entered)
    run.activities.append(row)
    noting.passed(run, row, at_once=entered is None)
    if element.kind == "endEvent" and task.workflow is run.workflow:
        run.end_element = element.id


def note_open(run: Run, open_now: list[Task]) -> None:
    """Remember the elements that are active now, and add rows for those the flow has left meanwhile."""
    present = {str(task.id): task for task in open_now}
    for token in [token for token in run.envelope.entered if token not in present]:
        _note_cancelled(run, token)
    for token, task in present.items():
        if token not in run.envelope.entered and _is_activity(task):
            element = element_of(run.loaded, task)
            if element is not None:
                run.envelope.entered[token] = [run.now.isoformat(), scope_of(task), element.id]
                noting.began(run, scope_of(task), element.id)


def write(run: Run) -> None:
    """Add the rows noted so far to the history, and what they count to the figures."""
    if run.activities:
        db.write(_ADD, run.activities)
        run.activities = []
    if run.tallied:
        noting.write(run.tallied)
        run.tallied = []


def _is_activity(task: Task) -> bool:
    """A boundary event that waits is no activity, and neither is a join."""
    return not isinstance(task.task_spec, (BoundaryEvent, MergingJoin))


def _completed(run: Run, task: Task, element: Element, entered: list[str] | None) -> dict[str, Any]:
    row = run.completing.get(str(task.id))
    return _row(
        run,
        scope_of(task),
        element,
        token=str(task.id),
        task_id=row.id if row is not None else None,
        started_at=datetime.fromisoformat(entered[0]) if entered else run.now,
        outcome="completed",
        sources=_sources(run, task),
        changes=_changes(run, task, element),
    )


def _note_cancelled(run: Run, token: str) -> None:
    at, scope, element_id = run.envelope.entered.pop(token)
    element = run.loaded.element(scope, element_id)
    if element is not None:
        started_at = datetime.fromisoformat(at)
        row = _row(run, scope, element, token=token, started_at=started_at, outcome="cancelled")
        run.activities.append(row)
        noting.passed(run, row, at_once=False)


def _row(run: Run, scope: str, element: Element, **values: Any) -> dict[str, Any]:
    definition = definition_of(run.loaded, scope)
    row: dict[str, Any] = {
        "instance_id": run.instance.id,
        "unit_path": run.instance.unit_path or "",
        "definition_id": definition.definition_id,
        "process_key": definition.key,
        "element_id": element.id,
        "kind": element.kind,
        "name": element.name,
        "name_en": element.name_en,
        "task_id": None,
        "ended_at": run.now,
        "actor": run.actor.ref,
        "sources": [],
        "changes": {},
    }
    return row | values


def _sources(run: Run, task: Task) -> list[str]:
    """The elements the flow came from: several where branches met."""
    spec = task.task_spec
    arrived = spec.this_round(task) if isinstance(spec, MergingJoin) else [task]
    found = (_before(run, one) for one in arrived)
    return sorted({element_id for element_id in found if element_id})


def _before(run: Run, task: Task) -> str | None:
    parent = task.parent
    while parent is not None:
        if isinstance(parent.task_spec, LoopTask) and parent._state == TaskState.COMPLETED:
            return str(parent.task_spec.bpmn_id)  # all runs are over: the flow leaves the activity as a whole
        element = element_of(run.loaded, parent)
        if element is not None:
            return element.id if parent._state == TaskState.COMPLETED else None
        parent = parent.parent
    return None


def _changes(run: Run, task: Task, element: Element) -> dict[str, Any]:
    if element.kind.endswith("Gateway"):
        return {}
    if element.kind == "startEvent" and task.workflow is run.workflow:
        return _bounded(task.data)
    return _bounded(changed(task.parent.data, task.data)) if task.parent is not None else {}


def _bounded(values: dict[str, Any]) -> dict[str, Any]:
    kept = {}
    for name, value in values.items():
        size = len(orjson.dumps(value))
        kept[name] = value if size <= MAX_VALUE else {"omitted_bytes": size}
    return kept
