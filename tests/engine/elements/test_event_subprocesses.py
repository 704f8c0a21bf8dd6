"""Event subprocesses: what they take away, what they leave, where errors and escalations find them."""

from __future__ import annotations

from tests.engine.diagrams import (
    call,
    chain,
    diagram,
    end,
    error,
    escalation,
    event_subprocess,
    gateway,
    line,
    message,
    multi_instance,
    on_error,
    on_escalation,
    on_message,
    script,
    service,
    start,
    subprocess,
    throw,
    user,
)
from tests.engine.harness import BusinessFailure, Flow, Host

BEFORE = message("m") + message("n") + error("E") + escalation("X")


def within(*parts: str, ids: str, around: str = "in") -> str:
    """A subprocess with these parts in one line, what has no id in `ids` beside it."""
    return subprocess(
        around, start(f"{around}_s"), *parts, end(f"{around}_e"), chain(f"{around}_s", *ids.split(), f"{around}_e")
    )


def scoped(*parts: str, ids: str, after: str = "") -> bytes:
    """A process of that subprocess and a step `after` it, with a step `beside` in another branch."""
    return diagram(
        start(), gateway("fork", "parallel"), within(*parts, ids=ids), user("after"), user("beside"), end(), end("e2"),
        chain("s", "fork", "in", "after", "e"), chain("fork", "beside", "e2"), after, before=BEFORE,
    )  # fmt: skip


def test_an_interrupting_one_takes_away_its_scope_alone() -> None:
    flow = Flow(scoped(user("u"), event_subprocess(on_message("m"), user("h"), ids="h"), ids="u"))
    assert flow.open == ["beside", "u"]
    flow.receive("m")
    assert flow.open == ["beside", "h"]
    assert flow.complete("h").open == ["after", "beside"]
    assert flow.waits() == []


def test_what_runs_inside_goes_too() -> None:
    """Nested subprocesses, runs of a loop and the events that wait inside."""
    nested = within(user("each", multi_instance("${xs}", "x")), ids="each", around="deep")
    flow = Flow(scoped(nested, event_subprocess(on_message("m"), user("h"), ids="h"), ids="deep"), {"xs": [1, 2]})
    assert flow.open == ["beside", "each", "each"]
    assert flow.receive("m").open == ["beside", "h"]
    assert flow.complete("h").complete("after").complete("beside").ended


def test_the_variables_stand_as_they_were() -> None:
    flow = Flow(
        diagram(
            start(), gateway("f", "parallel"), user("a"), user("b"), end("ea"), end("eb"),
            chain("s", "f", "a", "ea"), chain("f", "b", "eb"),
            event_subprocess(on_message("m"), user("h"), ids="h"), before=BEFORE,
        ),
        {"x": 0},
    )  # fmt: skip
    flow.complete("a", x=1, mine=1).receive("m", note="hurry").complete("h", y=2)
    assert flow.data == {"x": 1, "mine": 1, "note": "hurry", "y": 2}


def test_one_beside_the_flow_comes_each_time() -> None:
    parts = user("u"), event_subprocess(on_message("m"), user("h"), interrupting=False, ids="h")
    flow = Flow(diagram(line(*parts, ids=("u",)), before=BEFORE))
    flow.receive("m", n=1).receive("m", n=2)
    assert flow.open == ["h", "h", "u"]
    flow.complete("u")
    assert not flow.ended, "what has begun belongs to the process"
    assert flow.waits(), "and as long as it runs, more may come"
    flow.complete("h", 0, first=1).complete("h", 0, second=2)
    assert flow.ended
    assert flow.data["first"] == 1
    assert flow.data["second"] == 2


def test_after_an_interruption_no_other_event_is_awaited() -> None:
    parts = (
        user("u"),
        event_subprocess(on_message("m"), user("h"), ids="h"),
        event_subprocess(on_message("n"), user("k"), interrupting=False, node_id="other", ids="k"),
    )
    flow = Flow(diagram(line(*parts, ids=("u",)), before=BEFORE)).receive("n")
    assert flow.open == ["k", "u"]
    assert flow.receive("m").open == ["h"]
    assert flow.waits() == []


