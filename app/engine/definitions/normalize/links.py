"""Link events: the token of a link throw would vanish, so each becomes a sequence flow to its catch."""

from __future__ import annotations

from lxml.etree import _Element

from app.engine.definitions.names import BPMN
from app.engine.definitions.normalize.build import connect, scopes

LINK = f"{BPMN}linkEventDefinition"


def rewrite(root: _Element) -> None:
    for scope in scopes(root):
        targets = dict(_named(scope, "intermediateCatchEvent"))
        for name, throw_id in _named(scope, "intermediateThrowEvent"):
            if name in targets:
                connect(scope, throw_id, targets[name])
        for definition in [node for event in scope for node in event.findall(LINK)]:
            event = definition.getparent()
            if event is not None:
                event.remove(definition)
                event.tag = f"{BPMN}intermediateThrowEvent"  # an event without definition only passes on


def _named(scope: _Element, tag: str) -> list[tuple[str, str]]:
    return [
        (definition.get("name", ""), event.get("id", ""))
        for event in scope.findall(BPMN + tag)
        for definition in event.findall(LINK)
    ]
