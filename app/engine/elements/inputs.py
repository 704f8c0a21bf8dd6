"""`camunda:inputOutput` of an element: values it is given, and names its results get.

A value is a text with `${...}`, a `camunda:list` or a `camunda:map` of values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from lxml.etree import _Element
from SpiffWorkflow.task import Task

from app.engine.definitions.names import BPMN, CAMUNDA, local
from app.engine.scripting import ScriptError, template_to_python

Value = str | list["Value"] | dict[str, "Value"]
"""A Python expression, or a structure of them."""


@dataclass(frozen=True, slots=True)
class Mappings:
    """The inputs and outputs of an element, by name."""

    inputs: dict[str, Value] = field(default_factory=dict)
    outputs: dict[str, Value] = field(default_factory=dict)


def read_mappings(node: _Element) -> Mappings:
    """Read them from an element's XML; raises `ScriptError` for what cannot be understood."""
    box = f"{BPMN}extensionElements/{CAMUNDA}inputOutput/{CAMUNDA}"
    return Mappings(
        {entry.get("name", ""): _read(entry) for entry in node.findall(f"{box}inputParameter")},
        {entry.get("name", ""): _read(entry) for entry in node.findall(f"{box}outputParameter")},
    )


def expressions(value: Value) -> list[str]:
    """Every expression within a value."""
    if isinstance(value, str):
        return [value]
    items = value.values() if isinstance(value, dict) else value
    return [text for item in items for text in expressions(item)]


def evaluate_all(task: Task, values: Mapping[str, Value]) -> dict[str, Any]:
    """The values over the task's variables, a private copy."""
    return {name: _evaluate(task, value) for name, value in values.items()}


def _read(entry: _Element) -> Value:
    for child in entry:
        if child.tag == f"{CAMUNDA}list":
            return [_read(item) for item in child]
        if child.tag == f"{CAMUNDA}map":
            return {item.get("key", ""): _read(item) for item in child}
        if isinstance(child.tag, str):
            raise ScriptError(_("%(tag)s is not supported as a value", tag=local(child)))
    return template_to_python((entry.text or "").strip())


def _evaluate(task: Task, value: Value) -> Any:
    if isinstance(value, str):
        return task.workflow.script_engine.evaluate(task, value)
    if isinstance(value, dict):
        return {key: _evaluate(task, item) for key, item in value.items()}
    return [_evaluate(task, item) for item in value]
