"""Conditions on flows and gateways: every choice can be made."""

from __future__ import annotations

from flask_babel import gettext as _
from lxml.etree import _Element

from app.engine.definitions.checks.diagram import Diagram
from app.engine.definitions.names import BPMN, local

CONDITION = f"{BPMN}conditionExpression"


def check(diagram: Diagram) -> None:
    for gateway in diagram.each("exclusiveGateway", "inclusiveGateway"):
        _choice(diagram, gateway)
    for node in diagram.each("parallelGateway", "eventBasedGateway"):
        for flow in diagram.outgoing(node):
            if flow.find(CONDITION) is not None:
                diagram.error(flow, "condition-ignored", _("A condition has no meaning behind this gateway."))
    for node in diagram.nodes:
        _default(diagram, node)


def _choice(diagram: Diagram, gateway: _Element) -> None:
    leaving = diagram.outgoing(gateway)
    default = gateway.get("default")
    if len(leaving) < 2:
        return
    for flow in leaving:
        if flow.get("id") != default and flow.find(CONDITION) is None:
            diagram.error(flow, "no-condition", _("The flow has no condition and is not the default."))
    if default is None and all(flow.find(CONDITION) is not None for flow in leaving):
        message = _("There is no default flow: the process stops here when no condition holds.")
        diagram.warn(gateway, "no-default", message)


def _default(diagram: Diagram, node: _Element) -> None:
    default = node.get("default")
    if not default:
        return
    flow = next((flow for flow in diagram.outgoing(node) if flow.get("id") == default), None)
    if flow is None:
        diagram.error(node, "default-elsewhere", _("The default flow does not leave this element."))
    elif flow.find(CONDITION) is not None and local(node).endswith("Gateway"):
        diagram.error(flow, "default-with-condition", _("The default flow must have no condition."))
