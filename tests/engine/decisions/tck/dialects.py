"""One model written as each version of DMN writes it: namespaces, prefixes, the names of types."""

from __future__ import annotations

from typing import Any

from lxml import etree

from app.feel.values.types import SIMPLE
from tests.engine.decisions.models import NAMESPACES, V13

FEEL = "http://www.omg.org/spec/FEEL/20140401"
OWN = "http://example.org"


def dialects(content: bytes) -> dict[str, bytes]:
    """A DMN 1.3 file in every version, and prefixed with another default namespace, as modellers write it."""
    written = {name: content.replace(V13.encode(), name.encode()) for name in NAMESPACES}
    return written | {f"prefixed {name}": _prefixed(file, name) for name, file in written.items()}


def _prefixed(content: bytes, namespace: str) -> bytes:
    """Elements as `semantic:decision`; FEEL's types as `feel:number`, those of the file as `own:tLoan`."""
    root = etree.fromstring(content)
    names: Any = {None: OWN, "semantic": namespace, "feel": FEEL, "own": OWN}
    head = etree.Element(root.tag, {str(key): str(value) for key, value in root.attrib.items()}, names)
    head.extend(list(root))
    for element in head.iter():
        if "typeRef" in element.attrib:
            element.set("typeRef", _prefix(element.get("typeRef") or ""))
        elif etree.QName(element).localname == "typeRef":
            element.text = _prefix(element.text or "")
    etree.cleanup_namespaces(head, names, ["feel", "own"])
    return etree.tostring(head)


def _prefix(name: str) -> str:
    return f"feel:{name}" if name in SIMPLE else f"own:{name}"
