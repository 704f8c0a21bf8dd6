"""The parallel gateway: waits for every incoming branch, then starts every outgoing one.

It predicts its branches only when it runs. SpiffWorkflow predicts every path behind a
gateway at the start, which doubles with each parallel block in sequence (ten blocks make
8,189 tasks); nothing here reads predicted tasks.
"""

from __future__ import annotations

from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app.engine.elements.joins import MergingJoin


class ParallelGateway(MergingJoin, BpmnSpecMixin):  # type: ignore[misc]
    def _check_threshold_unstructured(self, my_task: Task) -> bool:
        arrived = {
            task.parent.task_spec.name
            for task in self.this_round(my_task)
            if task.parent.has_state(TaskState.COMPLETED)
        }
        return arrived >= set(self._inputs) - self._only_after_itself()

    def _only_after_itself(self) -> set[str]:
        """Inputs that can be reached only through this gateway: they bring no token to the first round."""
        reachable = self._reachable_without_me()
        return {name for name in self._inputs if name not in reachable}

    def _reachable_without_me(self) -> set[str]:
        specs = self._wf_spec.task_specs
        seen: set[str] = set()
        waiting = [self._wf_spec.start.name, *self._wf_spec.start.trigger_specs]
        while waiting:
            name = waiting.pop()
            if name not in seen and name != self.name:
                seen.add(name)
                waiting.extend(specs[name]._outputs)
        return seen

    def _predict_hook(self, my_task: Task) -> None:
        if my_task.has_state(TaskState.READY):
            super()._predict_hook(my_task)

    def _run_hook(self, my_task: Task) -> bool:
        super()._run_hook(my_task)
        my_task._sync_children(self.outputs, TaskState.FUTURE)
        for child in my_task.children:
            child.task_spec._predict(child, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)
        return True
