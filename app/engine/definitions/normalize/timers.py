"""Timers: literal ISO 8601 texts are quoted, `${...}` becomes Python; SpiffWorkflow evaluates them as code."""

from __future__ import annotations

from lxml.etree import _Element

from app.engine.definitions.names import BPMN
from app.engine.scripting import ScriptError, template_to_python

TIMERS = tuple(BPMN + name for name in ("timeDate", "timeDuration", "timeCycle"))


def rewrite(root: _Element) -> None:
    """Make every timer text a Python expression; one that cannot be is left for the checks to refuse."""
    for node in root.iter(*TIMERS):
        try:
            node.text = template_to_python((node.text or "").strip())
        except ScriptError:
            continue
