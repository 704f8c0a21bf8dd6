"""What cannot be run is refused when it is deployed, by rule and element."""

from __future__ import annotations

import pytest

from app.engine.definitions.lint import Context, lint
from app.kernel.registry import Service, registry
from tests.engine.diagrams import (
    beside_event_subprocess,
    boundary,
    call,
    catch,
    chain,
    decision,
    diagram,
    end,
    error,
    event_subprocess,
    extensions,
    flow,
    gateway,
    line,
    message,
    multi_instance,
    node,
    on_error,
    on_message,
    on_signal,
    script,
    service,
    start,
    subprocess,
    throw,
    timer,
    user,
)

COMPENSATE = "<bpmn:compensateEventDefinition/>"
CONDITIONAL = "<bpmn:conditionalEventDefinition><bpmn:condition>x</bpmn:condition></bpmn:conditionalEventDefinition>"
LINK = '<bpmn:linkEventDefinition name="{}"/>'


@pytest.fixture(autouse=True)
def services():
    quiet = Service("d.inline", "", "", lambda context: None, inline=True)
    mail = Service("d.mail", "", "", lambda context: None)
    with registry.temporarily(quiet, mail):
        yield


def found(content: bytes, severity: str = "error", context: Context | None = None) -> set[tuple[str, str]]:
    return {(p.rule, p.element) for p in lint("a.bpmn", content, context=context) if p.severity == severity}


def with_node(*parts: str, ids: tuple[str, ...] = ("x",), before: str = "") -> bytes:
    return diagram(line(*parts, ids=ids), before=before)


def attached(event: str, interrupting: bool = True, host: str | None = None) -> bytes:
    return diagram(
        line(host or user("u"), ids=("u",)), boundary("b", "u", event, interrupting=interrupting), end("e2"),
        chain("b", "e2"), before=message("m") + error("E"),
    )  # fmt: skip


