"""Runs a diagram through the checks, the normalizer and the elements alone, with a host of a few lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app.engine.definitions.names import BPMN
from app.engine.definitions.normalize import normalize
from app.engine.definitions.specs import parse
from app.engine.definitions.xml import read_xml, write_xml
from app.engine.elements.errors import throw_error
from app.engine.elements.host import DecisionCall, ServiceCall, Throw
from app.engine.elements.services import finish
from app.engine.elements.starts import begin_with, start_for
from app.engine.elements.waits import Wait, deliver, waits
from app.engine.scripting.engine import ScriptEngine
from tests.conftest import START

Service = Callable[[ServiceCall], Mapping[str, Any] | None]


class BusinessFailure(Exception):
    """What a test service raises to end in a BPMN error."""


@dataclass
class Host:
    """Services by name (None: stays started), a fixed decision, thrown events kept."""

    services: dict[str, Service] = field(default_factory=dict)
    result: Any = None
    at: datetime = START
    calls: list[ServiceCall | DecisionCall] = field(default_factory=list)
    thrown: list[Throw] = field(default_factory=list)
    failed: list[tuple[Task, str]] = field(default_factory=list)

    def now(self) -> datetime:
        return self.at

    def run_service(self, task: Task, call: ServiceCall) -> Mapping[str, Any] | None:
        self.calls.append(call)
        service = self.services.get(call.name)
        if call.external or service is None:
            return None
        try:
            return service(call)
        except BusinessFailure as exc:
            self.failed.append((task, str(exc)))
            return None

    def latest(self, key: str) -> str:
        return f"def-{key}"

    def run_decision(self, task: Task, call: DecisionCall) -> Any:
        self.calls.append(call)
        return self.result

    def throw(self, task: Task, throw: Throw) -> None:
        self.thrown.append(throw)


def specs(content: bytes, *, definition_id: str = "def", bindings: Mapping[str, str] | None = None) -> Any:
    """The frozen specs of a file: (process, its subprocesses)."""
    root = read_xml(content)
    key = next(node.get("id", "") for node in root.iter(f"{BPMN}process") if node.get("isExecutable") == "true")
    return parse(write_xml(normalize(root)), key, definition_id, bindings or {})


class Flow:
    """One running instance of a diagram."""

    def __init__(
        self,
        content: bytes | tuple[Any, dict[str, Any]],
        data: Mapping[str, Any] | None = None,
        *,
        host: Host | None = None,
        called: Mapping[str, bytes] | None = None,
    ) -> None:
        bindings = {f"bpmn:{key}": f"def-{key}" for key in called or {}}
        spec, inner = specs(content, bindings=bindings) if isinstance(content, bytes) else content
        inner = dict(inner)
        for key, file in (called or {}).items():
            other, more = specs(file, definition_id=f"def-{key}", bindings=bindings)
            inner |= {other.name: other, **more}
        self.host = host or Host()
        self.workflow = BpmnWorkflow(spec, inner, script_engine=ScriptEngine(self.host))
        self.workflow.task_tree.data.update(data or {})
        begin_with(self.workflow.task_tree, start_for(spec))
        self.run()

    def run(self) -> None:
        """Run on, throwing business errors as the runtime does."""
        self.workflow.do_engine_steps()
        while self.host.failed:
            task, code = self.host.failed.pop(0)
            assert throw_error(task, code), f"nobody catches {code}"
            self.workflow.do_engine_steps()

    @property
    def open(self) -> list[str]:
        """The elements that wait for a person, sorted."""
        return sorted(task.task_spec.bpmn_id for task in self.ready())

    @property
    def done(self) -> list[str]:
        """The elements of the diagram that were completed, once each, sorted."""
        return sorted(
            {
                task.task_spec.bpmn_id
                for task in self.tasks()
                if task.has_state(TaskState.COMPLETED) and getattr(task.task_spec, "bpmn_id", None)
            }
        )

    @property
    def data(self) -> dict[str, Any]:
        """The variables at the end."""
        assert self.ended, f"still open: {self.open}"
        return dict(self.workflow.last_task.data)

    @property
    def ended(self) -> bool:
        return bool(self.workflow.is_completed())

    def tasks(self) -> list[Task]:
        every = list(self.workflow.tasks.values())
        for subprocess in self.workflow.subprocesses.values():
            every.extend(subprocess.tasks.values())
        return every

    def ready(self) -> list[Task]:
        return [task for task in self.tasks() if task.has_state(TaskState.READY) and task.task_spec.manual]

    def started(self, element: str) -> Task:
        return next(
            task for task in self.tasks() if task.has_state(TaskState.STARTED) and task.task_spec.bpmn_id == element
        )

    def complete(self, element: str, index: int = 0, **data: Any) -> Flow:
        """Complete a person's step with these values."""
        tasks = [task for task in self.ready() if task.task_spec.bpmn_id == element]
        assert tasks, f"{element} is not open: {self.open}"
        tasks[index].data.update(data)
        tasks[index].run()
        self.run()
        return self

    def finish(self, element: str, **outputs: Any) -> Flow:
        """End an external service."""
        finish(self.started(element), outputs)
        self.run()
        return self

    def fail(self, element: str, code: str) -> bool:
        """End an external service by a business error; whether anybody caught it."""
        caught = throw_error(self.started(element), code, "message", {"detail": 1})
        self.run()
        return caught

    def advance(self, **by: float) -> Flow:
        """Let time pass; what is due fires."""
        self.host.at += timedelta(**by)
        self.workflow.refresh_timers()
        self.run()
        return self

    def waits(self, kind: str | None = None) -> list[Wait]:
        return [wait for wait in waits(self.workflow) if kind is None or wait.kind == kind]

    def receive(self, name: str, **payload: Any) -> Flow:
        """Deliver a message or signal to the first that waits for it."""
        wait = next(wait for wait in self.waits() if wait.name == name)
        deliver(self.workflow, wait, payload)
        self.run()
        return self
