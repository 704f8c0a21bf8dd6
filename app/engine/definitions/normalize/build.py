"""Making and finding nodes while a diagram is rewritten."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree
from lxml.etree import _Element

from app.engine.definitions.names import BPMN, SCOPES


def add(parent: _Element, tag: str, **attributes: str) -> _Element:
    """A new BPMN element at the end of `parent`."""
    return etree.SubElement(parent, BPMN + tag, attributes)


def connect(scope: _Element, source: str, target: str) -> _Element:
    """A new sequence flow, named after its ends."""
    return add(scope, "sequenceFlow", id=f"{source}.to.{target}", sourceRef=source, targetRef=target)


def scopes(root: _Element) -> Iterator[_Element]:
    """Processes and subprocesses."""
    return (node for node in root.iter(*SCOPES))


def flows(scope: _Element) -> list[_Element]:
    return scope.findall(f"{BPMN}sequenceFlow")


def outgoing(scope: _Element, node_id: str | None) -> list[_Element]:
    return [flow for flow in flows(scope) if flow.get("sourceRef") == node_id]
