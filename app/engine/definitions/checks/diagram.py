"""A diagram while it is checked: its nodes and flows by id, and the problems found."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml.etree import _Element

from app.engine.definitions.names import BPMN, NODES, REFUSED_NODES, SCOPES
from app.engine.definitions.problems import Problem, Severity


class Diagram:
    """`processes` are the executable ones; `nodes` and `flows` those inside them."""

    def __init__(self, file: str, root: _Element) -> None:
        self.file = file
        self.root = root
        self.problems: list[Problem] = []
        self.processes = [node for node in root.findall(f"{BPMN}process") if node.get("isExecutable") == "true"]
        self.scopes = [scope for process in self.processes for scope in process.iter(*SCOPES)]
        self.nodes = [node for scope in self.scopes for node in scope if node.tag in NODES]
        self.flows = [flow for scope in self.scopes for flow in scope.findall(f"{BPMN}sequenceFlow")]
        self.by_id: dict[str, _Element] = {}
        for node in [node for scope in self.scopes for node in scope if node.tag in NODES | REFUSED_NODES]:
            self.by_id.setdefault(node.get("id", ""), node)

    def error(self, node: _Element | str, rule: str, message: str) -> None:
        self._add(node, rule, "error", message)

    def warn(self, node: _Element | str, rule: str, message: str) -> None:
        self._add(node, rule, "warning", message)

    def each(self, *tags: str) -> Iterator[_Element]:
        """Elements of these BPMN names inside the executable processes, wherever they are."""
        names = [BPMN + tag for tag in tags]
        return (node for process in self.processes for node in process.iter(*names))

    def outgoing(self, node: _Element) -> list[_Element]:
        return [flow for flow in self.flows if flow.get("sourceRef") == node.get("id")]

    def incoming(self, node: _Element) -> list[_Element]:
        return [flow for flow in self.flows if flow.get("targetRef") == node.get("id")]

    def definitions(self, tag: str) -> dict[str, _Element]:
        """Messages, signals, errors or escalations of the file by id."""
        return {node.get("id", ""): node for node in self.root.findall(BPMN + tag)}

    def _add(self, node: _Element | str, rule: str, severity: Severity, message: Any) -> None:
        self.problems.append(Problem(self.file, element_id(node), rule, severity, str(message)))


def element_id(node: _Element | str) -> str:
    """The id to show for a node: its own, else that of the nearest element around it that has one."""
    if isinstance(node, str):
        return node
    current: _Element | None = node
    while current is not None:
        found = current.get("id")
        if found and current.tag in NODES | REFUSED_NODES | SCOPES | {f"{BPMN}sequenceFlow"}:
            return found
        current = current.getparent()
    return node.get("id") or ""
