"""Several flows, or conditional flows, out of an activity or event: made explicit by a gateway.

SpiffWorkflow refuses several flows and ignores a condition on a single one.
"""

from __future__ import annotations

from lxml.etree import _Element

from app.engine.definitions.names import BPMN, EVENTS, TASKS
from app.engine.definitions.normalize.build import add, connect, outgoing, scopes

CONDITION = f"{BPMN}conditionExpression"


def rewrite(root: _Element) -> None:
    for scope in scopes(root):
        for node in list(scope):
            if node.tag in TASKS | EVENTS:
                _split(scope, node)


def _split(scope: _Element, node: _Element) -> None:
    leaving = outgoing(scope, node.get("id"))
    conditional = [flow for flow in leaving if flow.find(CONDITION) is not None]
    if len(leaving) < 2 and not conditional:
        return
    default = node.get("default")
    node.attrib.pop("default", "")
    kind = "inclusiveGateway" if conditional else "parallelGateway"
    gateway = add(scope, kind, id=f"{node.get('id')}.split")
    for flow in leaving:
        flow.set("sourceRef", gateway.get("id", ""))
        if conditional and flow.find(CONDITION) is None and flow.get("id") != default:
            add(flow, "conditionExpression").text = "True"
    if conditional and default:
        gateway.set("default", default)
    connect(scope, node.get("id", ""), gateway.get("id", ""))
