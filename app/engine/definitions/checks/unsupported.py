"""What this engine does not run is refused by name, so that nothing is silently run wrong."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from lxml.etree import _Element

from app.engine.definitions.checks import starting
from app.engine.definitions.checks.diagram import Diagram
from app.engine.definitions.checks.words import word
from app.engine.definitions.names import BPMN, CAMUNDA, EVENTS, local

REFUSED_ELEMENTS: dict[str, object] = {
    "complexGateway": _l("Complex gateways are not supported: use exclusive, inclusive or parallel gateways."),
    "compensateEventDefinition": _l("Compensation is not supported: model the undoing steps as a path."),
    "adHocSubProcess": _l("Ad-hoc subprocesses are not supported."),
    "conditionalEventDefinition": _l("Conditional events are not supported: publish a message when it holds."),
    "dataStoreReference": _l("Data stores are not supported: use a service task."),
    "loopDataOutputRef": _l(
        "Outputs of several runs are gathered by the properties output_collection and output_element."
    ),
    "eventSubProcess": _l("Event subprocesses of this form are not supported."),
    "globalTask": _l("Global tasks are not supported."),
    "choreographyTask": _l("Choreographies are not supported."),
    "callConversation": _l("Conversations are not supported."),
    "potentialOwner": _l("Owners are not supported: name candidates by camunda:candidateGroups."),
    "humanPerformer": _l("Owners are not supported: name candidates by camunda:candidateGroups."),
    "ioSpecification": _l("Input and output specifications are not supported: use camunda:inputOutput."),
    "implicitThrowEvent": _l("Implicit throw events are not supported."),
}
REFUSED_EXTENSIONS: dict[str, object] = {
    "executionListener": _l("Listeners are not supported: put a service task into the path."),
    "taskListener": _l("Listeners are not supported: put a service task into the path."),
    "connector": _l("Connectors are not supported: use a named service."),
    "formData": _l("Generated forms are not supported: name a form by formRef."),
    "field": _l("Field injection is not supported: use input parameters."),
    "script": _l("A script is not supported as a value: use an expression."),
}
REFUSED_ATTRIBUTES: dict[str, object] = {
    "class": _l("A Java class is not supported: name a service by delegateExpression."),
    "expression": _l("An expression as implementation is not supported: name a service by delegateExpression."),
    "resource": _l("A script in a file is not supported: write it into the diagram."),
    "formKey": _l("formKey is not supported: name a form by formRef."),
    "variableMappingClass": _l("A Java class is not supported: use camunda:in and camunda:out."),
    "variableMappingDelegateExpression": _l("A mapping delegate is not supported: use camunda:in and camunda:out."),
    "caseRef": _l("CMMN cases are not supported."),
    "calledElementTenantId": _l("Tenants are not supported."),
    "decisionRefTenantId": _l("Tenants are not supported."),
    "calledElementVersionTag": _l("Version tags are not supported: bind by deployment, latest or version."),
    "decisionRefVersionTag": _l("Version tags are not supported: bind by deployment, latest or version."),
    "formRefVersionTag": _l("Version tags are not supported: bind by deployment, latest or version."),
}
FOREIGN = {
    "http://flowable.org/bpmn": "Flowable",
    "http://activiti.org/bpmn": "Activiti",
    "http://www.jboss.org/drools": "jBPM",
    "http://camunda.org/schema/zeebe/1.0": "Camunda 8",
}
"""Extensions that say how a process runs on another engine: passed over, a task would have no candidates."""
IGNORED_ATTRIBUTES = ("asyncBefore", "asyncAfter", "exclusive", "jobPriority")


def check(diagram: Diagram) -> None:
    for process in diagram.processes:
        for node in process.iter():
            name = local(node)
            if node.tag == BPMN + name and name in REFUSED_ELEMENTS:
                diagram.error(node, f"no-{name}", str(REFUSED_ELEMENTS[name]))
            elif node.tag == CAMUNDA + name and name in REFUSED_EXTENSIONS:
                diagram.error(node, f"no-{name}", str(REFUSED_EXTENSIONS[name]))
            _attributes(diagram, node)
    starting.check(diagram)
    for rule in _RULES:
        rule(diagram)


def _attributes(diagram: Diagram, node: _Element) -> None:
    for name, message in REFUSED_ATTRIBUTES.items():
        if node.get(CAMUNDA + name) is not None:
            diagram.error(node, f"no-{name}", str(message))
    if node.get(f"{CAMUNDA}asyncBefore") == "true" or node.get(f"{CAMUNDA}asyncAfter") == "true":
        message = _("Asynchronous continuation has no effect: an external service task runs as a job.")
        diagram.warn(node, "ignored-async", message)
    if node.get("isForCompensation") == "true":
        diagram.error(node, "no-compensation", _("Compensation is not supported: model the undoing steps as a path."))


def _foreign(diagram: Diagram) -> None:
    for process in diagram.processes:
        for node in process.iter():
            names = [node.tag, *node.attrib] if isinstance(node.tag, str) else []
            for product in sorted({FOREIGN[uri] for name in names if (uri := _namespace(str(name))) in FOREIGN}):
                message = _(
                    "The extensions of %(product)s have no effect here: use those of Camunda 7.", product=product
                )
                diagram.error(node, "foreign-extension", message)


def _namespace(name: str) -> str:
    return name[1:].partition("}")[0] if name.startswith("{") else ""


_CATCHES = {"messageEventDefinition", "signalEventDefinition", "timerEventDefinition"}
_ALLOWED_EVENTS: dict[str, set[str]] = {
    "startEvent": _CATCHES | {"conditionalEventDefinition", "errorEventDefinition", "escalationEventDefinition"},
    "intermediateCatchEvent": _CATCHES | {"linkEventDefinition"},
    "intermediateThrowEvent": {
        "messageEventDefinition",
        "signalEventDefinition",
        "escalationEventDefinition",
        "linkEventDefinition",
    },
    "boundaryEvent": _CATCHES | {"errorEventDefinition", "escalationEventDefinition", "cancelEventDefinition"},
    "endEvent": {
        "messageEventDefinition",
        "signalEventDefinition",
        "errorEventDefinition",
        "escalationEventDefinition",
        "terminateEventDefinition",
        "cancelEventDefinition",
    },
}
_ALREADY_REFUSED = {"compensateEventDefinition", "conditionalEventDefinition"}


def _event_definitions(diagram: Diagram) -> None:
    for event in diagram.nodes:
        if event.tag not in EVENTS:
            continue
        found = [local(child) for child in event if local(child).endswith("EventDefinition")]
        found += ["eventDefinitionRef" for child in event if local(child) == "eventDefinitionRef"]
        if len(found) > 1:
            diagram.error(event, "multiple-events", _("An event may wait for or throw only one thing."))
        for kind in found:
            if kind not in _ALLOWED_EVENTS[local(event)] | _ALREADY_REFUSED:
                diagram.error(
                    event,
                    f"no-{kind}",
                    _("This event cannot hold a %(kind)s.", kind=word(kind.removesuffix("EventDefinition"))),
                )
        if not found and local(event) in {"intermediateCatchEvent", "boundaryEvent"}:
            diagram.error(event, "event-of-nothing", _("The event does not say what it waits for."))


def _boundaries(diagram: Diagram) -> None:
    for event in diagram.each("boundaryEvent"):
        host = diagram.by_id.get(event.get("attachedToRef", ""))
        interrupting = event.get("cancelActivity", "true") == "true"
        if event.find(f"{BPMN}errorEventDefinition") is not None and not interrupting:
            diagram.error(event, "error-not-interrupting", _("An error always interrupts its activity."))
        if event.find(f"{BPMN}cancelEventDefinition") is not None and (host is None or local(host) != "transaction"):
            diagram.error(event, "cancel-without-transaction", _("Cancelling is possible only at a transaction."))
        if interrupting and event.find(f"{BPMN}timerEventDefinition/{BPMN}timeCycle") is not None:
            message = _("A repeating timer must not interrupt: an interrupted activity is over.")
            diagram.error(event, "cycle-interrupting", message)
    for event in diagram.each("intermediateCatchEvent"):
        if event.find(f"{BPMN}timerEventDefinition/{BPMN}timeCycle") is not None:
            message = _("A repeating timer is possible only at a non-interrupting boundary event.")
            diagram.error(event, "cycle-in-path", message)


def _cancel_ends(diagram: Diagram) -> None:
    for definition in diagram.each("cancelEventDefinition"):
        event = definition.getparent()
        scope = event.getparent() if event is not None else None
        if event is not None and local(event) == "endEvent" and (scope is None or local(scope) != "transaction"):
            diagram.error(event, "cancel-without-transaction", _("Cancelling is possible only at a transaction."))


def _event_gateways(diagram: Diagram) -> None:
    for gateway in diagram.each("eventBasedGateway"):
        if gateway.get("instantiate") == "true":
            diagram.error(gateway, "instantiating-gateway", _("An event gateway cannot start a process."))
        targets = [diagram.by_id.get(flow.get("targetRef", "")) for flow in diagram.outgoing(gateway)]
        if len(targets) < 2:
            diagram.error(gateway, "event-gateway-paths", _("An event gateway needs at least two paths."))
        for target in targets:
            if target is None:
                continue
            if local(target) not in {"intermediateCatchEvent", "receiveTask"}:
                message = _("Behind an event gateway only catching events and receive tasks may stand.")
                diagram.error(target, "event-gateway-target", message)
            elif len(diagram.incoming(target)) > 1:
                message = _("An event behind an event gateway may have no other incoming flow.")
                diagram.error(target, "event-gateway-target", message)
            elif any(event.get("attachedToRef") == target.get("id") for event in diagram.each("boundaryEvent")):
                message = _("A receive task behind an event gateway may have no boundary events.")
                diagram.error(target, "event-gateway-target", message)


def _loops(diagram: Diagram) -> None:
    for loop in diagram.each("multiInstanceLoopCharacteristics"):
        cardinality = loop.find(f"{BPMN}loopCardinality") is not None
        collection = loop.get(f"{CAMUNDA}collection") or loop.find(f"{BPMN}loopDataInputRef") is not None
        if bool(cardinality) == bool(collection):
            message = _("A multi-instance activity needs a collection or a number of runs, one of both.")
            diagram.error(loop, "multi-instance", message)
        if loop.getparent() is not None and local(loop.getparent()) == "receiveTask":  # type: ignore[arg-type]
            diagram.error(loop, "multi-instance-receive", _("A receive task cannot have several runs."))
    for loop in diagram.each("standardLoopCharacteristics"):
        if loop.find(f"{BPMN}loopCondition") is None and not loop.get("loopMaximum", "").isdigit():
            diagram.error(loop, "endless-loop", _("A loop needs a condition or a maximum."))


def _links(diagram: Diagram) -> None:
    for scope in diagram.scopes:
        catches = _link_names(scope, "intermediateCatchEvent")
        for name in {name for name, _event in catches if len([1 for other, _e in catches if other == name]) > 1}:
            diagram.error(scope, "link-twice", _("Two link targets are named %(name)s.", name=name))
        names = {name for name, _event in catches}
        for name, event in _link_names(scope, "intermediateThrowEvent"):
            if name not in names:
                diagram.error(event, "link-to-nowhere", _("There is no link target named %(name)s.", name=name))
            if diagram.outgoing(event):
                diagram.error(event, "link-with-flow", _("No flow leaves the source of a link."))


def _link_names(scope: _Element, tag: str) -> list[tuple[str, _Element]]:
    return [
        (definition.get("name", ""), event)
        for event in scope.findall(BPMN + tag)
        for definition in event.findall(f"{BPMN}linkEventDefinition")
    ]


_RULES: tuple[Callable[[Diagram], None], ...] = (
    _foreign,
    _event_definitions,
    _boundaries,
    _cancel_ends,
    _event_gateways,
    _loops,
    _links,
)
