"""Where branches meet: the tokens that have arrived, which of them go on as one, and their variables together.

Both gateways and the end of a process share this; each states in its own file when it may
go on. A token that has arrived is a waiting task of the join; a token that went on with
another is cancelled and named by it (`JOINED`), so that it never counts twice, whatever
loops lead here again.
"""

from __future__ import annotations

from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app.engine.elements.scope import merge_branches

JOINED = "joined"

Arrived = dict[str, list[Task]]
"""The waiting tokens by the step they come from, the oldest first."""


class MergingJoin(UnstructuredJoin):  # type: ignore[misc]
    """A join that counts tokens as BPMN does: one of each flow is taken, what is left waits for the next time."""

    def may_fire(self, my_task: Task, arrived: Arrived) -> bool:
        """Whether the join is complete, `my_task` being among what has arrived."""
        raise NotImplementedError

    def taken(self, my_task: Task, arrived: Arrived) -> list[Task]:
        """The tokens that go on as one: `my_task`, and the oldest of every other flow."""
        own = my_task.parent.task_spec.name
        return [my_task, *(tasks[0] for name, tasks in arrived.items() if name != own)]

    def this_round(self, my_task: Task) -> list[Task]:
        """The tasks that went on as `my_task`, itself among them."""
        tasks = my_task.workflow.tasks
        joined = set(my_task.internal_data.get(JOINED, ()))
        return [my_task, *(task for key, task in tasks.items() if str(key) in joined)] if joined else [my_task]

    def merge(self, my_task: Task) -> None:
        """Give `my_task` the variables of all branches that have met."""
        parents = [task.parent for task in self.this_round(my_task)]
        my_task.data = merge_branches({task.id: task for task in parents}.values())

    def _update_hook(self, my_task: Task) -> bool:
        arrived = self._arrived(my_task)
        if not self.may_fire(my_task, arrived):
            my_task._set_state(TaskState.WAITING)
            return False
        others = [task for task in self.taken(my_task, arrived) if task is not my_task]
        for task in others:
            task.cancel()
        if others:
            my_task.internal_data[JOINED] = [str(task.id) for task in others]
        my_task._inherit_data()
        return True

    def _arrived(self, my_task: Task) -> Arrived:
        found: Arrived = {}
        for task in my_task.workflow.tasks.values():
            if task.task_spec is self and (task is my_task or task.has_state(TaskState.WAITING)):
                found.setdefault(task.parent.task_spec.name, []).append(task)
        return found

    def _run_hook(self, my_task: Task) -> bool:
        self.merge(my_task)
        return True
