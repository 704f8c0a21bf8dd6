"""Where branches meet: which have arrived in this round of a loop, and their variables together.

Both gateways and the end of a process share this; each states in its own file when it may
go on.
"""

from __future__ import annotations

from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app.engine.elements.scope import merge_branches


class MergingJoin(UnstructuredJoin):  # type: ignore[misc]
    """A join that takes each branch's changes, and only branches of this round."""

    def this_round(self, my_task: Task) -> list[Task]:
        """The tasks of this join that belong to the same round of a loop as `my_task`.

        Earlier rounds leave cancelled joins behind, whose finished branches would count
        for the next round, and whose variables would return from the past.
        """
        before = my_task.find_ancestor(self.name)
        own = [task for task in my_task.workflow.tasks.values() if task.task_spec is self]
        if before is None:
            return [task for task in own if task is my_task or not _follows(task, my_task)]
        return [
            task for task in own if task is my_task or (task.is_descendant_of(before) and not _follows(task, my_task))
        ]

    def merge(self, my_task: Task) -> None:
        """Give `my_task` the variables of all branches that have arrived."""
        others = [
            task
            for task in self.this_round(my_task)
            if task is not my_task and task.has_state(TaskState.FINISHED_MASK) and not my_task.is_descendant_of(task)
        ]
        arrived = [task.parent for task in (*others, my_task) if task.parent.has_state(TaskState.COMPLETED)]
        my_task.data = merge_branches({task.id: task for task in arrived}.values())
        for task in others:
            if task.has_state(TaskState.COMPLETED):  # the process was reset inside a branch
                task._drop_children(force=True)

    def _run_hook(self, my_task: Task) -> bool:
        self.merge(my_task)
        return True


def _follows(task: Task, my_task: Task) -> bool:
    """Whether a task lies behind `my_task`, in a later round."""
    return bool(task.is_descendant_of(my_task))
