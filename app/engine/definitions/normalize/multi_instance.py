"""Multi-instance by `camunda:collection` and `camunda:elementVariable`: BPMN's own data references."""

from __future__ import annotations

from lxml.etree import _Element

from app.engine.definitions.names import BPMN, CAMUNDA
from app.engine.definitions.normalize.build import add
from app.engine.definitions.normalize.expressions import translate
from app.engine.scripting import ScriptError


def rewrite(root: _Element) -> None:
    for loop in root.iter(f"{BPMN}multiInstanceLoopCharacteristics"):
        collection = loop.get(f"{CAMUNDA}collection")
        if not collection:
            continue
        try:
            add(loop, "loopDataInputRef").text = translate(collection)
        except ScriptError:
            continue
        if variable := loop.get(f"{CAMUNDA}elementVariable"):
            add(loop, "inputDataItem", id=variable)
