"""DMN's elements in a tree; the bytes are read by the engine's safe reader."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import lazy_gettext as _l
from lxml import etree

from app.engine.decisions.errors import Fault, InvalidModel, Place
from app.engine.definitions.xml import Unreadable, read_xml

_NAMESPACES = ("http://www.omg.org/spec/DMN/", "https://www.omg.org/spec/DMN/")

Element = etree._Element


def parse(content: bytes) -> Element:
    """The root of a DMN file. Raises InvalidModel for anything else."""
    try:
        root = read_xml(content)
    except Unreadable as error:
        raise InvalidModel([Fault(Place(), "unreadable", str(error))]) from None
    if name_of(root) != "definitions":
        message = _l("The file is no DMN: its root is %(root)s.", root=str(root.tag))
        raise InvalidModel([Fault(Place(), "not-dmn", message)])
    return root


def name_of(element: Element) -> str:
    """The local name of an element of DMN's own namespace; "" for an element of another one."""
    name = etree.QName(element)
    return name.localname if str(name.namespace or "").startswith(_NAMESPACES) else ""


def children(element: Element, *names: str) -> Iterator[Element]:
    """Children of these names, in order."""
    return (child for child in element if name_of(child) in names)


def child(element: Element, name: str) -> Element | None:
    return next(children(element, name), None)


def text_of(element: Element | None) -> str:
    """The `<text>` inside an element, stripped; "" where there is none."""
    inner = None if element is None else child(element, "text")
    return "" if inner is None else "".join(str(part) for part in inner.itertext()).strip()


def attribute(element: Element | None, name: str) -> str:
    return "" if element is None else str(element.get(name) or "").strip()


def type_ref(element: Element | None) -> str:
    """A type reference without prefix; some tools write it as a child."""
    if element is None:
        return ""
    nested = child(element, "typeRef")
    text = attribute(element, "typeRef") or ("" if nested is None else (nested.text or "").strip())
    return unprefixed(text)


def unprefixed(text: str) -> str:
    """The name of a type without the prefix of its namespace."""
    return text.rpartition(":")[2] if ":" in text and "//" not in text else text
