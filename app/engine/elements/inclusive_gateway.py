"""The inclusive gateway: starts every branch whose condition holds, waits for those that can still come.

BPMN 2.0, 13.4.3: it goes on when no token elsewhere could reach an incoming flow that has
none, unless that token could also reach one that has one, in both cases without passing
this gateway. An activity under way is a token that may leave by its boundary events too.
Tokens on the move come to rest first, so that no order of branches decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from SpiffWorkflow.bpmn.exceptions import WorkflowTaskException
from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.bpmn.specs.mixins.inclusive_gateway import InclusiveGateway as SpiffInclusiveGateway
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app.engine.elements.joins import Arrived, MergingJoin

_OPEN = TaskState.WAITING | TaskState.READY | TaskState.STARTED


class InclusiveGateway(MergingJoin, SpiffInclusiveGateway, BpmnSpecMixin):  # type: ignore[misc]
    inputs_from: Mapping[str, frozenset[str]]
    """Which inputs of this gateway can be reached from a step, without passing the gateway."""

    def wire(self) -> None:
        """Find out once what leads here."""
        self.inputs_from = {name: self._inputs_from(name) for name in self._wf_spec.task_specs}

    def may_fire(self, my_task: Task, arrived: Arrived) -> bool:
        return all(
            not reached - arrived.keys() or (rests and reached & arrived.keys())
            for rests, reached in self._tokens(my_task)
        )

    def _tokens(self, my_task: Task) -> Iterator[tuple[bool, frozenset[str]]]:
        """For each token elsewhere in this process, whether it waits for something, and the inputs it could reach."""
        for task in my_task.workflow.tasks.values():
            spec = task.task_spec
            if spec is self or not _holds_token(task):
                continue
            if not (isinstance(spec, BoundaryEvent) and not task.has_state(TaskState.READY)):
                events = [self.inputs_from[event.task_spec.name] for event in _boundaries(task)]
                rests = task.has_state(TaskState.WAITING | TaskState.STARTED) or bool(spec.manual)
                yield rests, self.inputs_from[spec.name].union(*events)

    def _inputs_from(self, name: str) -> frozenset[str]:
        seen: set[str] = set()
        waiting = [name]
        while waiting:
            current = waiting.pop()
            if current not in seen and current != self.name:
                seen.add(current)
                waiting.extend(self._wf_spec.task_specs[current]._outputs)
        return frozenset(seen & set(self._inputs))

    def _run_hook(self, my_task: Task) -> bool:
        self.merge(my_task)
        matches, defaults = self._get_matching_outputs(my_task)
        if not matches and not defaults:
            raise WorkflowTaskException("no outgoing condition holds and there is no default flow", task=my_task)
        my_task._sync_children(matches or defaults, TaskState.FUTURE)
        for child in my_task.children:
            child.task_spec._predict(child, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)
        return True


def _holds_token(task: Task) -> bool:
    """Whether a step is reached and not left; what follows a completed step is reached, if only in a moment."""
    is_next = task.parent is not None and task.parent.has_state(TaskState.COMPLETED)
    return task.has_state(_OPEN) or (is_next and task.has_state(TaskState.FUTURE))


def _boundaries(activity: Task) -> Iterator[Task]:
    """The boundary events of an activity that still wait."""
    if activity.parent is not None and not isinstance(activity.task_spec, BoundaryEvent):
        for task in activity.parent.children:
            if isinstance(task.task_spec, BoundaryEvent) and task.has_state(TaskState.WAITING):
                yield task
