"""What the elements of a diagram ask of the engine around them: time, services, decisions, messages.

The elements never import the runtime; they find their host on the workflow's script
engine (`host_of(task)`). The runtime implements `Host`; tests implement it in a few lines.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, cast

from SpiffWorkflow.task import Task


@dataclass(frozen=True, slots=True)
class ServiceCall:
    """A service task that is reached.

    `name` is a name in `kernel.registry`; `external` says that a job runs it (the step
    waits), otherwise it runs inline. `inputs` are the values of `camunda:inputParameter`,
    a private copy. `result_variable` is where the outputs go, None to merge them.
    """

    element_id: str
    name: str
    external: bool
    inputs: dict[str, Any]
    result_variable: str | None


@dataclass(frozen=True, slots=True)
class DecisionCall:
    """A business rule task that is reached.

    `definition_id` is the decision table pinned when the diagram was deployed ("": the newest). `inputs` is a
    private copy of the step's variables (with its `camunda:inputParameter` values added).
    `map_result` is `singleEntry`, `singleResult`, `collectEntries`, `resultList` or "".
    """

    element_id: str
    decision_id: str
    definition_id: str
    inputs: dict[str, Any]
    map_result: str


@dataclass(frozen=True, slots=True)
class Throw:
    """A message or signal that leaves a diagram.

    `payload` are the values of `camunda:inputParameter`. `correlation` says to whom a
    message goes (`{"business_key": …}` or `{"order_id": 5}`); empty for signals, and for
    messages to whoever waits for the name or is started by it.
    """

    element_id: str
    kind: str  # "message" or "signal"
    name: str
    payload: dict[str, Any] = field(default_factory=dict)
    correlation: dict[str, Any] = field(default_factory=dict)


class Host(Protocol):
    """The engine, as an element sees it. Anything raised puts the step into ERROR and passes on."""

    def now(self) -> datetime:
        """The time of this command, aware: timers are due at or before it."""

    def run_service(self, task: Task, call: ServiceCall) -> Mapping[str, Any] | None:
        """Run or hand over a service.

        Returns its outputs where it has finished: the element writes them into the data.
        None leaves the step STARTED; the host later ends it by `service.finish(task,
        outputs)`, or by `errors.throw_error(task, code, ...)` for a business error. Never
        throw an error from inside this call: the step is still running. Return None and
        throw it when `task.run()` has returned (`did_complete_task`).
        """

    def latest(self, key: str) -> str:
        """The specification of the newest version of a process; raises where it may not be started."""

    def run_decision(self, task: Task, call: DecisionCall) -> Any:
        """Evaluate a decision and return its result, JSON-safe; the element writes it into the data."""

    def throw(self, task: Task, throw: Throw) -> None:
        """Publish a message or broadcast a signal, once the run is at its waiting point."""


def host_of(task: Task) -> Host:
    """The host that hangs on the script engine of this task's workflow."""
    return cast(Host, task.workflow.top_workflow.script_engine.host)
