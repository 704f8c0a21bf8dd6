"""Embedded subprocesses, transactions and event subprocesses: they share the variables of their process."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from SpiffWorkflow.spiff.specs.defaults import EventSubprocess as SpiffEventSubprocess
from SpiffWorkflow.spiff.specs.defaults import SubWorkflowTask as SpiffSubWorkflowTask
from SpiffWorkflow.spiff.specs.defaults import TransactionSubprocess as SpiffTransactionSubprocess
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app.engine.elements.starts import begin_with, start_for

BEGINS_WITH = "begins_with"
"""The variables an event subprocess begins with, until it has begun."""

EVENT = "event"
"""What came for its start event, until it has begun."""


class Subprocess:
    """What every kind of subprocess does alike."""

    shares_variables = True
    """Whether its variables are those of the process around it (a called process has its own)."""

    def start_workflow(self, my_task: Task) -> None:
        """Begin with the plain start event, or with what came for that of an event subprocess."""
        subworkflow = my_task.workflow.top_workflow.create_subprocess(my_task, self.process_of(my_task))
        subworkflow.completed_event.connect(self._on_subworkflow_completed, my_task)
        self.copy_data(my_task, subworkflow)  # type: ignore[attr-defined]
        event = my_task.internal_data.pop(EVENT, None)
        begin_with(subworkflow.task_tree, start_for(subworkflow.spec), event)
        subworkflow.task_tree.run()

    def process_of(self, my_task: Task) -> str:
        """The name of the specification that runs inside."""
        return str(self.spec)  # type: ignore[attr-defined]

    def _on_subworkflow_completed(self, subworkflow: Any, my_task: Task) -> None:
        """A cancelled subprocess also reports its end; its step stays cancelled."""
        if not my_task.has_state(TaskState.FINISHED_MASK):
            super()._on_subworkflow_completed(subworkflow, my_task)  # type: ignore[misc]


class EmbeddedSubprocess(Subprocess, SpiffSubWorkflowTask):  # type: ignore[misc]
    pass


class Transaction(Subprocess, SpiffTransactionSubprocess):  # type: ignore[misc]
    pass


class EventSubprocess(Subprocess, SpiffEventSubprocess):  # type: ignore[misc]
    """Started by `handlers.trigger`, with the variables as they stand then."""

    def copy_data(self, my_task: Task, subworkflow: Any) -> None:
        subworkflow.task_tree.data = deepcopy(my_task.internal_data.pop(BEGINS_WITH))
