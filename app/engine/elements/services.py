"""The service task: a named service of the registry, inline or as a job.

Business rule and send tasks with a delegate or topic are service tasks too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.spiff.specs.spiff_task import SpiffBpmnTask
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app.engine.elements.host import ServiceCall, host_of
from app.engine.elements.inputs import Mappings, evaluate_all
from app.engine.scripting import plain


@dataclass(frozen=True, slots=True)
class ServiceRef:
    """The service an element names; see `host.ServiceCall`."""

    name: str
    external: bool
    result_variable: str | None
    mappings: Mappings


class ServiceTask(SpiffBpmnTask):  # type: ignore[misc]
    def __init__(self, wf_spec: Any, bpmn_id: str, service: ServiceRef, **kwargs: Any) -> None:
        super().__init__(wf_spec, bpmn_id, **kwargs)
        self.service = service

    def call(self, my_task: Task) -> ServiceCall:
        """The call this step makes, with its inputs evaluated now."""
        service = self.service
        inputs = evaluate_all(my_task, service.mappings.inputs)
        return ServiceCall(self.bpmn_id, service.name, service.external, inputs, service.result_variable)

    def write(self, my_task: Task, outputs: Mapping[str, Any]) -> None:
        """Put the outputs of the service into the variables, as the diagram says."""
        values = plain(dict(outputs))
        result = {self.service.result_variable: values} if self.service.result_variable else values
        if self.service.mappings.outputs:
            before = my_task.data
            my_task.data = {**before, **result}
            mapped = evaluate_all(my_task, self.service.mappings.outputs)
            my_task.data = {**before, **mapped}
        else:
            my_task.data.update(result)

    def _run_hook(self, my_task: Task) -> bool | None:
        outputs = host_of(my_task).run_service(my_task, self.call(my_task))
        if outputs is None:
            return None
        self.write(my_task, outputs)
        return True


def finish(task: Task, outputs: Mapping[str, Any]) -> None:
    """End a step whose service has finished elsewhere; the caller then runs the engine on."""
    if not task.has_state(TaskState.STARTED):
        raise ValueError(f"{task.task_spec.name} is not waiting for a service")
    task.task_spec.write(task, outputs)
    task.complete()
