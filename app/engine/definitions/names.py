"""XML names of BPMN, its diagram, and Camunda's extensions, in lxml's `{namespace}` form."""

from __future__ import annotations

from lxml.etree import _Element

BPMN_NS = "http://www.omg.org/spec/BPMN/20100524/MODEL"
CAMUNDA_NS = "http://camunda.org/schema/1.0/bpmn"
BPMN = f"{{{BPMN_NS}}}"
CAMUNDA = f"{{{CAMUNDA_NS}}}"
XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"

TASKS = frozenset(
    BPMN + name
    for name in [
        *("task", "userTask", "manualTask", "scriptTask", "serviceTask", "sendTask", "receiveTask"),
        *("businessRuleTask", "callActivity", "subProcess", "transaction"),
    ]
)
GATEWAYS = frozenset(
    BPMN + name for name in ("exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway")
)
EVENTS = frozenset(
    BPMN + name
    for name in ("startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent")
)
NODES = TASKS | GATEWAYS | EVENTS
REFUSED_NODES = frozenset(BPMN + name for name in ("complexGateway", "adHocSubProcess", "dataStoreReference"))
"""Nodes that a diagram may hold but this engine does not run."""
SCOPES = frozenset(BPMN + name for name in ("process", "subProcess", "transaction"))


def local(node: _Element) -> str:
    """The name of an element without its namespace; "" for comments and instructions."""
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""
