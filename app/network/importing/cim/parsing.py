"""Objects of a CIM file, streamed, without entities and network, within bounds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from lxml import etree

from app.customers.importing.bounds import BOUNDS
from app.network.importing.given import Finding

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
WANTED = frozenset(
    {
        *("Substation", "VoltageLevel", "Bay", "BaseVoltage", "BusbarSection", "ConnectivityNode", "Terminal"),
        *("ACLineSegment", "Breaker", "Recloser", "LoadBreakSwitch", "Disconnector", "Fuse", "Switch", "Feeder"),
        *("PowerTransformer", "PowerTransformerEnd", "TransformerEnd", "EnergySource", "ExternalNetworkInjection"),
        *("EnergyConsumer", "ConformLoad", "NonConformLoad", "UsagePoint", "Location", "PositionPoint", "Line"),
    }
)
MANY = 4_000_000
"""Objects of one import: more are not looked at."""

LONGEST = 400


class DocumentType(Exception):
    """The file declares a document type, where entities come from."""


@dataclass(slots=True)
class Thing:
    """One object: class, identity, place in its file; texts by property, references by property."""

    cls: str
    id: str
    place: str
    texts: dict[str, str] = field(default_factory=dict)
    refs: dict[str, list[str]] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        """A property by its local name (`IdentifiedObject.name`)."""
        return self.texts.get(name, default)

    def ref(self, name: str) -> str:
        """The identity a property refers to, empty where there is none."""
        return next(iter(self.refs.get(name, ())), "")

    @property
    def name(self) -> str:
        return self.text("IdentifiedObject.name")

    @property
    def code(self) -> str:
        """What we call it: its mRID, else its identity in the file."""
        return self.text("IdentifiedObject.mRID").lstrip("_") or self.id


@dataclass(slots=True)
class Model:
    """All wanted objects by identity, and by class."""

    things: dict[str, Thing] = field(default_factory=dict)
    by_class: dict[str, list[Thing]] = field(default_factory=dict)

    def of(self, *classes: str) -> Iterator[Thing]:
        for cls in classes:
            yield from self.by_class.get(cls, ())

    def get(self, identity: str) -> Thing | None:
        return self.things.get(identity)


def parse(path: Path, name: str, model: Model) -> list[Finding]:
    """Add a file's objects to the model; returns what is wrong with the file."""
    if path.stat().st_size > BOUNDS.file_bytes:
        return [Finding("error", "too_large", name, "", {"limit": BOUNDS.file_bytes // 1024**2})]
    findings: list[Finding] = []
    try:
        with path.open("rb") as stream:
            for element in _objects(stream):
                _take(element, name, model, findings)
                if len(model.things) > MANY:
                    findings.append(Finding("error", "too_many", name, "", {"limit": MANY}))
                    break
    except DocumentType:
        findings.append(Finding("error", "document_type", name, ""))
    except etree.XMLSyntaxError as broken:
        line = broken.position[0] if broken.position else 0
        findings.append(Finding("error", "broken_xml", f"{name}:{line}", "", {"message": str(broken.msg)[:200]}))
    if not findings and not model.things:
        findings.append(Finding("error", "no_cim", name, ""))
    return findings


def _objects(stream: BinaryIO) -> Iterator[Any]:
    """The children of the root, each forgotten after it was looked at. A document type is refused."""
    options: dict[str, Any] = {"resolve_entities": False, "no_network": True, "huge_tree": False, "load_dtd": False}
    depth = 0
    for event, element in etree.iterparse(stream, events=("start", "end"), **options):
        if event == "start":
            if depth == 0 and element.getroottree().docinfo.internalDTD is not None:
                raise DocumentType
            depth += 1
        elif event == "end":
            depth -= 1
            if depth == 1:
                yield element
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]


def _take(element: Any, name: str, model: Model, findings: list[Finding]) -> None:
    cls = etree.QName(element).localname
    if cls not in WANTED:
        return
    identity = _identity(element.get(f"{RDF}ID") or element.get(f"{RDF}about") or "")
    thing = Thing(cls, identity, f"{name}:{element.sourceline or 0}")
    for part in element:
        if not isinstance(part.tag, str):
            continue
        resource = part.get(f"{RDF}resource")
        if resource is None:
            thing.texts[etree.QName(part).localname] = (part.text or "").strip()[:LONGEST]
        else:
            thing.refs.setdefault(etree.QName(part).localname, []).append(_identity(resource))
    if not identity:
        findings.append(Finding("error", "no_code", thing.place, cls))
    elif identity in model.things:
        findings.append(Finding("error", "duplicate", thing.place, identity, {"first": model.things[identity].place}))
    else:
        model.things[identity] = thing
        model.by_class.setdefault(cls, []).append(thing)


def _identity(text: str) -> str:
    """`#_abc`, `_abc` and `urn:uuid:abc` are one; an enumeration (`…#PhaseCode.ABC`) is its last part."""
    return text.rpartition("#")[2].removeprefix("urn:uuid:").removeprefix("_")
