"""A path that simply stops ends there: an end event is put behind it, so that the process can complete."""

from __future__ import annotations

from lxml.etree import _Element

from app.engine.definitions.names import BPMN, EVENTS, GATEWAYS, TASKS
from app.engine.definitions.normalize.build import add, connect, outgoing, scopes

_STOPS = (TASKS | EVENTS | GATEWAYS) - {f"{BPMN}endEvent", f"{BPMN}eventBasedGateway"}


def rewrite(root: _Element) -> None:
    for scope in scopes(root):
        for node in list(scope):
            if node.tag in _STOPS and node.get("triggeredByEvent") != "true" and not outgoing(scope, node.get("id")):
                end = add(scope, "endEvent", id=f"{node.get('id')}.end")
                connect(scope, node.get("id", ""), end.get("id", ""))
