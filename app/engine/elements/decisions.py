"""The business rule task: a decision table, evaluated by the host, its result put into the variables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.spiff.specs.spiff_task import SpiffBpmnTask
from SpiffWorkflow.task import Task

from app.engine.elements.host import DecisionCall, host_of
from app.engine.elements.inputs import Mappings, evaluate_all
from app.engine.scripting import plain


@dataclass(frozen=True, slots=True)
class DecisionRef:
    """The decision an element names; `definition_id` is pinned at deployment ("" where nothing is deployed)."""

    decision_id: str
    definition_id: str
    result_variable: str | None
    map_result: str
    mappings: Mappings


class DecisionTask(SpiffBpmnTask):  # type: ignore[misc]
    def __init__(self, wf_spec: Any, bpmn_id: str, decision: DecisionRef, **kwargs: Any) -> None:
        super().__init__(wf_spec, bpmn_id, **kwargs)
        self.decision = decision

    def _run_hook(self, my_task: Task) -> bool:
        decision = self.decision
        inputs = {**plain(my_task.data), **evaluate_all(my_task, decision.mappings.inputs)}
        call = DecisionCall(self.bpmn_id, decision.decision_id, decision.definition_id, inputs, decision.map_result)
        result = plain(host_of(my_task).run_decision(my_task, call))
        if decision.result_variable:
            my_task.data[decision.result_variable] = result
        elif isinstance(result, dict):
            my_task.data.update(result)
        return True
