"""What random diagrams showed against the model of tokens (`tests/engine/model`), shrunk, each with what was wrong."""

from __future__ import annotations

import pytest

from app.engine import api
from app.engine.definitions.lint import lint
from tests.engine.diagrams import (
    boundary,
    call,
    catch,
    chain,
    diagram,
    end,
    escalation,
    flow,
    gateway,
    message,
    multi_instance,
    on_escalation,
    on_message,
    on_signal,
    signal,
    start,
    subprocess,
    throw,
    user,
)
from tests.engine.harness import Flow
from tests.engine.runtime.conftest import drive
from tests.engine.runtime.driving import Driver

__all__ = ["drive"]


def sub(node_id: str, *inner: str) -> str:
    return subprocess(node_id, start(f"{node_id}_s"), user(f"{node_id}_u"), end(f"{node_id}_e"), *inner,
                      chain(f"{node_id}_s", f"{node_id}_u", f"{node_id}_e"))  # fmt: skip


def test_an_inclusive_gateway_waits_for_a_subprocess_under_way() -> None:
    """It looked at waiting and ready steps only, and overtook every subprocess, call and external service."""
    content = diagram(
        start(), gateway("g", "inclusive", default="f_g_j"), user("a"), sub("b"), gateway("j", "inclusive"),
        user("after"), end(), chain("s", "g"), flow("g", "a", "${True}"), flow("g", "b", "${True}"), flow("g", "j"),
        chain("a", "j"), chain("b", "j", "after", "e"),
    )  # fmt: skip
    flow_ = Flow(content)
    assert flow_.complete("a").open == ["b_u"]
    assert flow_.complete("b_u").open == ["after"]


def test_an_inclusive_gateway_waits_for_a_path_behind_a_boundary_event() -> None:
    content = diagram(
        start(), gateway("g", "parallel"), user("a"), user("b"), boundary("m", "b", on_message("m")), user("late"),
        end("x"), gateway("j", "inclusive"), user("after"), end(), chain("s", "g", "a", "j", "after", "e"),
        chain("g", "b", "x"), chain("m", "late", "j"), before=message("m"),
    )  # fmt: skip
    flow_ = Flow(content).complete("a")
    assert flow_.open == ["b"]
    assert flow_.receive("m").open == ["late"]
    assert flow_.complete("late").open == ["after"]


def test_an_inclusive_gateway_lets_tokens_on_the_move_come_to_rest() -> None:
    """Whether it went on before or after the fork beside it depended on the order of the flows."""
    content = diagram(
        start(), user("a"), gateway("fork", "parallel"), user("b"), catch("c", on_message("m")),
        gateway("join", "parallel"), gateway("j", "inclusive"), user("after"), end(),
        chain("s", "a", "fork", "b", "join", "j", "after", "e"), chain("fork", "c", "join"), flow("a", "j"),
        flow("b", "a", "${back}"), before=message("m"),
    )  # fmt: skip
    flow_ = Flow(content, {"back": False}).complete("a")
    assert flow_.open == ["b"]
    assert flow_.complete("b").receive("m").open == ["after"]


def test_a_parallel_gateway_keeps_the_token_it_did_not_need() -> None:
    """Two tokens on one flow and one on the other: one was thrown away with the first passage."""
    content = diagram(
        start(), gateway("p", "parallel"), user("a"), user("b"), gateway("m"), gateway("q", "parallel"), user("c"),
        user("d"), gateway("j", "parallel"), user("after"), end(), chain("s", "p", "a", "m", "q", "c", "j"),
        chain("p", "b", "m"), chain("q", "d", "j", "after", "e"),
    )  # fmt: skip
    flow_ = Flow(content).complete("a").complete("b")
    assert flow_.open == ["c", "c", "d", "d"]
    flow_.complete("c").complete("c").complete("d")
    assert flow_.open == ["after", "d"]
    assert flow_.complete("d").open == ["after", "after"]
    assert flow_.complete("after").complete("after").ended


def test_a_parallel_gateway_needs_a_token_on_every_flow() -> None:
    """A flow back into the gateway itself did not count in the first round; BPMN has no such exception."""
    content = diagram(
        start(), gateway("j", "parallel"), user("a"), gateway("x", default="f_x_e"), end(),
        chain("s", "j", "a", "x", "e"), flow("x", "j", "${again}"),
    )  # fmt: skip
    flow_ = Flow(content, {"again": False})
    assert flow_.open == []
    assert not flow_.ended


def test_two_flows_between_two_elements_are_two_tokens() -> None:
    """A step knows its followers by name, so that the second flow was lost."""
    content = diagram(
        start(), user("a"), gateway("j", "parallel"), end(), chain("s", "a"), flow("a", "j", flow_id="one"),
        flow("a", "j", "${both}", flow_id="two"), chain("j", "e"),
    )  # fmt: skip
    assert not Flow(content, {"both": False}).complete("a").ended
    assert Flow(content, {"both": True}).complete("a").ended


@pytest.mark.parametrize("sequential", [True, False])
@pytest.mark.parametrize("interrupting", [True, False])
def test_a_loop_may_stand_behind_a_boundary_event(sequential: bool, interrupting: bool) -> None:
    """It was an incident: a step behind a boundary event is only predicted when it is reached."""
    content = diagram(
        start(), user("a"), boundary("m", "a", on_message("m"), interrupting=interrupting),
        user("each", multi_instance("${items}", "item", sequential=sequential)), end(), end("x"),
        chain("s", "a", "e"), chain("m", "each", "x"), before=message("m"),
    )  # fmt: skip
    flow_ = Flow(content, {"items": [1, 2]}).receive("m")
    assert flow_.open.count("each") == (1 if sequential else 2)