REFUSALS = {
    "complex gateway": (with_node(node("complexGateway", "x")), {("no-complexGateway", "x")}),
    "compensation boundary": (attached(COMPENSATE), {("no-compensateEventDefinition", "b")}),
    "compensation throw": (with_node(throw("x", COMPENSATE)), {("no-compensateEventDefinition", "x")}),
    "conditional event": (with_node(catch("x", CONDITIONAL)), {("no-conditionalEventDefinition", "x")}),
    "event subprocess by condition": (
        beside_event_subprocess(CONDITIONAL),
        {("no-conditionalEventDefinition", "sub_s"), ("event-subprocess-start", "sub")},
    ),
    "event subprocess by nothing": (beside_event_subprocess(""), {("event-subprocess-start", "sub")}),
    "event subprocess by an error beside": (
        beside_event_subprocess(on_error("E"), interrupting=False),
        {("error-not-interrupting", "sub_s")},
    ),
    "event subprocess by a cycle that interrupts": (
        beside_event_subprocess(timer("R3/PT1H", "timeCycle")),
        {("cycle-interrupting", "sub_s")},
    ),
    "event subprocess with a boundary event": (
        diagram(
            line(user("u"), ids=("u",)),
            event_subprocess(timer("PT1H")),
            boundary("b", "sub", timer("PT1H")),
            end("be"),
            chain("b", "be"),
        ),
        {("event-subprocess-boundary", "sub")},
    ),
    "event subprocess in several runs": (
        diagram(line(user("u"), ids=("u",)), event_subprocess(timer("PT1H"), multi_instance("${xs}", "x"))),
        {("event-subprocess-loop", "sub")},
    ),
    "send task of nothing": (with_node(node("sendTask", "x")), {("no-service", "x")}),
    "service task of nothing": (with_node(node("serviceTask", "x")), {("no-service", "x")}),
    "java class": (
        with_node(node("serviceTask", "x", camunda_class="org.X")),
        {("no-service", "x"), ("no-class", "x")},
    ),
    "unknown service": (with_node(service("x", "d.none")), {("unknown-service", "x")}),
    "unknown topic": (with_node(service("x", "d.none", external=True)), {("unknown-service", "x")}),
    "service that is not inline": (with_node(service("x", "d.mail")), {("not-inline", "x")}),
    "listener": (
        with_node(user("x", extensions('<camunda:taskListener event="create"/>'))),
        {("no-taskListener", "x")},
    ),
    "naive date": (with_node(catch("x", timer("2026-03-02T09:00:00", "timeDate"))), {("time", "x")}),
    "no time": (with_node(catch("x", timer("soon"))), {("time", "x")}),
    "cycle in the path": (with_node(catch("x", timer("R3/PT1H", "timeCycle"))), {("cycle-in-path", "x")}),
    "cycle that interrupts": (attached(timer("R3/PT1H", "timeCycle")), {("cycle-interrupting", "b")}),
    "timer start of a variable": (
        diagram(start("s", timer("${when}")), end(), chain("s", "e")),
        {("start-time-variable", "s")},
    ),
    "error start": (
        diagram(start("s", on_error("E")), end(), chain("s", "e"), before=error("E")),
        {("no-error-start", "s")},
    ),
    "timer start of a subprocess": (
        with_node(subprocess("x", start("xs", timer("PT1H")), end("xe"), chain("xs", "xe"))),
        {("no-timer-start", "xs")},
    ),
    "two starts by one message": (
        diagram(
            start("s", on_message("m")),
            start("s2", on_message("m")),
            end(),
            chain("s", "e"),
            chain("s2", "e"),
            before=message("m"),
        ),
        {("same-start", "s2")},
    ),
    "two starts": (diagram(start(), start("s2"), end(), chain("s", "e"), chain("s2", "e")), {("several-starts", "s2")}),
    "no start": (diagram(user("u"), end(), chain("u", "e")), {("no-start", "p")}),
    "undefined message": (with_node(catch("x", on_message("none"))), {("undefined-message", "x")}),
    "undefined signal": (with_node(throw("x", on_signal("none"))), {("undefined-signal", "x")}),
    "unnamed message": (
        with_node(catch("x", on_message("m")), before=node("message", "m")),
        {("unnamed-message", "x")},
    ),
    "undefined error": (attached(on_error("none")), {("undefined-error", "b")}),
    "error without code": (
        diagram(start(), end("e", on_error("E")), chain("s", "e"), before=node("error", "E")),
        {("error-without-code", "e")},
    ),
    "error end of nothing": (diagram(start(), end("e", on_error()), chain("s", "e")), {("undefined-error", "e")}),
    "error that does not interrupt": (attached(on_error("E"), interrupting=False), {("error-not-interrupting", "b")}),
    "cancel outside a transaction": (attached("<bpmn:cancelEventDefinition/>"), {("cancel-without-transaction", "b")}),
    "boundary of nothing": (attached(""), {("event-of-nothing", "b")}),
    "boundary at nothing": (
        diagram(line(user("u"), ids=("u",)), boundary("b", "no", timer("PT1H"))),
        {("attached-to-nothing", "b")},
    ),
    "flow to nowhere": (diagram(start(), end(), chain("s", "e"), flow("s", "no")), {("flow-to-nowhere", "f_s_no")}),
    "flow into a subprocess": (
        diagram(
            line(subprocess("sub", start("ss"), user("u"), end("se"), chain("ss", "u", "se")), ids=("sub",)),
            flow("s", "u"),
        ),
        {("flow-across", "f_s_u")},
    ),
    "duplicate id": (diagram(line(user("u"), user("u"), ids=("u",))), {("duplicate-id", "u")}),
    "condition missing": (
        diagram(start(), gateway("g"), end("a"), end("b"), chain("s", "g"), flow("g", "a", "${x}"), flow("g", "b")),
        {("no-condition", "f_g_b")},
    ),
    "condition behind a parallel gateway": (
        diagram(start(), gateway("g", "parallel"), end("a"), chain("s", "g"), flow("g", "a", "${x}")),
        {("condition-ignored", "f_g_a")},
    ),
    "bad condition": (
        diagram(
            start(),
            gateway("g", default="f_g_b"),
            end("a"),
            end("b"),
            chain("s", "g"),
            flow("g", "a", "${x =}"),
            flow("g", "b"),
        ),
        {("expression", "f_g_a")},
    ),
    "hostile condition": (
        diagram(
            start(),
            gateway("g", default="f_g_b"),
            end("a"),
            end("b"),
            chain("s", "g"),
            flow("g", "a", "${().__class__}"),
            flow("g", "b"),
        ),
        {("expression", "f_g_a")},
    ),
    "script that does not compile": (with_node(script("x", "a = ")), {("script", "x")}),
    "script with import": (with_node(script("x", "import os")), {("script", "x")}),
    "script with while": (with_node(script("x", "while True: pass")), {("script", "x")}),
    "script that hides a function": (with_node(script("x", "len = 3")), {("script", "x")}),
    "empty script": (with_node(node("scriptTask", "x")), {("script", "x")}),
    "script in another language": (
        with_node(node("scriptTask", "x", "<bpmn:script>1</bpmn:script>", scriptFormat="groovy")),
        {("language", "x")},
    ),
    "bad input": (with_node(service("x", "d.inline", extensions(inputs={"a": "${b"}))), {("expression", "x")}),
    "bad candidate groups": (with_node(user("x", camunda_candidateGroups="a@${unit +}")), {("expression", "x")}),
    "bad due date": (with_node(user("x", camunda_dueDate="tomorrow")), {("time", "x")}),
    "working time in days": (with_node(user("x", camunda_dueDate="${working('P1D')}")), {("expression", "x")}),
    "working days of a text": (
        with_node(user("x", camunda_followUpDate="${working_days('3')}")),
        {("expression", "x")},
    ),
    "working time elsewhere": (with_node(catch("x", timer("${working('PT4H')}"))), {("working-time", "x")}),
    "bad correlation": (
        with_node(catch("x", extensions(properties={"correlation": "5"}), on_message("m")), before=message("m")),
        {("expression", "x")},
    ),
    "generated form": (with_node(user("x", extensions("<camunda:formData/>"))), {("no-formData", "x")}),
    "form key": (with_node(user("x", camunda_formKey="embedded:app:forms/a.html")), {("no-formKey", "x")}),
    "call of nothing": (with_node(node("callActivity", "x")), {("no-called-process", "x")}),
    "call by expression": (
        with_node(node("callActivity", "x", calledElement="${which}")),
        {("no-called-process", "x")},
    ),
    "called version without number": (
        with_node(node("callActivity", "x", calledElement="q", camunda_calledElementBinding="version")),
        {("no-version-number", "x")},
    ),
    "version tag": (
        with_node(
            node(
                "callActivity",
                "x",
                calledElement="q",
                camunda_calledElementBinding="versionTag",
                camunda_calledElementVersionTag="a",
            )
        ),
        {("no-version-tag", "x"), ("no-calledElementVersionTag", "x")},
    ),
    "unknown binding": (
        with_node(decision("x", "d", camunda_decisionRefBinding="newest")),
        {("no-binding", "x")},
    ),
    "one form bound in two ways": (
        with_node(
            user("x", camunda_formRef="f"),
            user("y", camunda_formRef="f", camunda_formRefBinding="latest"),
            ids=("x", "y"),
        ),
        {("mixed-binding", "y")},
    ),
    "ad-hoc subprocess": (
        diagram(line(user("u"), ids=("u",)), node("adHocSubProcess", "x", user("v"))),
        {("no-adHocSubProcess", "x")},
    ),
    "multi-instance of nothing": (
        with_node(user("x", "<bpmn:multiInstanceLoopCharacteristics/>")),
        {("multi-instance", "x")},
    ),
    "endless loop": (with_node(user("x", "<bpmn:standardLoopCharacteristics/>")), {("endless-loop", "x")}),
    "bad element variable": (with_node(user("x", multi_instance("${xs}", "a b"))), {("variable-name", "x")}),
    "loop counter outside a loop": (
        with_node(user("x", camunda_assignee="${loopCounter}")),
        {("unknown-name", "x")},
    ),
    "number of runs outside the completion condition": (
        with_node(user("x", multi_instance("${xs[:nrOfInstances]}", "a"))),
        {("unknown-name", "x")},
    ),
    "output list without output": (
        with_node(user("x", extensions(properties={"output_collection": "ys"}), multi_instance("${xs}", "a"))),
        {("output-collection", "x")},
    ),
    "output list without runs": (
        with_node(user("x", extensions(properties={"output_collection": "ys", "output_element": "${a}"}))),
        {("output-collection", "x")},
    ),
    "two events in one": (
        with_node(catch("x", on_message("m"), timer("PT1H")), before=message("m")),
        {("multiple-events", "x")},
    ),
    "link to nowhere": (diagram(start(), throw("x", LINK.format("L")), chain("s", "x")), {("link-to-nowhere", "x")}),
    "event gateway with one path": (
        diagram(start(), gateway("g", "eventBased"), catch("x", timer("PT1H")), end(), chain("s", "g", "x", "e")),
        {("event-gateway-paths", "g")},
    ),
    "event gateway before a task": (
        diagram(
            start(),
            gateway("g", "eventBased"),
            catch("x", timer("PT1H")),
            user("u"),
            end(),
            chain("s", "g", "x", "e"),
            chain("g", "u", "e"),
        ),
        {("event-gateway-target", "u")},
    ),
    "not executable": (
        diagram(line(user("u"), ids=("u",))).replace(b'isExecutable="true"', b'isExecutable="false"'),
        {("not-executable", "p")},
    ),
    "bad decision result": (
        with_node(decision("x", "d", camunda_mapDecisionResult="first")),
        {("decision-result", "x")},
    ),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_refused_by_name(app, case: str) -> None:
    content, expected = REFUSALS[case]
    assert found(content) == expected


def test_what_is_named_must_exist_where_that_is_known(app) -> None:
    content = diagram(line(user("u", camunda_formRef="f"), decision("d", "dd"), call("c", "q"), ids=("u", "d", "c")))
    missing = {("unknown-form", "u"), ("unknown-decision", "d"), ("unknown-process", "c")}
    assert found(content, context=Context()) == missing
    assert found(content, context=Context(frozenset({"form:f", "dmn:dd", "bpmn:q"}))) == set()
    assert found(content) == set()


def test_warnings_do_not_refuse(app) -> None:
    content = diagram(
        start(), gateway("g"), end("a"), end("b"), chain("s", "g"), flow("g", "a", "${x}"), flow("g", "b", "${y}"),
        user("lost"), service("sv", "d.inline", camunda_asyncBefore="true"),
    )  # fmt: skip
    assert found(content) == set()
    warnings = {("no-default", "g"), ("unreachable", "lost"), ("unreachable", "sv"), ("ignored-async", "sv")}
    assert found(content, "warning") == warnings


def test_several_executable_processes_are_refused(app) -> None:
    two = diagram(line(user("u"), ids=("u",))).decode()
    second = node("process", "q", start("qs"), end("qe"), chain("qs", "qe"), isExecutable="true")
    content = two.replace("</bpmn:definitions>", second + "</bpmn:definitions>").encode()
    assert ("several-processes", "q") in found(content)


def test_a_good_diagram_has_no_problems(app) -> None:
    content = diagram(
        start(), user("u", camunda_candidateGroups="dispatcher@${unit}", camunda_dueDate="${due}"),
        service("sv", "d.inline"), service("mail", "d.mail", external=True), end(),
        boundary("b", "u", timer("PT45M"), interrupting=False), end("late"),
        chain("s", "u", "sv", "mail", "e"), chain("b", "late"),
    )  # fmt: skip
    assert lint("a.bpmn", content) == []
