"""Every gap of stock SpiffWorkflow: what it does by itself (where that is quick to show), and what we do instead.

Each row is rewritten to the right behaviour or refused by rule and element. More about the rows: rewrites in
`definitions/test_rewrites.py`, refusals in `definitions/test_refusals.py`, errors of services in
`elements/test_boundaries.py`, hit policies and FEEL in `decisions/test_tables.py`. Of the pitfalls: aliasing
and merging in `elements/test_joins.py`, `typename` in `scripting/test_values.py`, correlations in
`runtime/test_messages.py`, naive times in `definitions/test_refusals.py`, signals within a case in
`runtime/test_signals.py`, task explosion in `elements/test_joins.py`, the sandbox in
`scripting/test_sandbox.py`, retries in `runtime/test_incidents.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from SpiffWorkflow.bpmn import BpmnEvent, BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from app.engine.definitions.lint import lint
from tests.engine.definitions.test_rewrites import fails_alone, stock
from tests.engine.diagrams import (
    beside_event_subprocess,
    boundary,
    catch,
    chain,
    diagram,
    end,
    error,
    escalation,
    event_subprocess,
    flow,
    gateway,
    line,
    message,
    multi_instance,
    node,
    on_error,
    on_escalation,
    on_message,
    on_signal,
    one,
    script,
    service,
    signal,
    start,
    subprocess,
    throw,
    timer,
    user,
)
from tests.engine.harness import Flow, specs

LINK = '<bpmn:linkEventDefinition name="L"/>'
COMPENSATE = "<bpmn:compensateEventDefinition/>"
CONDITION = "<bpmn:conditionalEventDefinition><bpmn:condition>x</bpmn:condition></bpmn:conditionalEventDefinition>"
OUTPUT = (
    '<bpmn:multiInstanceLoopCharacteristics camunda:collection="${xs}" camunda:elementVariable="x">'
    "<bpmn:loopDataOutputRef>ys</bpmn:loopDataOutputRef></bpmn:multiInstanceLoopCharacteristics>"
)


@dataclass(frozen=True)
class Rewritten:
    """`alone` is what the stock engine gets wrong; `right` what must hold of ours."""

    content: bytes
    right: Callable[[Flow], bool]
    alone: Callable[[bytes], bool] | None = None


@dataclass(frozen=True)
class Refused:
    content: bytes
    rule: str
    element: str
    alone: Callable[[bytes], bool] | None = None


def race(*events: str) -> bytes:
    paths = "".join(chain("g", f"c{index}", f"u{index}") for index in range(len(events)))
    users = "".join(user(f"u{index}") for index in range(len(events)))
    return diagram(start(), gateway("g", "eventBased"), *events, users, chain("s", "g"), paths)


def ready(workflow: BpmnWorkflow) -> set[str]:
    return {task.task_spec.name for task in workflow.get_tasks(state=TaskState.READY)}


def goes_on_beside(content: bytes) -> set[str]:
    """What is ready in the stock engine after the event of its event subprocess came."""
    workflow = stock(content)
    start = workflow.subprocess_specs["sub"].bpmn_start_events[0]
    workflow.catch(BpmnEvent(start.event_definition))
    workflow.do_engine_steps()
    return ready(workflow)


REWRITTEN = {
    "signal end event": Rewritten(
        diagram(start(), end("e", on_signal("g")), chain("s", "e"), before=signal("g")),
        lambda flow: [one.name for one in flow.host.thrown] == ["g"] and flow.ended,
        lambda content: stock(content).bpmn_events == [],
    ),
    "link events": Rewritten(
        diagram(start(), throw("t", LINK), catch("c", LINK), user("u"), chain("s", "t"), chain("c", "u")),
        lambda flow: flow.open == ["u"],
        fails_alone,
    ),
    "two timers behind one event gateway": Rewritten(
        race(catch("c0", timer("PT2H")), catch("c1", timer("PT1H"))),
        lambda flow: flow.advance(hours=1).open == ["u1"],
    ),
    "more than one outgoing flow from a task": Rewritten(
        diagram(start(), script("a", "x = 1"), user("b"), user("c"), chain("s", "a", "b"), chain("a", "c")),
        lambda flow: flow.open == ["b", "c"],
        fails_alone,
    ),
    "condition on a task's single outgoing flow": Rewritten(
        diagram(
            start(),
            script("a", "x = 1"),
            user("b"),
            user("c"),
            flow("s", "a"),
            flow("a", "b", "${x == 2}"),
            flow("a", "c", "${x == 1}"),
        ),
        lambda flow: flow.open == ["c"],
        fails_alone,
    ),
    "interrupting event subprocess": Rewritten(
        beside_event_subprocess(on_message("m")),
        lambda flow: flow.receive("m").ended and "u" not in flow.done,
        lambda content: "u" in goes_on_beside(content),
    ),
    "event subprocess by error": Rewritten(
        diagram(
            line(
                subprocess("in", start("is"), user("v"), end("ie", on_error("E")), chain("is", "v", "ie")), ids=("in",)
            ),
            event_subprocess(on_error("E"), user("w"), ids="w"),
            before=error("E"),
        ),
        lambda flow: flow.complete("v").open == ["w"] and flow.complete("w").ended,
        lambda content: "w" in ready(stock(content)),
    ),
    "event subprocess by escalation": Rewritten(
        diagram(
            start(),
            throw("t", on_escalation("X")),
            user("u"),
            end(),
            chain("s", "t", "u", "e"),
            event_subprocess(on_escalation("X"), user("w"), ids="w"),
            before=escalation("X"),
        ),
        lambda flow: flow.open == ["w"] and flow.complete("w").ended,
        lambda content: ready(stock(content)) != {"w"},
    ),
    "several starts": Rewritten(
        diagram(
            start(),
            start("s2", on_message("m")),
            user("u"),
            user("v"),
            end(),
            chain("s", "u", "e"),
            chain("s2", "v", "e"),
            before=message("m"),
        ),
        lambda flow: flow.open == ["u"] and flow.waits() == [] and flow.complete("u").ended,
    ),
    "no end event": Rewritten(
        diagram(start(), script("a", "x = 1"), chain("s", "a")),
        lambda flow: flow.ended and flow.data == {"x": 1},
        fails_alone,
    ),
}

REFUSED = {
    "compensation throw": Refused(one(throw("x", COMPENSATE)), "no-compensateEventDefinition", "x"),
    "complex gateway": Refused(one(node("complexGateway", "x")), "no-complexGateway", "x", fails_alone),
    "event subprocess by condition": Refused(beside_event_subprocess(CONDITION), "event-subprocess-start", "sub"),
    "ad-hoc subprocess": Refused(
        diagram(line(user("u"), ids=("u",)), node("adHocSubProcess", "x", user("v"))), "no-adHocSubProcess", "x"
    ),
    "send task without message or topic": Refused(one(node("sendTask", "x")), "no-service", "x"),
    "data store": Refused(
        diagram(line(user("u"), ids=("u",)), node("dataStoreReference", "x")), "no-dataStoreReference", "x"
    ),
    "conditional event": Refused(one(catch("x", CONDITION)), "no-conditionalEventDefinition", "x"),
    "output collection of a loop": Refused(one(user("x", OUTPUT)), "no-loopDataOutputRef", "x"),
    "timer start of a variable": Refused(
        diagram(start("s", timer("${when}")), end(), chain("s", "e")), "start-time-variable", "s"
    ),
    "several plain starts": Refused(
        diagram(start(), start("s2"), end(), chain("s", "e"), chain("s2", "e")), "several-starts", "s2"
    ),
    "instant without offset": Refused(one(catch("x", timer("2026-03-02T09:00:00", "timeDate"))), "time", "x"),
    "script that loops": Refused(one(script("x", "while True: pass")), "script", "x"),
    "service nobody registered": Refused(one(service("x", "d.none")), "unknown-service", "x"),
}


@pytest.mark.parametrize("row", REWRITTEN)
def test_rewritten(app, row: str) -> None:
    gap = REWRITTEN[row]
    if gap.alone is not None:
        assert gap.alone(gap.content), "the stock engine does it right by now: the rewrite can go"
    assert [problem for problem in lint("a.bpmn", gap.content) if problem.severity == "error"] == []
    assert gap.right(Flow(gap.content))


@pytest.mark.parametrize("row", REFUSED)
def test_refused(app, row: str) -> None:
    gap = REFUSED[row]
    if gap.alone is not None:
        assert gap.alone(gap.content)
    errors = {(problem.rule, problem.element) for problem in lint("a.bpmn", gap.content) if problem.severity == "error"}
    assert (gap.rule, gap.element) in errors


def test_shared_specs_are_not_changed_by_what_runs_on_them() -> None:
    """A message event subprocess used to grow its start's outputs, after which later instances never completed."""
    content = diagram(
        start(), user("u"), user("each", multi_instance("${xs}", "x")), end(), chain("s", "u", "each", "e"),
        boundary("b", "u", timer("PT1H"), interrupting=False), end("late"), chain("b", "late"),
        event_subprocess(on_message("m"), user("v"), interrupting=False, ids="v"), before=message("m"),
    )  # fmt: skip
    shared = specs(content)
    before = _shape(shared)
    for _ in range(3):
        flow_ = Flow(shared, {"xs": [1, 2]}).receive("m").receive("m").advance(hours=1)
        flow_.complete("v").complete("u").complete("each").complete("v").complete("each")
        assert flow_.ended
    assert _shape(shared) == before


def _shape(shared: tuple) -> dict:
    spec, inner = shared
    return {
        (part.name, name): (list(task.inputs), list(task.outputs), len(task.completed_event.weak_subscribers or ()))
        for part in (spec, *inner.values())
        for name, task in part.task_specs.items()
    }
