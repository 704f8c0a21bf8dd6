"""The inclusive gateway: starts every branch whose condition holds, waits for those that can still come."""

from __future__ import annotations

from SpiffWorkflow.bpmn.exceptions import WorkflowTaskException
from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.bpmn.specs.mixins.inclusive_gateway import InclusiveGateway as SpiffInclusiveGateway
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app.engine.elements.joins import MergingJoin


class InclusiveGateway(SpiffInclusiveGateway, MergingJoin, BpmnSpecMixin):  # type: ignore[misc]
    def _run_hook(self, my_task: Task) -> bool:
        self.merge(my_task)
        matches, defaults = self._get_matching_outputs(my_task)
        if not matches and not defaults:
            raise WorkflowTaskException("no outgoing condition holds and there is no default flow", task=my_task)
        my_task._sync_children(matches or defaults, TaskState.FUTURE)
        for child in my_task.children:
            child.task_spec._predict(child, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)
        return True
