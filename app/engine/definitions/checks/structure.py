"""The shape of a diagram: one executable process, unique ids, flows that lead somewhere."""

from __future__ import annotations

import re
from collections import Counter

from flask_babel import gettext as _
from lxml.etree import _Element

from app.engine.definitions.checks.diagram import Diagram
from app.engine.definitions.names import BPMN, NODES, SCOPES, local

_ID = re.compile(r"^[A-Za-z_][\w.-]*$", re.ASCII)
MAX_ID = 150


def check(diagram: Diagram) -> None:
    if diagram.root.tag != f"{BPMN}definitions":
        diagram.error("", "not-bpmn", _("This is not a BPMN 2.0 diagram."))
        return
    _processes(diagram)
    _ids(diagram)
    for scope in diagram.scopes:
        _starts(diagram, scope)
    _flows(diagram)
    _boundaries(diagram)
    _reachable(diagram)


def _processes(diagram: Diagram) -> None:
    every = diagram.root.findall(f"{BPMN}process")
    if not every:
        diagram.error("", "no-process", _("The diagram holds no process."))
    elif not diagram.processes:
        diagram.error(every[0], "not-executable", _("The process is not marked as executable."))
    for process in diagram.processes[1:]:
        diagram.error(process, "several-processes", _("A diagram may hold only one executable process."))


def _ids(diagram: Diagram) -> None:
    wanted = NODES | SCOPES | {f"{BPMN}sequenceFlow"}
    counts = Counter(node.get("id") for node in diagram.root.iter() if node.get("id") and _is_bpmn(node))
    for found, count in counts.items():
        if count > 1:
            diagram.error(str(found), "duplicate-id", _("%(count)s elements share this id.", count=count))
    for process in diagram.processes:
        for node in process.iter(*wanted):
            found = node.get("id", "")
            if not _ID.match(found) or len(found) > MAX_ID:
                kind = local(node)
                diagram.error(found, "bad-id", _("The id of a %(kind)s is missing or not a plain name.", kind=kind))


def _is_bpmn(node: _Element) -> bool:
    return isinstance(node.tag, str) and node.tag.startswith(BPMN)


def _starts(diagram: Diagram, scope: _Element) -> None:
    starts = scope.findall(f"{BPMN}startEvent")
    if not starts:
        diagram.error(scope, "no-start", _("There is no start event."))
    plain = [start for start in starts if not any(local(child).endswith("EventDefinition") for child in start)]
    for start in plain[1:] if local(scope) == "process" else starts[1:]:
        diagram.error(start, "several-starts", _("There may be only one start event without an event."))
    if starts and not any(node.tag in NODES and node not in starts for node in scope):
        diagram.error(scope, "empty", _("The process does nothing."))


def _flows(diagram: Diagram) -> None:
    for flow in diagram.flows:
        for end in ("sourceRef", "targetRef"):
            node = diagram.by_id.get(flow.get(end, ""))
            if node is None:
                diagram.error(flow, "flow-to-nowhere", _("The sequence flow is connected to nothing."))
            elif node.getparent() is not flow.getparent():
                diagram.error(flow, "flow-across", _("The sequence flow crosses the border of a subprocess."))
        target = diagram.by_id.get(flow.get("targetRef", ""))
        if target is not None and target.tag in {f"{BPMN}startEvent", f"{BPMN}boundaryEvent"}:
            diagram.error(flow, "flow-into-start", _("No flow may lead into a start or boundary event."))
        source = diagram.by_id.get(flow.get("sourceRef", ""))
        if source is not None and source.tag == f"{BPMN}endEvent":
            diagram.error(flow, "flow-from-end", _("No flow may leave an end event."))


def _boundaries(diagram: Diagram) -> None:
    activities = {"userTask", "serviceTask", "callActivity", "subProcess", "transaction", "receiveTask"}
    for event in diagram.each("boundaryEvent"):
        host = diagram.by_id.get(event.get("attachedToRef", ""))
        if host is None or host.getparent() is not event.getparent():
            diagram.error(event, "attached-to-nothing", _("The boundary event is attached to nothing."))
        elif local(host) not in activities | {"task", "manualTask", "scriptTask", "sendTask", "businessRuleTask"}:
            diagram.error(event, "attached-to-nothing", _("A boundary event can only be attached to an activity."))


def _reachable(diagram: Diagram) -> None:
    for scope in diagram.scopes:
        reached = _reached(scope)
        for node in scope:
            if node.tag in NODES and node.get("id") not in reached:
                diagram.warn(node, "unreachable", _("No path leads here."))


def _reached(scope: _Element) -> set[str]:
    leaving: dict[str, list[str]] = {}
    for flow in scope.findall(f"{BPMN}sequenceFlow"):
        leaving.setdefault(flow.get("sourceRef", ""), []).append(flow.get("targetRef", ""))
    for event in scope.findall(f"{BPMN}boundaryEvent"):
        leaving.setdefault(event.get("attachedToRef", ""), []).append(event.get("id", ""))
    for throw_id, catch_id in _links(scope):
        leaving.setdefault(throw_id, []).append(catch_id)
    waiting = [node.get("id", "") for node in scope if node.tag in NODES and _begins(node)]
    reached: set[str] = set()
    while waiting:
        current = waiting.pop()
        if current not in reached:
            reached.add(current)
            waiting.extend(leaving.get(current, []))
    return reached


def _begins(node: _Element) -> bool:
    return node.tag == f"{BPMN}startEvent" or node.get("triggeredByEvent") == "true"


def _links(scope: _Element) -> list[tuple[str, str]]:
    link = f"{BPMN}linkEventDefinition"
    catches = {
        definition.get("name"): event.get("id", "")
        for event in scope.findall(f"{BPMN}intermediateCatchEvent")
        for definition in event.findall(link)
    }
    return [
        (event.get("id", ""), catches.get(definition.get("name"), ""))
        for event in scope.findall(f"{BPMN}intermediateThrowEvent")
        for definition in event.findall(link)
    ]
