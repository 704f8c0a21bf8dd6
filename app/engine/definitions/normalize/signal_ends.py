"""Signal end events do nothing in SpiffWorkflow: each becomes a signal throw before a plain end."""

from __future__ import annotations

from lxml.etree import _Element

from app.engine.definitions.names import BPMN
from app.engine.definitions.normalize.build import add, connect, flows, scopes

SIGNAL = f"{BPMN}signalEventDefinition"


def rewrite(root: _Element) -> None:
    for scope in scopes(root):
        for end in scope.findall(f"{BPMN}endEvent"):
            definition = end.find(SIGNAL)
            if definition is not None:
                _split(scope, end, definition)


def _split(scope: _Element, end: _Element, definition: _Element) -> None:
    end_id = end.get("id", "")
    throw = add(scope, "intermediateThrowEvent", id=f"{end_id}.throw")
    extensions = end.find(f"{BPMN}extensionElements")
    if extensions is not None:
        throw.append(extensions)
    throw.append(definition)
    for flow in flows(scope):
        if flow.get("targetRef") == end_id:
            flow.set("targetRef", throw.get("id", ""))
    connect(scope, throw.get("id", ""), end_id)
