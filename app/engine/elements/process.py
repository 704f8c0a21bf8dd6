"""The specification of a process or subprocess, with an end that merges branches as the gateways do."""

from __future__ import annotations

from SpiffWorkflow.bpmn.parser.ProcessParser import ProcessParser
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.spiff.parser.process import SpiffProcessParser
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskIterator, TaskState

from app.engine.elements.handlers import ScopeStart
from app.engine.elements.joins import Arrived, MergingJoin


class EndJoin(MergingJoin, BpmnTaskSpec):  # type: ignore[misc]
    """Waits until nothing else of the process is unfinished; the process then has all branches' variables."""

    def may_fire(self, my_task: Task, arrived: Arrived) -> bool:
        others = TaskIterator(my_task.workflow.task_tree, state=TaskState.NOT_FINISHED_MASK, end_at_spec=self.name)
        return all(task.task_spec is self for task in others)

    def taken(self, my_task: Task, arrived: Arrived) -> list[Task]:
        return [task for tasks in arrived.values() for task in tasks]

    def _run_hook(self, my_task: Task) -> bool:
        super()._run_hook(my_task)
        my_task.workflow.data.update(my_task.data)
        return True


class ProcessSpec(BpmnProcessSpec):  # type: ignore[misc]
    """`definition_id` names the deployed definition this (sub)process is part of ("" outside deployment)."""

    def __init__(self, name: str, description: str | None = None, filename: str | None = None) -> None:
        super().__init__(name=name, description=description, filename=filename)
        self.definition_id = ""
        del self.task_specs["Start"]
        self.start: ScopeStart = ScopeStart(self, "Start")
        last = self.task_specs["End"]
        del self.task_specs[last._inputs.pop()]
        self.end: EndJoin = EndJoin(self, f"{name}.EndJoin")
        self.end.connect(last)


class ProcessSpecParser(SpiffProcessParser):  # type: ignore[misc]
    def create_spec(self) -> ProcessSpec:
        ProcessParser.create_spec(self)  # refuses what is not executable
        return ProcessSpec(self.bpmn_id, self.get_name(), self.filename)

    def add_tasks(self) -> None:
        """Every start event leads on from the first task (`starts` leaves one of them); event subprocesses wait."""
        for node in self.xpath("./bpmn:startEvent"):
            self.parse_node(node)
        for node in self.xpath("./bpmn:subProcess[@triggeredByEvent='true']"):
            task_spec = self.parse_node(node)
            self.parser.process_parsers[task_spec.spec].get_spec()
            self.spec.start.event_subprocesses.append(task_spec.name)