def test_an_error_finds_the_nearest() -> None:
    handler = event_subprocess(on_error("E"), user("h"), ids="h")
    outer = event_subprocess(on_error("E"), user("o"), node_id="out", ids="o")
    inner = user("u"), gateway("g", "parallel"), user("v"), end("bad", on_error("E"))
    flows = chain("is", "u", "g", "v", "ie") + chain("g", "bad")
    broken = subprocess("in", start("is"), *inner, end("ie"), flows, handler)
    flow = Flow(diagram(line(broken, ids=("in",)), outer, before=BEFORE))
    assert flow.complete("u").open == ["h"]
    assert flow.complete("h").ended
    assert "o" not in flow.done


def test_an_error_thrown_by_the_handler_goes_on_outward() -> None:
    again = event_subprocess(on_error("E"), user("h"), ids="h").replace(end("sub_e"), end("sub_e", on_error("E")))
    outer = event_subprocess(on_error("E"), user("o"), node_id="out", ids="o")
    broken = within(user("u"), again, ids="u").replace(end("in_e"), end("in_e", on_error("E")))
    flow = Flow(diagram(line(broken, ids=("in",)), outer, before=BEFORE))
    assert flow.complete("u").open == ["h"]
    assert flow.complete("h").open == ["o"]


def test_a_business_error_of_a_service_is_caught_with_its_values() -> None:
    def fails(_call: object) -> None:
        raise BusinessFailure("E")

    catch = '<bpmn:errorEventDefinition errorRef="E" camunda:errorCodeVariable="code"/>'
    parts = service("sv", "d.s"), event_subprocess(catch, user("h"), ids="h")
    flow = Flow(diagram(line(*parts, ids=("sv",)), before=BEFORE), host=Host(services={"d.s": fails}))
    assert flow.open == ["h"]
    assert flow.complete("h").data["code"] == "E"


def test_an_escalation_runs_beside_or_takes_over() -> None:
    for interrupting, expected in ((False, ["h", "v"]), (True, ["h"])):
        parts = throw("t", on_escalation("X")), user("v")
        handler = event_subprocess(on_escalation("X"), user("h"), interrupting=interrupting, ids="h")
        flow = Flow(diagram(line(*parts, ids=("t", "v")), handler, before=BEFORE))
        assert flow.open == expected
        for element in expected:
            flow.complete(element)
        assert flow.ended


def test_an_escalation_nobody_catches_changes_nothing() -> None:
    flow = Flow(diagram(line(throw("t", on_escalation("X")), user("v"), ids=("t", "v")), before=BEFORE))
    assert flow.open == ["v"]
    assert flow.workflow.bpmn_events == []


def test_each_run_of_a_subprocess_has_its_own() -> None:
    inner = user("u"), event_subprocess(on_message("m"), user("h"), ids="h")
    several = subprocess("in", multi_instance("${xs}", "x"), start("is"), *inner, end("ie"), chain("is", "u", "ie"))
    flow = Flow(diagram(line(several, ids=("in",)), before=BEFORE), {"xs": [1, 2]})
    assert [wait.name for wait in flow.waits()] == ["m", "m"]
    assert flow.receive("m").open == ["h", "u"]
    assert flow.complete("h").complete("u").ended


def test_a_called_process_has_its_own() -> None:
    called = diagram(
        line(user("u"), ids=("u",)),
        event_subprocess(on_message("m"), script("h", "x = 5"), ids="h"),
        key="q",
        before=BEFORE,
    )
    flow = Flow(diagram(line(call("c", "q", '<camunda:out source="x" target="x"/>'), ids=("c",))), called={"q": called})
    assert flow.receive("m").ended
    assert flow.data == {"x": 5}


def test_inside_an_event_subprocess_too() -> None:
    nested = event_subprocess(on_message("n"), user("k"), node_id="nest", ids="k")
    flow = Flow(
        diagram(
            line(user("u"), ids=("u",)), event_subprocess(on_message("m"), user("h"), nested, ids="h"), before=BEFORE
        )
    )
    assert [wait.name for wait in flow.waits()] == ["m"]
    assert [wait.name for wait in flow.receive("m").waits()] == ["n"]
    assert flow.receive("n").open == ["k"]
    assert flow.complete("k").ended
