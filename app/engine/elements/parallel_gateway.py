"""The parallel gateway: waits for a token on every incoming flow, then starts every outgoing one.

It predicts its branches only when it runs. SpiffWorkflow predicts every path behind a
gateway at the start, which doubles with each parallel block in sequence (ten blocks make
8,189 tasks); nothing here reads predicted tasks.
"""

from __future__ import annotations

from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app.engine.elements.joins import Arrived, MergingJoin


class ParallelGateway(MergingJoin, BpmnSpecMixin):  # type: ignore[misc]
    def may_fire(self, my_task: Task, arrived: Arrived) -> bool:
        return arrived.keys() >= set(self._inputs)

    def _predict_hook(self, my_task: Task) -> None:
        if my_task.has_state(TaskState.READY):
            super()._predict_hook(my_task)

    def _run_hook(self, my_task: Task) -> bool:
        super()._run_hook(my_task)
        my_task._sync_children(self.outputs, TaskState.FUTURE)
        for child in my_task.children:
            child.task_spec._predict(child, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)
        return True
