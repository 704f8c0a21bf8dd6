"""The boundary event: interrupts its activity at once, or runs beside it.

SpiffWorkflow cancels the activity only when the event itself has run, after anything that
was ready inside a subprocess. Here an interrupting event cancels when it fires. Its branch
goes on with the variables as they stand, those set within an embedded subprocess included.
An event that does not interrupt can come again as long as the activity is under way.
"""

from __future__ import annotations

from copy import deepcopy

from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent as SpiffBoundaryEvent
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app.engine.elements.scope import current_data, start_with
from app.engine.elements.timers import CycleTimer, Timer

_NOT_YET = TaskState.WAITING | TaskState.FUTURE | TaskState.PREDICTED_MASK


class BoundaryEvent(SpiffBoundaryEvent, BpmnSpecMixin):  # type: ignore[misc]
    def _on_ready_hook(self, my_task: Task) -> None:
        super()._on_ready_hook(my_task)
        activity = activity_of(my_task)
        if activity is not None and self.cancel_activity:
            my_task.data = _data_of(activity)  # what was changed inside now counts as this branch's change
        elif activity is not None:
            start_with(my_task, _data_of(activity))
        if self.cancel_activity:
            self._interrupt(my_task, activity)
        elif isinstance(self.event_definition, CycleTimer):
            self.event_definition.rearm(my_task)
        elif not isinstance(self.event_definition, Timer):
            self._wait_again(my_task, activity)

    def _wait_again(self, my_task: Task, activity: Task | None) -> None:
        if activity is None or activity.has_state(TaskState.FINISHED_MASK):
            return
        following = my_task.parent._add_child(self, TaskState.WAITING)
        following.triggered = True
        self._predict(following, mask=TaskState.NOT_FINISHED_MASK)
        self._update(following)

    def _interrupt(self, my_task: Task, activity: Task | None) -> None:
        for task in my_task.parent.children:
            if task is not my_task and isinstance(task.task_spec, BoundaryEvent) and task.has_state(_NOT_YET):
                task.cancel()
        if activity is not None and not activity.has_state(TaskState.FINISHED_MASK):
            if isinstance(activity.task_spec, LoopTask):
                for run in activity.children:  # would be dropped otherwise, and what runs inside them forgotten
                    run.cancel()
            activity.cancel()


class ActivityEnd(BpmnTaskSpec):  # type: ignore[misc]
    """Behind an activity and its boundary events: when it is over, those still waiting are withdrawn.

    SpiffWorkflow's join looks for the events of another instance of the activity where one
    stands on a path that began at a boundary event of the other.
    """

    def _update_hook(self, my_task: Task) -> bool:
        super()._update_hook(my_task)
        if not isinstance(my_task.parent.task_spec, BoundaryEvent):
            for task in my_task.parent.parent.children:
                if isinstance(task.task_spec, BoundaryEvent) and task.has_state(_NOT_YET):
                    task.cancel()
        return True


def activity_of(event: Task) -> Task | None:
    """The activity a waiting boundary event is attached to."""
    for task in event.parent.children:
        if not isinstance(task.task_spec, BoundaryEvent):
            return task
    return None


def _data_of(activity: Task) -> dict[str, object]:
    subprocess = activity.workflow.top_workflow.subprocesses.get(activity.id)
    if subprocess is not None and getattr(activity.task_spec, "shares_variables", False):
        return current_data(subprocess)
    return deepcopy(activity.data)
