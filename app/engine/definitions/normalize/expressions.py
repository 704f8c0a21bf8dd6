"""Conditions and loop expressions: `${...}` becomes Python, what is Python already stays."""

from __future__ import annotations

from lxml.etree import _Element

from app.engine.definitions.names import BPMN
from app.engine.scripting import ScriptError, is_template, template_to_python
from app.engine.scripting.juel import to_python

EXPRESSIONS = tuple(
    BPMN + name for name in ("conditionExpression", "completionCondition", "loopCondition", "loopCardinality")
)


def rewrite(root: _Element) -> None:
    """Translate every expression; one that cannot be translated is left for the checks to refuse."""
    for node in root.iter(*EXPRESSIONS):
        try:
            node.text = translate(node.text or "")
        except ScriptError:
            continue


def translate(text: str) -> str:
    """One expression as Python; raises `ScriptError`."""
    text = text.strip()
    return template_to_python(text) if is_template(text) else to_python(text)
