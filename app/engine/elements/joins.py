"""Where branches meet: which have arrived in this round of a loop, and their variables together.

Both gateways and the end of a process share this; each states in its own file when it may
go on.
"""

from __future__ import annotations

from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app.engine.elements.scope import ancestors, merge_branches


class MergingJoin(UnstructuredJoin):  # type: ignore[misc]
    """A join that takes each branch's changes, and only branches of this round."""

    def this_round(self, my_task: Task) -> list[Task]:
        """The tasks of this join that belong to the same round of a loop as `my_task`.

        Earlier rounds leave cancelled joins behind, whose finished branches would count
        for the next round, and whose variables would return from the past.
        """
        before = self.round_before(my_task)
        own = [task for task in my_task.workflow.tasks.values() if task.task_spec is self]
        found = [my_task]
        for task in own:
            above = {ancestor.id for ancestor in ancestors(task)}
            if task is not my_task and my_task.id not in above and (before is None or before.id in above):
                found.append(task)
        return found

    def round_before(self, my_task: Task) -> Task | None:
        """The task of this join in the previous round of a loop, None in the first."""
        return next((task for task in ancestors(my_task) if task.task_spec is self), None)

    def merge(self, my_task: Task) -> None:
        """Give `my_task` the variables of all branches that have arrived."""
        above = {task.id for task in ancestors(my_task)}
        others = [
            task
            for task in self.this_round(my_task)
            if task is not my_task and task.has_state(TaskState.FINISHED_MASK) and task.id not in above
        ]
        arrived = [task.parent for task in (*others, my_task) if task.parent.has_state(TaskState.COMPLETED)]
        my_task.data = merge_branches({task.id: task for task in arrived}.values())
        for task in others:
            if task.has_state(TaskState.COMPLETED):  # the process was reset inside a branch
                task._drop_children(force=True)

    def _run_hook(self, my_task: Task) -> bool:
        self.merge(my_task)
        return True
