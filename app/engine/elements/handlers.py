"""Event subprocesses: what may happen at any time while a process or subprocess is under way.

An event subprocess belongs to the scope it is drawn in. It waits from the scope's first
step until its last; nothing of the flow stands for that, only the due times of its timers
are kept with the scope's first task. An interrupting one takes away everything else in the
scope when its event comes, the other event subprocesses included, and then is all that is
left of it; the scope ends with it (BPMN 2.0, 13.5.4). One that does not interrupt starts
each time its event comes, beside the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from SpiffWorkflow.bpmn.specs.control import BpmnStartTask
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app.engine.elements.catches import FIRED, PAYLOAD
from app.engine.elements.host import host_of
from app.engine.elements.scope import current_data, start_with
from app.engine.elements.subprocess import BEGINS_WITH, EVENT
from app.engine.elements.timers import DUE, CycleTimer, Timer
from app.engine.iso8601 import next_after, parse_instant
from app.engine.scripting import plain

INTERRUPTED = "interrupted"
CYCLES = "cycles"
"""Of repeating timers, by the id of the event: how often they are still to fire, and their text."""

_UNDER_WAY = TaskState.WAITING | TaskState.READY | TaskState.STARTED | TaskState.FUTURE


@dataclass(frozen=True, slots=True)
class Handler:
    """An event subprocess that waits for its event. `name` is its step in `scope`, `start` its start event."""

    scope: Any
    name: str
    start: Any

    @property
    def definition(self) -> Any:
        return self.start.event_definition

    @property
    def element_id(self) -> str:
        return str(self.start.bpmn_id)

    @property
    def due_at(self) -> datetime | None:
        """When its timer is due; None for one that has fired, and for other events."""
        text = self.scope.task_tree.internal_data.get(DUE, {}).get(self.element_id)
        return parse_instant(text) if text else None


class ScopeStart(BpmnStartTask):  # type: ignore[misc]
    """The first task of a process or subprocess: the timers of its event subprocesses run from here.

    SpiffWorkflow's own list of them (`trigger_specs`) stays empty: it starts them by names of its own.
    """

    def __init__(self, wf_spec: Any, name: str, **kwargs: Any) -> None:
        super().__init__(wf_spec, name, **kwargs)
        self.event_subprocesses: list[str] = []

    def _run_hook(self, my_task: Task) -> bool:
        for handler in _drawn(my_task.workflow):
            _arm(handler, my_task)
        super()._run_hook(my_task)
        return True


def handlers(scope: Any) -> Iterator[Handler]:
    """The event subprocesses of a (sub)process that wait now."""
    if not scope.spec.start.event_subprocesses:
        return
    root = scope.task_tree
    if INTERRUPTED in root.internal_data or not root.has_state(TaskState.COMPLETED) or scope.is_completed():
        return
    for handler in _drawn(scope):
        if isinstance(handler.definition, Timer) and handler.element_id not in root.internal_data.get(DUE, {}):
            _arm(handler, standing(scope))  # drawn after the instance began, and brought to it by a migration
        yield handler


def trigger(handler: Handler, payload: dict[str, Any]) -> None:
    """Its event has come: let it run, with the variables as they stand and the values of `payload`."""
    scope, root = handler.scope, handler.scope.task_tree
    data = current_data(scope)
    interrupts = handler.start.interrupting
    if interrupts:
        root.internal_data[INTERRUPTED] = 1
        _cancel_all(scope)
    child = root._add_child(scope.spec.task_specs[handler.name], TaskState.FUTURE)
    child.triggered = True
    child.internal_data.update({BEGINS_WITH: data, EVENT: {FIRED: True, PAYLOAD: plain(payload)}})
    child.task_spec._predict(child, mask=TaskState.NOT_FINISHED_MASK)
    child.task_spec._update(child)
    if interrupts:
        child.data = deepcopy(data)  # nothing is left that could contend for a variable
    else:
        start_with(child, data)


def fire(root: Task, element_id: str) -> bool:
    """The timer of an event subprocess may be due: whether it was."""
    handler = next((one for one in handlers(root.workflow) if one.element_id == element_id), None)
    if handler is None or handler.due_at is None or handler.due_at > host_of(root).now():
        return False
    _put_next(handler, root)
    trigger(handler, {})
    return True


def standing(scope: Any) -> Task:
    """A task that is not part of the tree, with the scope's variables as they stand."""
    task = Task(_Detached(scope), scope.spec.start, state=TaskState.COMPLETED)
    task.data = current_data(scope)
    return task


def _drawn(scope: Any) -> Iterator[Handler]:
    specs = scope.top_workflow.subprocess_specs
    for name in scope.spec.start.event_subprocesses:
        yield Handler(scope, name, specs[scope.spec.task_specs[name].spec].bpmn_start_events[0])


def _arm(handler: Handler, reader: Task) -> None:
    """Begin to wait for a timer, over the variables of `reader`."""
    definition = handler.definition
    if not isinstance(definition, Timer):
        return
    kept = handler.scope.task_tree.internal_data
    if isinstance(definition, CycleTimer):
        left, text, due = definition.begin(reader)
        kept.setdefault(CYCLES, {})[handler.element_id] = [left, text]
    else:
        due = definition.first_due(reader)
    kept.setdefault(DUE, {})[handler.element_id] = due.astimezone(UTC).isoformat()


def _put_next(handler: Handler, root: Task) -> None:
    """What its timer waits for after it has fired: the next time of a cycle, or nothing any more."""
    kept, due = root.internal_data, handler.due_at
    left, text = kept.get(CYCLES, {}).get(handler.element_id, (1, ""))
    following = ""
    if left != 1 and due is not None:
        cycle = handler.definition.cycle(root, text)
        following = next_after(cycle, due, host_of(root).now()).astimezone(UTC).isoformat()
        kept[CYCLES] = {**kept[CYCLES], handler.element_id: [None if left is None else left - 1, text]}
    kept[DUE] = {**kept[DUE], handler.element_id: following}


def _cancel_all(scope: Any) -> None:
    """Everything under way in the scope, what is inside first, so that nothing is dropped unseen."""
    for task in reversed(list(scope.tasks.values())):
        if task is not scope.task_tree and task.id in scope.tasks and task.has_state(_UNDER_WAY):
            task.cancel()


class _Detached:
    """A place for a task outside the workflow's own table of tasks."""

    def __init__(self, scope: Any) -> None:
        self.spec = scope.spec
        self.script_engine = scope.script_engine
        self.top_workflow = scope.top_workflow
        self.data_objects = scope.data_objects
        self.tasks: dict[Any, Task] = {}
