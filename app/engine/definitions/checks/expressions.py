"""Every expression, script, template and time in a diagram is compiled before it can be deployed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from flask_babel import gettext as _
from lxml.etree import _Element

from app.engine.definitions.camunda import correlation_of, output_of
from app.engine.definitions.checks.diagram import Diagram
from app.engine.definitions.names import BPMN, CAMUNDA, TASKS, local
from app.engine.definitions.normalize.expressions import EXPRESSIONS, translate
from app.engine.elements.call_activity import read_call_mapping
from app.engine.elements.inputs import expressions, read_mappings
from app.engine.elements.multi_instance import COUNTER, COUNTS
from app.engine.iso8601 import InvalidTime, due, parse_cycle
from app.engine.scripting import (
    ScriptError,
    compile_expression,
    compile_script,
    is_template,
    template_to_python,
    working,
)
from app.kernel.clock import LOCAL

TEMPLATES = ("assignee", "candidateUsers", "candidateGroups", "dueDate", "followUpDate", "priority")
DUE_DATES = ("dueDate", "followUpDate")
LANGUAGES = {"", "python", "juel"}


def check(diagram: Diagram) -> None:
    for process in diagram.processes:
        for node in process.iter(*EXPRESSIONS):
            _attempt(diagram, node, partial(_translated, node.text or ""))
            _language(diagram, node, node.get("language", ""))
    for task in diagram.each("scriptTask"):
        _script(diagram, task)
    for name in ("timeDate", "timeDuration", "timeCycle"):
        for node in diagram.each(name):
            _time(diagram, node)
    for definition in diagram.each("timerEventDefinition"):
        if len([child for child in definition if local(child).startswith("time")]) != 1:
            diagram.error(definition, "no-time", _("A timer needs one date, duration or cycle."))
    for node in diagram.nodes:
        _of_node(diagram, node)
    for loop in diagram.each("multiInstanceLoopCharacteristics"):
        if collection := loop.get(f"{CAMUNDA}collection"):
            _attempt(diagram, loop, partial(_translated, collection))
        _variable(diagram, loop, loop.get(f"{CAMUNDA}elementVariable"))


def _of_node(diagram: Diagram, node: _Element) -> None:
    _attempt(diagram, node, partial(_mapped, node))
    _attempt(diagram, node, partial(_correlations, node))
    for name in TEMPLATES:
        text = node.get(CAMUNDA + name)
        if text is not None and is_template(text):
            _attempt(diagram, node, partial(_rendered, text), is_due=name in DUE_DATES)
    for name in DUE_DATES:
        text = node.get(CAMUNDA + name)
        if text and not is_template(text):
            _literal(diagram, node, text, cycle=False)
    if local(node) == "callActivity":
        _attempt(diagram, node, partial(_call_expressions, node))
    _variable(diagram, node, node.get(f"{CAMUNDA}resultVariable"))
    _outputs(diagram, node)
    _allowed_mappings(diagram, node)


def _translated(text: str) -> list[str]:
    return [translate(text)]


def _rendered(text: str) -> list[str]:
    return [template_to_python(text)]


def _correlations(node: _Element) -> list[str]:
    return list(correlation_of(node).values())


def _mapped(node: _Element) -> list[str]:
    mappings = read_mappings(node)
    values = [*mappings.inputs.values(), *mappings.outputs.values()]
    return [text for value in values for text in expressions(value)]


def _call_expressions(node: _Element) -> list[str]:
    mapping = read_call_mapping(node)
    keys = [mapping.business_key] if mapping.business_key else []
    return [*mapping.inputs.values(), *mapping.outputs.values(), *keys]


def _allowed_mappings(diagram: Diagram, node: _Element) -> None:
    mapped = {"serviceTask", "sendTask", "businessRuleTask", "intermediateThrowEvent", "endEvent"}
    if local(node) not in mapped and node.find(f"{BPMN}extensionElements/{CAMUNDA}inputOutput") is not None:
        diagram.error(node, "no-mapping", _("Inputs and outputs are possible only at services, decisions and throws."))


def _attempt(diagram: Diagram, node: _Element, read: Callable[[], list[str]], *, is_due: bool = False) -> None:
    try:
        for text in read():
            if is_due:
                working.check(text)
            elif working.is_called(text):
                diagram.error(node, "working-time", _("Working time is counted only in due and follow-up dates."))
            names = compile_expression(text).names
            _names(diagram, node, names)
    except ScriptError as exc:
        diagram.error(node, "expression", _("The expression cannot be used: %(detail)s", detail=str(exc)))


def _script(diagram: Diagram, task: _Element) -> None:
    _language(diagram, task, task.get("scriptFormat", ""))
    if task.get(f"{CAMUNDA}resultVariable"):
        message = _("A script sets its variables itself: remove the result variable.")
        diagram.error(task, "script-result", message)
    try:
        compiled = compile_script(task.findtext(f"{BPMN}script") or "")
        _names(diagram, task, compiled.names)
    except ScriptError as exc:
        diagram.error(task, "script", _("The script cannot be used: %(detail)s", detail=str(exc)))


def _names(diagram: Diagram, node: _Element, names: frozenset[str]) -> None:
    for name in sorted(names & {COUNTER, *COUNTS} - _loop_names(node)):
        diagram.error(node, "unknown-name", _("The variable %(name)s is not provided.", name=name))


def _loop_names(node: _Element) -> set[str]:
    """The names that the loops around (or of) this element provide here."""
    if local(node) == "completionCondition":
        return {COUNTER, *COUNTS}
    around: _Element | None = node
    if local(node) in {"loopCardinality", "multiInstanceLoopCharacteristics"}:
        activity = next(node.iterancestors(*TASKS), None)  # asked before any run begins
        around = activity.getparent() if activity is not None else None
    while around is not None:
        if around.find(f"{BPMN}multiInstanceLoopCharacteristics") is not None:
            return {COUNTER}
        around = around.getparent()
    return set()


def _outputs(diagram: Diagram, node: _Element) -> None:
    """What gathers the outputs of several runs."""
    try:
        found = output_of(node)
    except ScriptError as exc:
        diagram.error(node, "output-collection", _("The outputs cannot be gathered: %(detail)s", detail=str(exc)))
        return
    if found is None:
        return
    name, expression = found
    if node.find(f"{BPMN}multiInstanceLoopCharacteristics") is None:
        diagram.error(node, "output-collection", _("Outputs are gathered only from an activity with several runs."))
    _variable(diagram, node, name)
    _attempt(diagram, node, lambda: [expression])


def _language(diagram: Diagram, node: _Element, language: str) -> None:
    if language.strip().lower() not in LANGUAGES:
        diagram.error(node, "language", _("Only Python is understood here, not %(name)s.", name=language))


def _time(diagram: Diagram, node: _Element) -> None:
    text = (node.text or "").strip()
    if is_template(text):
        _attempt(diagram, node, partial(_rendered, text))
    else:
        _literal(diagram, node, text, cycle=local(node) == "timeCycle")


def _literal(diagram: Diagram, node: _Element, text: str, *, cycle: bool) -> None:
    try:
        if cycle:
            parse_cycle(text)
        else:
            due(text, datetime(2026, 1, 1, tzinfo=LOCAL))
    except (InvalidTime, OverflowError) as exc:
        diagram.error(node, "time", _("The time cannot be used: %(detail)s", detail=str(exc)))


def _variable(diagram: Diagram, node: _Element, name: str | None) -> None:
    if name and not name.isidentifier():
        diagram.error(node, "variable-name", _("%(name)s cannot be the name of a variable.", name=name))
