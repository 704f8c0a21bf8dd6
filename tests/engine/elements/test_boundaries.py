"""Boundary events: interrupting at once, running beside, repeating; errors and escalations going outward."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.engine.diagrams import (
    boundary,
    call,
    chain,
    diagram,
    end,
    error,
    escalation,
    gateway,
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
    timer,
    user,
)  # fmt: skip
from tests.engine.harness import BusinessFailure, Flow, Host


def fails(code: str):
    def run(_call):
        raise BusinessFailure(code)

    return run


def test_an_interrupting_timer_ends_the_activity() -> None:
    content = diagram(
        start(), user("u"), boundary("b", "u", timer("PT45M")), user("late"), end(),
        chain("s", "u", "e"), chain("b", "late", "e"),
    )  # fmt: skip
    flow = Flow(content, {"x": 1})
    assert [wait.due_at for wait in flow.waits("timer")] == [flow.host.at + timedelta(minutes=45)]
    assert flow.advance(minutes=44).open == ["u"]
    assert flow.advance(minutes=1).open == ["late"]
    assert flow.waits() == []
    assert flow.complete("late").data == {"x": 1}


def test_a_non_interrupting_timer_runs_beside() -> None:
    content = diagram(
        start(), user("u"), boundary("b", "u", timer("${limit}"), interrupting=False), user("late"), end(), end("e2"),
        chain("s", "u", "e"), chain("b", "late", "e2"),
    )  # fmt: skip
    flow = Flow(content, {"limit": "PT10M"}).advance(minutes=10)
    assert flow.open == ["late", "u"]
    flow.complete("u", x=1)
    assert flow.open == ["late"]
    assert flow.complete("late", y=2).data == {"limit": "PT10M", "x": 1, "y": 2}


def test_a_stale_value_of_a_side_branch_does_not_overwrite_the_main_path() -> None:
    content = diagram(
        start(), user("before"), user("u"), boundary("b", "u", timer("PT1M"), interrupting=False), user("late"),
        end(), end("e2"), chain("s", "before", "u", "e"), chain("b", "late", "e2"),
    )  # fmt: skip
    flow = Flow(content, {"x": 0}).complete("before", x=1).advance(minutes=1).complete("u", x=2)
    assert flow.complete("late", y=1).data == {"x": 2, "y": 1}


def test_a_repeating_timer_keeps_its_running_branches_when_the_activity_ends() -> None:
    content = diagram(
        start(), user("u"), boundary("b", "u", timer("R/PT1H", "timeCycle"), interrupting=False), user("remind"),
        end(), end("e2"), chain("s", "u", "e"), chain("b", "remind", "e2"),
    )  # fmt: skip
    flow = Flow(content)
    flow.advance(hours=1).advance(hours=1)
    assert flow.open == ["remind", "remind", "u"]
    flow.complete("u")
    assert flow.open == ["remind", "remind"]
    assert flow.waits("timer") == []
    assert flow.complete("remind").complete("remind").ended


def test_a_bounded_cycle_stops_and_missed_firings_come_once() -> None:
    content = diagram(
        start(), user("u"), boundary("b", "u", timer("R2/PT1H", "timeCycle"), interrupting=False), script("n", "n = 1"),
        end(), end("e2"), chain("s", "u", "e"), chain("b", "n", "e2"),
    )  # fmt: skip
    flow = Flow(content).advance(hours=5)
    assert [wait.due_at for wait in flow.waits("timer")] == [flow.host.at + timedelta(hours=1)]
    flow.advance(hours=1)
    assert flow.waits("timer") == []
    assert flow.complete("u").ended


def nested(event: str) -> bytes:
    return diagram(
        start(),
        subprocess("sub", start("ss"), user("u"), end("se"), chain("ss", "u", "se")),
        boundary("b", "sub", event),
        user("handler"),
        end(),
        chain("s", "sub", "e"),
        chain("b", "handler", "e"),
        before=message("cancel"),
    )


def test_an_interrupted_subprocess_hands_its_variables_to_the_handler() -> None:
    content = diagram(
        start(),
        subprocess("sub", start("ss"), user("u"), user("v"), end("se"), chain("ss", "u", "v", "se")),
        boundary("b", "sub", on_message("cancel")),
        user("handler"),
        end(),
        chain("s", "sub", "e"),
        chain("b", "handler", "e"),
        before=message("cancel"),
    )
    flow = Flow(content, {"x": 1}).complete("u", crew=7)
    flow.receive("cancel", reason="customer")
    assert flow.open == ["handler"]
    assert flow.complete("handler").data == {"x": 1, "crew": 7, "reason": "customer"}


def test_an_error_end_interrupts_only_its_own_subprocess() -> None:
    inner = [start("ss"), gateway("g", "parallel"), end("se", on_error("E1")), user("other"), end("oe"),
             chain("ss", "g", "se"), chain("g", "other", "oe")]  # fmt: skip
    content = diagram(
        start(), gateway("p", "parallel"), subprocess("sub", *inner), boundary("b", "sub", on_error("E1")),
        subprocess("sub2", start("s2"), user("u2"), end("e2"), chain("s2", "u2", "e2")),
        boundary("b2", "sub2", on_error("E1")), user("handler"), user("handler2"), end(), end("x"),
        chain("s", "p", "sub", "e"), chain("p", "sub2", "x"), chain("b", "handler", "e"), chain("b2", "handler2", "x"),
        before=error("E1"),
    )  # fmt: skip
    flow = Flow(content)
    assert flow.open == ["handler", "u2"]
    flow.complete("handler").complete("u2")
    assert flow.ended
    assert "handler2" not in flow.done


def test_a_business_error_of_a_service_takes_its_own_boundary() -> None:
    content = diagram(
        start(), gateway("p", "parallel"), service("one", "d.one"), service("two", "d.two", external=True),
        boundary("b1", "one", on_error("NO")), boundary("b2", "two", on_error("NO")), user("h1"), user("h2"),
        end(), end("x"), chain("s", "p", "one", "e"), chain("p", "two", "x"), chain("b1", "h1", "e"),
        chain("b2", "h2", "x"), before=error("NO"),
    )  # fmt: skip
    flow = Flow(content, host=Host({"d.one": fails("NO")}))
    assert flow.open == ["h1"]
    assert flow.fail("two", "NO")
    assert flow.open == ["h1", "h2"]


def test_an_error_nobody_catches_leaves_the_step_open() -> None:
    content = diagram(
        start(), service("one", "d.one", external=True), boundary("b", "one", on_error("OTHER")), user("h"), end(),
        chain("s", "one", "e"), chain("b", "h", "e"), before=error("OTHER"),
    )  # fmt: skip
    flow = Flow(content)
    assert not flow.fail("one", "NO")
    assert flow.finish("one").ended


def test_an_exact_code_comes_before_any_error() -> None:
    content = diagram(
        start(), service("one", "d.one", external=True), boundary("any", "one", on_error()),
        boundary("exact", "one", on_error("NO")), user("h_any"), user("h_exact"), end(),
        chain("s", "one", "e"), chain("any", "h_any", "e"), chain("exact", "h_exact", "e"), before=error("NO"),
    )  # fmt: skip
    flow = Flow(content)
    flow.fail("one", "NO")
    assert flow.open == ["h_exact"]
    flow = Flow(content)
    flow.fail("one", "SOMETHING")
    assert flow.open == ["h_any"]
    assert flow.complete("h_any").data == {"detail": 1}


def test_an_error_in_a_run_of_a_multi_instance_reaches_its_boundary() -> None:
    content = diagram(
        start(), service("one", "d.one", multi_instance("${items}", "item"), external=True),
        boundary("b", "one", on_error("NO")), user("h"), end(), chain("s", "one", "e"), chain("b", "h", "e"),
        before=error("NO"),
    )  # fmt: skip
    flow = Flow(content, {"items": [1, 2]})
    assert flow.fail("one", "NO")
    assert flow.open == ["h"]


@pytest.mark.parametrize("interrupting", [True, False])
def test_an_escalation_goes_outward(interrupting: bool) -> None:
    content = diagram(
        start(),
        subprocess(
            "sub", start("ss"), throw("t", on_escalation("X")), user("u"), end("se"), chain("ss", "t", "u", "se")
        ),
        boundary("b", "sub", on_escalation("X"), interrupting=interrupting), user("boss"), end(), end("e2"),
        chain("s", "sub", "e"), chain("b", "boss", "e2"), before=escalation("X"),
    )  # fmt: skip
    assert Flow(content).open == (["boss"] if interrupting else ["boss", "u"])


def test_the_whole_activity_is_over_when_a_called_process_fails() -> None:
    inner = diagram(start(), end("bad", on_error("NO")), chain("s", "bad"), key="q", before=error("NO"))
    content = diagram(
        start(), call("ca", "q"), boundary("b", "ca", on_error("NO")), user("h"), end(),
        chain("s", "ca", "e"), chain("b", "h", "e"), before=error("NO"),
    )  # fmt: skip
    assert Flow(content, called={"q": inner}).open == ["h"]
