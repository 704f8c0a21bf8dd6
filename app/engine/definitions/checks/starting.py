"""What begins a process or an event subprocess: which events may, and whether they can be told apart."""

from __future__ import annotations

from flask_babel import gettext as _
from lxml.etree import _Element

from app.engine.definitions.checks.diagram import Diagram
from app.engine.definitions.checks.words import word
from app.engine.definitions.names import BPMN, local
from app.engine.scripting import ScriptError, compile_expression, is_template, template_to_python
from app.engine.scripting.policy import RESERVED

PROCESS_STARTS = {"message", "signal", "timer"}
HANDLER_STARTS = {"message", "signal", "timer", "error", "escalation"}


def check(diagram: Diagram) -> None:
    for start in diagram.each("startEvent"):
        parent = start.getparent()
        if parent is not None and parent.get("triggeredByEvent") != "true":
            _start(diagram, start, local(parent))
    for process in diagram.processes:
        _told_apart(diagram, process)
    for scope in diagram.each("subProcess"):
        if scope.get("triggeredByEvent") == "true":
            _event_subprocess(diagram, scope)


def _start(diagram: Diagram, start: _Element, scope: str) -> None:
    allowed = PROCESS_STARTS if scope == "process" else set()
    for kind in sorted(set(_kinds(start)) - allowed):
        diagram.error(start, f"no-{kind}-start", _("A %(kind)s cannot start this process.", kind=word(kind)))
    for time in start.iterfind(f"{BPMN}timerEventDefinition/*"):
        if local(time).startswith("time") and _names_variables(time.text or ""):
            message = _("A process that does not run yet has no variables: write the time itself.")
            diagram.error(start, "start-time-variable", message)


def _told_apart(diagram: Diagram, process: _Element) -> None:
    """Two starts by one message or signal: nothing would say which of them is meant."""
    seen: set[tuple[str, str | None]] = set()
    for start in process.findall(f"{BPMN}startEvent"):
        for kind in ("message", "signal"):
            for definition in start.findall(f"{BPMN}{kind}EventDefinition"):
                name = definition.get(f"{kind}Ref")
                if (kind, name) in seen:
                    message = _("Another start event waits for the same %(kind)s.", kind=word(kind))
                    diagram.error(start, "same-start", message)
                seen.add((kind, name))


def _event_subprocess(diagram: Diagram, scope: _Element) -> None:
    if diagram.incoming(scope) or diagram.outgoing(scope):
        diagram.error(scope, "event-subprocess-flow", _("No flow leads to or from an event subprocess."))
    if any(event.get("attachedToRef") == scope.get("id") for event in diagram.each("boundaryEvent")):
        message = _("No event can be attached to an event subprocess.")
        diagram.error(scope, "event-subprocess-boundary", message)
    if any(local(child).endswith("LoopCharacteristics") for child in scope):
        diagram.error(scope, "event-subprocess-loop", _("An event subprocess cannot have several runs."))
    start = scope.find(f"{BPMN}startEvent")
    if start is None:
        return
    kinds = _kinds(start)
    interrupting = start.get("isInterrupting", "true") == "true"
    if len(kinds) != 1 or kinds[0] not in HANDLER_STARTS:
        message = _("An event subprocess is started by a message, signal, timer, error or escalation.")
        diagram.error(scope, "event-subprocess-start", message)
    elif kinds == ["error"] and not interrupting:
        diagram.error(start, "error-not-interrupting", _("An error always interrupts its activity."))
    elif interrupting and start.find(f"{BPMN}timerEventDefinition/{BPMN}timeCycle") is not None:
        message = _("A repeating timer must not interrupt: an interrupted activity is over.")
        diagram.error(start, "cycle-interrupting", message)


def _kinds(start: _Element) -> list[str]:
    names = [local(child) for child in start]
    return [name.removesuffix("EventDefinition") for name in names if name.endswith("EventDefinition")]


def _names_variables(text: str) -> bool:
    if not is_template(text.strip()):
        return False
    try:
        return bool(compile_expression(template_to_python(text.strip())).names - RESERVED)
    except ScriptError:
        return False  # said where expressions are checked
