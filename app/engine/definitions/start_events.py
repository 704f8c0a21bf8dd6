"""What starts a process besides people: the message, signal and timer start events of its diagram."""

from __future__ import annotations

from dataclasses import dataclass

from lxml.etree import _Element

from app.engine.definitions.names import BPMN
from app.engine.definitions.xml import read_xml


@dataclass(frozen=True, slots=True)
class StartEvent:
    """`kind` is message, signal or timer.

    `text` is the name of the message or signal, or the timer's time as it is written;
    `form` tells what that is: date, duration or cycle.
    """

    element_id: str
    kind: str
    text: str
    form: str = ""


def read_starts(content: bytes, key: str) -> list[StartEvent]:
    """The events that start the process of this key, in the order of the file."""
    root = read_xml(content)
    names = {node.get("id"): node.get("name", "") for tag in ("message", "signal") for node in root.findall(BPMN + tag)}
    process = next(node for node in root.findall(f"{BPMN}process") if node.get("id") == key)
    return [
        found
        for event in process.findall(f"{BPMN}startEvent")
        for definition in event
        if (found := _read(event.get("id", ""), definition, names)) is not None
    ]


def _read(element_id: str, definition: _Element, names: dict[str | None, str]) -> StartEvent | None:
    for kind in ("message", "signal"):
        if definition.tag == f"{BPMN}{kind}EventDefinition":
            return StartEvent(element_id, kind, names.get(definition.get(f"{kind}Ref"), ""))
    if definition.tag != f"{BPMN}timerEventDefinition":
        return None
    for form in ("date", "duration", "cycle"):
        text = definition.findtext(f"{BPMN}time{form.capitalize()}")
        if text is not None:
            return StartEvent(element_id, "timer", text.strip(), form)
    return None
