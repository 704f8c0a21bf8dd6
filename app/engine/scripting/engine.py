"""The script engine SpiffWorkflow asks: our sandbox, and the host the elements find through it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn.exceptions import WorkflowTaskException
from SpiffWorkflow.bpmn.script_engine import BasePythonScriptEngineEnvironment, PythonScriptEngine
from SpiffWorkflow.task import Task

from app.engine.elements.host import Host
from app.engine.scripting.errors import ScriptError
from app.engine.scripting.run import evaluate, execute


class ElementFailed(WorkflowTaskException):  # type: ignore[misc]
    """An expression or script of an element failed: `element_id`, `line` and the reason."""

    def __init__(self, task: Task, error: ScriptError) -> None:
        self.element_id = task.task_spec.bpmn_id or task.task_spec.name
        self.line = error.line
        self.reason = str(error)
        super().__init__(f"{self.element_id}: {error}", task=task, line_number=error.line, error_line=error.source)


class ScriptEngine(PythonScriptEngine):  # type: ignore[misc]
    """One for each command: it carries the host of that command."""

    def __init__(self, host: Host) -> None:
        super().__init__(BasePythonScriptEngineEnvironment())
        self.host = host

    def evaluate(self, task: Task, expression: str, external_context: Mapping[str, Any] | None = None) -> Any:
        """The value of a normalized expression over the task's variables (and its scope's data objects)."""
        try:
            return evaluate(expression, {**(external_context or {}), **task.data}, now=self.host.now)
        except ScriptError as exc:
            raise ElementFailed(task, exc) from None

    def execute(self, task: Task, script: str, external_context: Mapping[str, Any] | None = None) -> bool:
        """Run a script on a private copy of the task's variables."""
        try:
            execute(script, task.data, now=self.host.now)
        except ScriptError as exc:
            raise ElementFailed(task, exc) from None
        return True

    def call_service(self, task: Task, **kwargs: Any) -> Any:
        raise NotImplementedError("services run through the host")
