"""Embedded subprocesses, transactions and event subprocesses: they share the variables of their process."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from SpiffWorkflow.spiff.specs.defaults import EventSubprocess as SpiffEventSubprocess
from SpiffWorkflow.spiff.specs.defaults import SubWorkflowTask as SpiffSubWorkflowTask
from SpiffWorkflow.spiff.specs.defaults import TransactionSubprocess as SpiffTransactionSubprocess
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app.engine.elements.scope import ORIGIN


class Subprocess:
    """What every kind of subprocess does alike."""

    shares_variables = True
    """Whether its variables are those of the process around it (a called process has its own)."""

    def _on_subworkflow_completed(self, subworkflow: Any, my_task: Task) -> None:
        """A cancelled subprocess also reports its end; its step stays cancelled."""
        if not my_task.has_state(TaskState.FINISHED_MASK):
            super()._on_subworkflow_completed(subworkflow, my_task)  # type: ignore[misc]


class EmbeddedSubprocess(Subprocess, SpiffSubWorkflowTask):  # type: ignore[misc]
    pass


class Transaction(Subprocess, SpiffTransactionSubprocess):  # type: ignore[misc]
    pass


class EventSubprocess(Subprocess, SpiffEventSubprocess):  # type: ignore[misc]
    """Started by `waits.deliver`, beside the process, with the variables as they stand then."""

    def copy_data(self, my_task: Task, subworkflow: Any) -> None:
        start = subworkflow.get_next_task(subworkflow.task_tree, skip_subprocesses=True, spec_name="Start")
        start.data = deepcopy(my_task.internal_data.get(ORIGIN, my_task.data))
