"""Multi-instance activities: one run for each item of a collection, or a number of times.

Each run sees its own item; what it changes becomes the process's, the later run counting
where two changed one variable. The item itself stays inside the run.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from flask_babel import gettext as _
from SpiffWorkflow.bpmn.specs.data_spec import TaskDataReference
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import MultiInstanceTask
from SpiffWorkflow.spiff.specs.defaults import ParallelMultiInstanceTask, SequentialMultiInstanceTask
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app.engine.elements.scope import apply_changes
from app.engine.scripting.engine import ElementFailed
from app.engine.scripting.errors import ScriptError

ITEMS = "items"
MAX_RUNS = 1000


class Collection(TaskDataReference):  # type: ignore[misc]
    """The items to run for: an expression evaluated once, when the activity is reached."""

    def get(self, my_task: Task) -> Any:
        if ITEMS not in my_task.internal_data:
            value = my_task.workflow.script_engine.evaluate(my_task, self.bpmn_id)
            if not isinstance(value, list | dict) or len(value) > MAX_RUNS:
                raise ElementFailed(
                    my_task, ScriptError(_("the collection must be a list of at most %(most)s items", most=MAX_RUNS))
                )
            my_task.internal_data[ITEMS] = list(value)
        return my_task.internal_data[ITEMS]

    def exists(self, my_task: Task) -> bool:
        return True


class Runs(MultiInstanceTask):  # type: ignore[misc]
    """The variables of the runs, and of the activity after them."""

    def create_child(self, my_task: Task, item: Any, key_or_index: Any = None) -> None:
        child = my_task._add_child(my_task.workflow.spec.task_specs[self.task_spec], TaskState.WAITING)
        child.triggered = True
        child.internal_data["item" if key_or_index is None else "key_or_index"] = (
            item if key_or_index is None else key_or_index
        )
        if self.input_item is not None:
            name = self.input_item.bpmn_id
            if name in my_task.data:
                raise ElementFailed(
                    my_task, ScriptError(_("the element variable %(name)s is already a variable", name=name))
                )
            child.data[name] = deepcopy(item)
        child.task_spec._update(child)

    def merge_child(self, workflow: Any, child: Task) -> None:
        my_task = child.parent
        result = dict(child.data)
        if self.input_item is not None:
            result.pop(self.input_item.bpmn_id, None)
        apply_changes(my_task.data, my_task.parent.data, result)
        my_task.internal_data["merged"].append(str(child.id))

    def _reached(self, my_task: Task) -> None:
        """Behind a boundary event a step is still only predicted when it is reached."""
        if my_task.has_state(TaskState.PREDICTED_MASK):
            my_task._set_state(TaskState.FUTURE)
        if self.cardinality is not None:
            self._check_cardinality(my_task)

    def _check_cardinality(self, my_task: Task) -> None:
        my_task._inherit_data()
        times = my_task.workflow.script_engine.evaluate(my_task, self.cardinality)
        if not isinstance(times, int) or isinstance(times, bool) or not 0 <= times <= MAX_RUNS:
            raise ElementFailed(
                my_task, ScriptError(_("the number of runs must be a whole number up to %(most)s", most=MAX_RUNS))
            )


class ParallelRuns(ParallelMultiInstanceTask, Runs):  # type: ignore[misc]
    """All runs at once; the completion condition ends those still open."""

    def _update_hook(self, my_task: Task) -> Any:
        self._reached(my_task)
        return super()._update_hook(my_task)


class SequentialRuns(SequentialMultiInstanceTask, Runs):  # type: ignore[misc]
    """One run after another."""

    def _update_hook(self, my_task: Task) -> Any:
        self._reached(my_task)
        return super()._update_hook(my_task)

    def add_next_child(self, my_task: Task) -> None:
        """SpiffWorkflow takes an item that is null for the end of the list."""
        if self.data_input is None:
            super().add_next_child(my_task)
        elif my_task.internal_data["remaining"]:
            index, item = self.get_next_input_item(my_task)
            self.create_child(my_task, item, index)