def test_an_interrupted_loop_of_subprocesses_leaves_nothing_behind() -> None:
    """Its runs were dropped from the tree, their subprocesses stayed open with tasks and timers."""
    content = diagram(
        start(), sub("many", multi_instance("${items}", "item")), boundary("m", "many", on_message("m")), user("b"),
        end(), end("x"), chain("s", "many", "e"), chain("m", "b", "x"), before=message("m"),
    )  # fmt: skip
    flow_ = Flow(content, {"items": [1, 2, 3]})
    assert flow_.open == ["many_u"] * 3
    assert flow_.receive("m").open == ["b"]
    assert flow_.complete("b").ended


def test_what_does_not_interrupt_can_come_again() -> None:
    content = diagram(
        start(), user("a"), boundary("m", "a", on_message("m"), interrupting=False), user("note"), end(), end("x"),
        chain("s", "a", "e"), chain("m", "note", "x"), before=message("m"),
    )  # fmt: skip
    flow_ = Flow(content).receive("m").receive("m")
    assert flow_.open == ["a", "note", "note"]
    assert flow_.complete("a").waits() == []


def test_an_activity_on_the_path_of_its_own_boundary_event_withdraws_its_own() -> None:
    content = diagram(
        start(), user("a"), boundary("m", "a", on_message("m"), interrupting=False), user("note"), end(),
        chain("s", "a", "e"), chain("m", "note", "a"), before=message("m"),
    )  # fmt: skip
    flow_ = Flow(content).receive("m").complete("note")
    assert flow_.open == ["a", "a"]
    assert len(flow_.complete("a").waits()) == 1
    assert flow_.complete("a").ended
    assert flow_.waits() == []


def test_an_escalation_can_come_again() -> None:
    inner = [start("ss"), throw("t1", on_escalation("X")), user("u"), throw("t2", on_escalation("X")), end("se"),
             chain("ss", "t1", "u", "t2", "se")]  # fmt: skip
    content = diagram(
        start(), subprocess("sub", *inner), boundary("b", "sub", on_escalation("X"), interrupting=False), user("boss"),
        end(), end("x"), chain("s", "sub", "e"), chain("b", "boss", "x"), before=escalation("X"),
    )  # fmt: skip
    assert Flow(content).complete("u").open == ["boss", "boss"]


def test_a_null_in_a_list_is_an_item_like_any_other() -> None:
    """A sequential loop took it for the end of the list and stood still for ever."""
    content = diagram(
        start(), user("each", multi_instance("${items}", "item", sequential=True)), end(), chain("s", "each", "e")
    )
    flow_ = Flow(content, {"items": [None, 1, None]})
    assert flow_.complete("each").complete("each").complete("each").ended


def test_a_call_may_stand_in_a_subprocess(app) -> None:
    """The check of the file demanded the called process to be in the same file."""
    content = diagram(
        start(), subprocess("sub", start("ss"), call("c", "q"), end("se"), chain("ss", "c", "se")), end(),
        chain("s", "sub", "e"),
    )  # fmt: skip
    assert lint("a.bpmn", content) == []


def test_a_called_process_may_begin_by_waiting_for_a_message(drive: Driver) -> None:
    """Starting looked for the awaited event among the caller's elements."""
    inner = diagram(start(), catch("c", on_message("m")), end(), chain("s", "c", "e"), key="q", before=message("m"))
    drive.deploy(q=inner, p=diagram(start(), call("ca", "q"), end(), chain("s", "ca", "e")))
    assert drive.status(drive.start().id) == "active"


def test_a_signal_reaches_what_waited_when_it_was_thrown(drive: Driver) -> None:
    """It was handed over at the end of the command, and met a catch behind its own throw."""
    content = diagram(
        start(), gateway("fork", "parallel"), catch("beside", on_signal("g")), user("u"), throw("t", on_signal("g")),
        catch("behind", on_signal("g")), end(), end("x"), chain("s", "fork", "beside", "e"),
        chain("fork", "u", "t", "behind", "x"), before=signal("g"),
    )  # fmt: skip
    drive.deploy(p=content)
    case = drive.start()
    drive.complete(case.id, "u")
    assert [wait.element_id for wait in api.waiting(case.id)] == ["behind"]


def test_what_an_interrupted_subprocess_changed_counts_where_branches_meet() -> None:
    """Its variables were seen on the path of the boundary event, and lost at the next join."""
    content = diagram(
        start(), gateway("p", "parallel"), user("a"),
        subprocess("sub", start("ss"), user("v"), user("w"), end("se"), chain("ss", "v", "w", "se")),
        boundary("m", "sub", on_message("m")), gateway("x"), gateway("j", "parallel"), user("after"), end(),
        chain("s", "p", "a", "j", "after", "e"), chain("p", "sub", "x", "j"), chain("m", "x"), before=message("m"),
    )  # fmt: skip
    flow_ = Flow(content).complete("v", crew=7).receive("m").complete("a")
    assert flow_.complete("after").data == {"crew": 7}
