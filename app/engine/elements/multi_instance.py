"""Multi-instance activities: one run for each item of a collection, or a number of times.

Each run sees its own item; what it changes becomes the process's, the later run counting
where two changed one variable. The item itself and the run's number (`loopCounter`, from
0) stay inside the run. With the properties `output_collection` and `output_element` a list
of that name gathers the value of that expression from each run that was completed, in the
order of the items, whichever run ends first. The completion condition may also ask for
`nrOfInstances`, `nrOfCompletedInstances` and `nrOfActiveInstances`.
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
OUTPUTS = "outputs"
COUNTER = "loopCounter"
COUNTS = ("nrOfInstances", "nrOfCompletedInstances", "nrOfActiveInstances")
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

    output: tuple[str, str] | None = None
    """The list that gathers the runs' outputs, and the expression of one output."""

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
        child.data[COUNTER] = _index(child)
        outer = my_task.data.pop(COUNTER, None)  # a loop around has its own; the run would inherit that
        child.task_spec._update(child)
        if outer is not None:
            my_task.data[COUNTER] = outer

    def merge_child(self, workflow: Any, child: Task) -> None:
        my_task = child.parent
        result = dict(child.data)
        if self.input_item is not None:
            result.pop(self.input_item.bpmn_id, None)
        before = my_task.parent.data
        result.pop(COUNTER, None)
        if COUNTER in before:
            result[COUNTER] = before[COUNTER]
        if self.output is not None:
            name, expression = self.output
            gathered = my_task.internal_data.setdefault(OUTPUTS, {})
            gathered[str(_index(child))] = my_task.workflow.script_engine.evaluate(child, expression)
        apply_changes(my_task.data, before, result)
        if self.output is not None:
            my_task.data[name] = [gathered[index] for index in sorted(gathered, key=int)]
        my_task.internal_data["merged"].append(str(child.id))

    def check_completion_condition(self, my_task: Task) -> bool:
        """Whether the run that has just ended is the last one needed."""
        merged = my_task.internal_data.get("merged", [])
        if not merged or self.condition is None:
            return False
        last = next(child for child in my_task.children if str(child.id) == merged[-1])
        counts = dict(zip(COUNTS, self._counts(my_task, len(merged)), strict=True))
        return bool(my_task.workflow.script_engine.evaluate(last, self.condition, external_context=counts))

    def _counts(self, my_task: Task, completed: int) -> tuple[int, int, int]:
        """How many runs there are in all, completed, and under way."""
        raise NotImplementedError

    def _begun(self, my_task: Task, result: Any) -> Any:
        if self.output is not None:
            my_task.data[self.output[0]] = []
        return result

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
        return self._begun(my_task, super()._update_hook(my_task))

    def _counts(self, my_task: Task, completed: int) -> tuple[int, int, int]:
        every = len(list(self._instances(my_task)))
        return every, completed, every - completed


class SequentialRuns(SequentialMultiInstanceTask, Runs):  # type: ignore[misc]
    """One run after another."""

    def _update_hook(self, my_task: Task) -> Any:
        self._reached(my_task)
        return self._begun(my_task, super()._update_hook(my_task))

    def _counts(self, my_task: Task, completed: int) -> tuple[int, int, int]:
        known = my_task.internal_data
        return (len(known[ITEMS]) if self.data_input is not None else known["cardinality"]), completed, 1

    def add_next_child(self, my_task: Task) -> None:
        """SpiffWorkflow takes an item that is null for the end of the list."""
        if self.data_input is None:
            super().add_next_child(my_task)
        elif my_task.internal_data["remaining"]:
            index, item = self.get_next_input_item(my_task)
            self.create_child(my_task, item, index)


def _index(run: Task) -> int:
    """The place of a run's item in the collection, or the run's number."""
    found = run.internal_data.get("key_or_index")
    return int(run.internal_data["item"] if found is None else found)
