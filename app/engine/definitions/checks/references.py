"""What a diagram names must exist: messages, errors, services, forms, decisions, called processes."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from flask_babel import gettext as _
from lxml.etree import _Element

from app.engine.definitions.bindings import named_by
from app.engine.definitions.camunda import decision_of, properties_of, service_name
from app.engine.definitions.checks.diagram import Diagram
from app.engine.definitions.checks.words import word
from app.engine.definitions.names import CAMUNDA, local
from app.kernel.registry import Service


def check(diagram: Diagram, known: Collection[str] | None, services: Mapping[str, Service]) -> None:
    _messages(diagram)
    _codes(diagram)
    _services(diagram, services)
    _clean_up(diagram, services)
    _decisions(diagram, known)
    _forms(diagram, known)
    _calls(diagram, known)
    _bindings(diagram)


def _bindings(diagram: Diagram) -> None:
    """Which version is meant is said in one way, and in a way this engine has."""
    meant: dict[str, tuple[str, str]] = {}
    for process in diagram.processes:
        for named in named_by(process):
            if named.how == "versionTag":
                message = _("Version tags are not supported: bind by deployment, latest or version.")
                diagram.error(named.node, "no-version-tag", message)
            elif named.how not in {"deployment", "latest", "version"}:
                diagram.error(named.node, "no-binding", _("The binding is unknown: use deployment, latest or version."))
            elif named.how == "version" and not (named.version.isascii() and named.version.isdigit()):
                diagram.error(named.node, "no-version-number", _("The version is missing or no whole number."))
            elif meant.setdefault(named.reference, named.meaning) != named.meaning:
                name = named.reference.partition(":")[2]
                message = _("%(name)s is bound in another way elsewhere in this diagram.", name=name)
                diagram.error(named.node, "mixed-binding", message)


def _messages(diagram: Diagram) -> None:
    for kind in ("message", "signal"):
        declared = diagram.definitions(kind)
        for event in diagram.each(f"{kind}EventDefinition"):
            _named(diagram, event, event.get(f"{kind}Ref"), declared, kind)
        if kind == "message":
            for task in diagram.each("receiveTask"):
                _named(diagram, task, task.get("messageRef"), declared, kind)
            for task in diagram.each("sendTask"):
                if task.get("messageRef"):
                    _named(diagram, task, task.get("messageRef"), declared, kind)


def _named(
    diagram: Diagram, node: _Element, reference: str | None, declared: Mapping[str, _Element], kind: str
) -> None:
    if not reference or reference not in declared:
        diagram.error(node, f"undefined-{kind}", _("The %(kind)s is not defined.", kind=word(kind)))
    elif not (declared[reference].get("name") or "").strip():
        diagram.error(node, f"unnamed-{kind}", _("The %(kind)s has no name.", kind=word(kind)))


def _codes(diagram: Diagram) -> None:
    for kind in ("error", "escalation"):
        declared = diagram.definitions(kind)
        for definition in diagram.each(f"{kind}EventDefinition"):
            reference = definition.get(f"{kind}Ref")
            event = definition.getparent()
            throws = event is not None and local(event) in {"endEvent", "intermediateThrowEvent"}
            if reference and reference not in declared:
                diagram.error(definition, f"undefined-{kind}", _("The %(kind)s is not defined.", kind=word(kind)))
            elif reference and not declared[reference].get(f"{kind}Code"):
                diagram.error(definition, f"{kind}-without-code", _("The %(kind)s has no code.", kind=word(kind)))
            elif not reference and throws:
                diagram.error(definition, f"undefined-{kind}", _("The %(kind)s is not defined.", kind=word(kind)))


def _services(diagram: Diagram, services: Mapping[str, Service]) -> None:
    for task in diagram.each("serviceTask", "sendTask", "businessRuleTask", "messageEventDefinition"):
        name, external = service_name(task)
        if name:
            _service(diagram, task, services.get(name), name, external)
        elif _needs_service(task):
            message = _("It names no service: set a topic, or a delegateExpression like ${domain.service}.")
            diagram.error(task, "no-service", message)


def _clean_up(diagram: Diagram, services: Mapping[str, Service]) -> None:
    """The services that a process names for its termination."""
    for process in diagram.processes:
        for name in properties_of(process).get("on_terminate", "").split(","):
            if name.strip() and name.strip() not in services:
                diagram.error(process, "unknown-service", _("There is no service %(name)s.", name=name.strip()))


def _needs_service(task: _Element) -> bool:
    if local(task) == "sendTask":
        return not task.get("messageRef")
    if local(task) == "businessRuleTask":
        return decision_of(task) is None
    return local(task) == "serviceTask" or task.get(f"{CAMUNDA}delegateExpression") is not None


def _service(diagram: Diagram, task: _Element, service: Service | None, name: str, external: bool) -> None:
    if local(task) == "messageEventDefinition":
        message = _("A message event sends its message: use a service task for %(name)s.", name=name)
        diagram.error(task, "service-on-event", message)
    elif service is None:
        diagram.error(task, "unknown-service", _("There is no service %(name)s.", name=name))
    elif not external and not service.inline:
        message = _("%(name)s reaches outside the database: name it as an external topic.", name=name)
        diagram.error(task, "not-inline", message)


def _decisions(diagram: Diagram, known: Collection[str] | None) -> None:
    results = {"", "singleEntry", "singleResult", "collectEntries", "resultList"}
    for task in diagram.each("businessRuleTask"):
        decision = decision_of(task)
        if decision and known is not None and f"dmn:{decision}" not in known:
            diagram.error(task, "unknown-decision", _("There is no decision %(name)s.", name=decision))
        if task.get(f"{CAMUNDA}mapDecisionResult", "") not in results:
            diagram.error(task, "decision-result", _("The way the result is mapped is unknown."))


def _forms(diagram: Diagram, known: Collection[str] | None) -> None:
    for task in diagram.each("userTask"):
        form = task.get(f"{CAMUNDA}formRef")
        if form and known is not None and f"form:{form}" not in known:
            diagram.error(task, "unknown-form", _("There is no form %(name)s.", name=form))


def _calls(diagram: Diagram, known: Collection[str] | None) -> None:
    for call in diagram.each("callActivity"):
        called = call.get("calledElement", "").strip()
        if not called or "{" in called:
            diagram.error(call, "no-called-process", _("The call activity must name its process by key."))
        elif known is not None and f"bpmn:{called}" not in known:
            diagram.error(call, "unknown-process", _("There is no process %(name)s.", name=called))
    for process in diagram.processes:
        for entry in process.iter(f"{CAMUNDA}in", f"{CAMUNDA}out"):
            if entry.get("local") == "true":
                diagram.warn(entry, "ignored-local", _("local has no effect here."))
