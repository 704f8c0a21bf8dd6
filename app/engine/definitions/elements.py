"""The elements of a diagram as people and the engine name them, read once when it is deployed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from lxml.etree import _Element

from app.engine.definitions.camunda import properties_of
from app.engine.definitions.names import BPMN, NODES, SCOPES, local


@dataclass(frozen=True, slots=True)
class Element:
    """A node, flow or process of a diagram.

    `kind` is its BPMN name (`userTask`, `sequenceFlow`, `process`); `process` the id of the
    process or subprocess it lies in; `properties` are Camunda's attributes and
    `camunda:property` values by local name, as written (`${...}` included); `source` and
    `target` are set for sequence flows, `event` for events (`timer`, `message`, ...).
    """

    id: str
    kind: str
    name: str = ""
    name_en: str = ""
    documentation: str = ""
    process: str = ""
    lane: str = ""
    source: str = ""
    target: str = ""
    event: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def read_elements(root: _Element) -> list[Element]:
    """Every process, node and sequence flow of a diagram, outer before inner."""
    lanes = {
        (ref.text or "").strip(): lane.get("name", "")
        for lane in root.iter(f"{BPMN}lane")
        for ref in lane.findall(f"{BPMN}flowNodeRef")
    }
    return [_read(node, lanes) for node in _flow_elements(root)]


def _flow_elements(root: _Element) -> Iterator[_Element]:
    wanted = NODES | SCOPES | {f"{BPMN}sequenceFlow"}
    return (node for node in root.iter(*wanted) if node.get("id"))


def _read(node: _Element, lanes: Mapping[str, str]) -> Element:
    properties = properties_of(node)
    parent = node.getparent()
    event = next((local(child) for child in node if local(child).endswith("EventDefinition")), "")
    return Element(
        id=node.get("id", ""),
        kind=local(node),
        name=" ".join(node.get("name", "").split()),
        name_en=properties.get("name_en", ""),
        documentation=(node.findtext(f"{BPMN}documentation") or "").strip(),
        process=parent.get("id", "") if parent is not None and parent.tag in SCOPES else "",
        lane=lanes.get(node.get("id", ""), ""),
        source=node.get("sourceRef", ""),
        target=node.get("targetRef", ""),
        event=event.removesuffix("EventDefinition"),
        properties=properties,
    )
