"""What each element of a version does, as text that can be compared: names, notes and the drawing do not count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from lxml import etree
from lxml.etree import _Element

from app.engine.definitions.models import Definition
from app.engine.definitions.names import BPMN, CAMUNDA, NODES, SCOPES, local
from app.engine.definitions.queries import DefinitionNotFound
from app.engine.definitions.xml import read_xml
from app.kernel.db import session

Flow = tuple[str, str, bool]
"""Of a sequence flow: its other end, its condition, whether it is the default."""

_SILENT = {f"{BPMN}{name}" for name in ("incoming", "outgoing", "documentation", "laneSet", "sequenceFlow")}
_REFERENCES = ("messageRef", "signalRef", "errorRef", "escalationRef")
_PINNED = {"formRef": "form", "decisionRef": "dmn", "formKey": "form"}


@dataclass(frozen=True, slots=True)
class Node:
    """A node of a diagram. `pins` are the definition ids of what it names."""

    id: str
    kind: str
    name: str
    name_en: str
    process: str
    body: str
    leaving: frozenset[Flow]
    arriving: frozenset[Flow]
    pins: frozenset[str]


def read_nodes(definition_id: str) -> dict[str, Node]:
    """The nodes of one version by id. Raises `DefinitionNotFound`."""
    row = session.get(Definition, definition_id)
    if row is None:
        raise DefinitionNotFound(_l("There is no definition %(key)s.", key=definition_id), reference=definition_id)
    root = read_xml(row.content)
    named = {entry["id"]: entry for entry in row.elements}
    drawing = _Drawing(
        flows=list(root.iter(f"{BPMN}sequenceFlow")),
        defaults={node.get("default") for node in root.iter(*NODES)} - {None},
        meanings=_meanings(root),
        bindings=row.bindings,
    )
    every = [node for node in root.iter(*NODES) if node.get("id") in named]
    return {node.get("id", ""): _node(node, named[node.get("id", "")], drawing) for node in every}


@dataclass(frozen=True, slots=True)
class _Drawing:
    """What a node refers to beside itself: flows, which of them are defaults, root elements, pinned definitions."""

    flows: list[_Element]
    defaults: set[str | None]
    meanings: Mapping[str, str]
    bindings: Mapping[str, str]


def _node(node: _Element, entry: Mapping[str, str], drawing: _Drawing) -> Node:
    node_id = node.get("id", "")
    leaving = [flow for flow in drawing.flows if flow.get("sourceRef") == node_id]
    arriving = [flow for flow in drawing.flows if flow.get("targetRef") == node_id]
    return Node(
        id=node_id,
        kind=local(node),
        name=entry.get("name", ""),
        name_en=entry.get("name_en", ""),
        process=entry.get("process", ""),
        body=_body(node, drawing.meanings),
        leaving=frozenset(_flow(flow, "targetRef", drawing.defaults) for flow in leaving),
        arriving=frozenset(_flow(flow, "sourceRef", drawing.defaults) for flow in arriving),
        pins=frozenset(_pins(node, drawing.bindings)),
    )


def _flow(flow: _Element, end: str, defaults: set[str | None]) -> Flow:
    condition = " ".join((flow.findtext(f"{BPMN}conditionExpression") or "").split())
    return flow.get(end, ""), condition, flow.get("id") in defaults


def _pins(node: _Element, bindings: Mapping[str, str]) -> Iterator[str]:
    for attribute, kind in _PINNED.items():
        yield bindings.get(f"{kind}:{node.get(CAMUNDA + attribute, '')}", "")
    yield bindings.get(f"bpmn:{node.get('calledElement', '')}", "")


def _body(node: _Element, meanings: Mapping[str, str]) -> str:
    """The node as canonical XML, without its id, what is only told to people, and the steps inside it."""
    copy = deepcopy(node)
    copy.tail = None
    for attribute in ("id", "name", "default"):
        copy.attrib.pop(attribute, "")
    for child in list(copy):
        if child.tag in _SILENT or child.tag in NODES | SCOPES or not isinstance(child.tag, str):
            copy.remove(child)
    for entry in [one for one in copy.iter(f"{CAMUNDA}property") if one.get("name") == "name_en"]:
        entry.getparent().remove(entry)  # type: ignore[union-attr]
    for part in copy.iter():
        _quieten(part, meanings)
    for empty in (f"{CAMUNDA}properties", f"{BPMN}extensionElements"):
        for box in [one for one in copy.iter(empty) if not len(one)]:
            box.getparent().remove(box)  # type: ignore[union-attr]
    return etree.tostring(copy, method="c14n", exclusive=True).decode()


def _quieten(part: _Element, meanings: Mapping[str, str]) -> None:
    if part.getparent() is not None and part.tag not in (f"{BPMN}script", f"{BPMN}conditionExpression"):
        part.attrib.pop("id", "")
    part.text = part.text.strip() if part.text and part.text.strip() else None
    part.tail = None
    for reference in _REFERENCES:
        if part.get(reference):
            part.set(reference, meanings.get(part.get(reference, ""), ""))


def _meanings(root: _Element) -> dict[str, str]:
    """What a reference to a message, signal, error or escalation means, whatever its id."""
    return {
        child.get("id", ""): child.get("errorCode") or child.get("escalationCode") or child.get("name") or ""
        for child in root
        if isinstance(child.tag, str) and child.get("id")
    }
