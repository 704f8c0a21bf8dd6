"""A task in memory, made light: an id and times counted within its instance, the parent at hand.

SpiffWorkflow gives each task a random UUID, finds parents through a dict of them, notes the
wall clock and prepares a log record at each change of state. Here ids and times are one
counter of the instance (`Workflow.tick`): short in the state, quick to look up, and in the
order of what happened even where the machine's clock jumps.
"""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.exceptions import WorkflowException
from SpiffWorkflow.task import Task, TaskState


class Token(Task):  # type: ignore[misc]
    """`last_state_change` is a number of `Workflow.tick`, not a time of day."""

    thread_id = 0

    def __init__(
        self, workflow: Any, task_spec: Any, parent: Token | None = None, state: int = TaskState.MAYBE
    ) -> None:
        tick = workflow.top_workflow.tick()
        self._put(workflow, str(tick), task_spec, parent=parent, state=state, changed_at=tick)
        self.triggered = False
        self.data: dict[str, Any] = {}
        self.internal_data: dict[str, Any] = {}

    @classmethod
    def restored(cls, workflow: Any, token: str, task_spec: Any, **saved: Any) -> Token:
        """A task as it was saved; the caller sets `triggered`, `data` and `internal_data`."""
        found = cls.__new__(cls)
        found._put(workflow, token, task_spec, **saved)
        return found

    def _put(
        self, workflow: Any, token: str, task_spec: Any, *, parent: Token | None, state: int, changed_at: int
    ) -> None:
        self.id = token
        self.workflow = workflow
        self.task_spec = task_spec
        self.last_state_change = changed_at
        self._state = state
        self._up = parent
        self._children: list[str] = []
        workflow.tasks[token] = self
        if parent is not None:
            parent._children.append(token)

    @property
    def parent(self) -> Token | None:
        return self._up

    @parent.setter
    def parent(self, task: Token | None) -> None:
        self._up = task

    @property
    def children(self) -> list[Token]:
        tasks = self.workflow.tasks
        return [tasks[token] for token in self._children]

    def _add_child(self, task_spec: Any, state: int = TaskState.MAYBE) -> Token:
        if self._state & TaskState.PREDICTED_MASK and not state & TaskState.PREDICTED_MASK:
            raise WorkflowException("Attempt to add non-predicted child to predicted task", task_spec=self.task_spec)
        task = Token(self.workflow, task_spec, self, state)
        if state == TaskState.READY:
            task._ready()
        return task

    def _set_state(self, value: int) -> None:
        if value != self._state:
            self._state = value
            self.last_state_change = self.workflow.top_workflow.tick()
