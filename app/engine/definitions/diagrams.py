"""A deployed diagram as a viewer shows it: the original, with its names in the reader's language."""

from __future__ import annotations

from functools import lru_cache

from lxml import etree

from app.engine.definitions import queries
from app.engine.definitions.camunda import properties_of
from app.engine.definitions.names import BPMN
from app.engine.definitions.specs import load
from app.engine.definitions.xml import read_xml


def localized_xml(definition_id: str, locale: str) -> str:
    """The diagram as it was drawn; in English, names are their `name_en` where one is given.

    Raises `DefinitionNotFound`.
    """
    if locale.startswith("en"):
        return _english(definition_id)
    return queries.content(definition_id).decode("utf-8-sig")


def shown_elements(definition_id: str) -> list[str]:
    """The ids of all nodes and flows that can be highlighted."""
    return [element.id for element in load(definition_id).elements.values() if element.kind != "process"]


@lru_cache(maxsize=64)
def _english(definition_id: str) -> str:
    root = read_xml(queries.content(definition_id))
    for node in root.iter():
        if isinstance(node.tag, str) and node.tag.startswith(BPMN):
            english = properties_of(node).get("name_en")
            if english:
                node.set("name", english)
    return etree.tostring(root, encoding="unicode")
