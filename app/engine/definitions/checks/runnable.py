"""The last proof: the normalized diagram is parsed to the specification that would run."""

from __future__ import annotations

from flask_babel import gettext as _
from SpiffWorkflow.exceptions import SpiffWorkflowException

from app.engine.definitions.checks.diagram import Diagram
from app.engine.definitions.normalize import normalize
from app.engine.definitions.specs import parse
from app.engine.definitions.xml import write_xml
from app.engine.scripting import ScriptError


def check(diagram: Diagram) -> None:
    """Called only where nothing else was found, as what it finds has no better explanation."""
    process = diagram.processes[0].get("id", "")
    try:
        parse(write_xml(normalize(diagram.root)), process, process, {})
    except (SpiffWorkflowException, ScriptError) as exc:
        element = getattr(exc, "id", None) or process
        diagram.error(str(element), "not-runnable", _("The diagram cannot be run: %(detail)s", detail=str(exc)[:300]))
