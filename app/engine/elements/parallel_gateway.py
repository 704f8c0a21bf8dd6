"""The parallel gateway: waits for every incoming branch, then starts every outgoing one.

It predicts its branches only when it runs. SpiffWorkflow predicts every path behind a
gateway at the start, which doubles with each parallel block in sequence (ten blocks make
8,189 tasks); nothing here reads predicted tasks.
"""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app.engine.elements.joins import MergingJoin


class ParallelGateway(MergingJoin, BpmnSpecMixin):  # type: ignore[misc]
    def __init__(self, wf_spec: Any, bpmn_id: str, **kwargs: Any) -> None:
        super().__init__(wf_spec, bpmn_id, **kwargs)
        self.first_inputs: frozenset[str] = frozenset()
        self.later_inputs: frozenset[str] = frozenset()

    def wire(self) -> None:
        """Find out once which inputs bring a token in the first round of a loop, and which in later ones."""
        start = self._wf_spec.start
        self.first_inputs = frozenset(self._inputs) & self._reachable([start.name, *start.trigger_specs])
        self.later_inputs = frozenset(self._inputs) & self._reachable(self._outputs)

    def _reachable(self, names: list[str]) -> set[str]:
        """What can be reached from these steps without passing here."""
        seen: set[str] = set()
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name not in seen and name != self.name:
                seen.add(name)
                waiting.extend(self._wf_spec.task_specs[name]._outputs)
        return seen

    def _check_threshold_unstructured(self, my_task: Task) -> bool:
        arrived = {
            task.parent.task_spec.name
            for task in self.this_round(my_task)
            if task.parent.has_state(TaskState.COMPLETED)
        }
        is_first = self.round_before(my_task) is None
        return arrived >= (self.first_inputs if is_first else self.later_inputs)

    def _predict_hook(self, my_task: Task) -> None:
        if my_task.has_state(TaskState.READY):
            super()._predict_hook(my_task)

    def _run_hook(self, my_task: Task) -> bool:
        super()._run_hook(my_task)
        my_task._sync_children(self.outputs, TaskState.FUTURE)
        for child in my_task.children:
            child.task_spec._predict(child, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)
        return True
