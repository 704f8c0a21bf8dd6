"""Several runs of one activity: their outputs in a list, their numbers, and when enough of them are done."""

from __future__ import annotations

import pytest

from tests.engine.diagrams import (
    call,
    chain,
    diagram,
    end,
    extensions,
    line,
    multi_instance,
    node,
    script,
    start,
    subprocess,
    user,
)
from tests.engine.harness import Flow

GATHER = {"output_collection": "ys", "output_element": "${y}"}
BOTH = pytest.mark.parametrize("sequential", [False, True])


def gathering(tag: str, *inner: str, sequential: bool = False, condition: str = "", **attributes: str) -> bytes:
    loop = multi_instance("${xs}", "x", sequential=sequential, condition=condition)
    box = extensions('<camunda:in source="x" target="x"/><camunda:out source="y" target="y"/>', properties=GATHER)
    return diagram(line(node(tag, "t", box, loop, *inner, **attributes), ids=("t",)))


@BOTH
def test_of_a_person_s_steps_in_the_order_of_the_items(sequential: bool) -> None:
    flow = Flow(gathering("userTask", sequential=sequential), {"xs": ["a", "b", "c"]})
    last = 0 if sequential else -1  # the last of the parallel ones is done first
    for _ in range(3):
        (task, *_rest) = flow.ready()[::-1] if last else flow.ready()
        flow.complete("t", flow.ready().index(task), y=task.data["x"] * 2)
    assert flow.data["ys"] == ["aa", "bb", "cc"]
    assert "loopCounter" not in flow.data


@BOTH
def test_of_subprocesses(sequential: bool) -> None:
    inner = start("is"), script("sc", "y = [loopCounter, x]"), end("ie"), chain("is", "sc", "ie")
    flow = Flow(gathering("subProcess", *inner, sequential=sequential), {"xs": ["a", "b"]})
    assert flow.data["ys"] == [[0, "a"], [1, "b"]]


@BOTH
def test_of_called_processes(sequential: bool) -> None:
    called = diagram(line(script("sc", "y = x + 1"), ids=("sc",)), key="q")
    content = gathering("callActivity", sequential=sequential, calledElement="q")
    assert Flow(content, {"xs": [1, 2]}, called={"q": called}).data["ys"] == [2, 3]


@BOTH
def test_of_nothing(sequential: bool) -> None:
    assert Flow(gathering("userTask", sequential=sequential), {"xs": [], "ys": ["old"]}).data["ys"] == []


@BOTH
def test_a_condition_on_the_counts_ends_the_rest(sequential: bool) -> None:
    condition = "${nrOfCompletedInstances / nrOfInstances >= 0.5}"
    flow = Flow(gathering("userTask", sequential=sequential, condition=condition), {"xs": [1, 2, 3, 4]})
    flow.complete("t", y="first")
    assert not flow.ended
    assert flow.complete("t", y="second").data["ys"] == ["first", "second"]


def test_the_gathered_list_can_decide() -> None:
    flow = Flow(gathering("userTask", condition="${y == 'no'}"), {"xs": [1, 2, 3]})
    assert flow.complete("t", 1, y="no").data["ys"] == ["no"]


@BOTH
def test_a_number_of_runs(sequential: bool) -> None:
    kind = f'isSequential="{str(sequential).lower()}"'
    times = "<bpmn:loopCardinality>3</bpmn:loopCardinality>"
    loop = f"<bpmn:multiInstanceLoopCharacteristics {kind}>{times}</bpmn:multiInstanceLoopCharacteristics>"
    box = extensions(properties={"output_collection": "ys", "output_element": "${loopCounter * 10}"})
    inner = start("is"), script("sc", "z = 1"), end("ie"), chain("is", "sc", "ie")
    assert Flow(diagram(line(subprocess("t", box, loop, *inner), ids=("t",)))).data["ys"] == [0, 10, 20]


def test_a_loop_within_a_loop_has_its_own_number() -> None:
    gather = extensions(properties={"output_collection": "inner", "output_element": "${loopCounter}"})
    step = user("u", gather, multi_instance("${ns}", "n"))
    after = script("sc", "y = [loopCounter, inner]")
    parts = start("is"), step, after, end("ie"), chain("is", "u", "sc", "ie")
    flow = Flow(gathering("subProcess", *parts, sequential=True), {"xs": [1, 2], "ns": [5, 6]})
    for _ in range(4):
        flow.complete("u")
    assert flow.data["ys"] == [[0, [0, 1]], [1, [0, 1]]]


def test_a_call_gives_no_number_away() -> None:
    content = diagram(line(call("c", "q", '<camunda:in variables="all"/><camunda:out variables="all"/>'), ids=("c",)))
    called = gathering("subProcess", start("is"), script("sc", "y = x"), end("ie"), chain("is", "sc", "ie"))
    flow = Flow(content, {"xs": [1]}, called={"q": called.replace(b'id="p"', b'id="q"')})
    assert flow.data == {"xs": [1], "ys": [1], "y": 1}
