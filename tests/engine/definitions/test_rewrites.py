"""Each rewrite makes a diagram run that SpiffWorkflow alone refuses or runs wrong."""

from __future__ import annotations

import warnings

import pytest
from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.spiff.parser import SpiffBpmnParser
from SpiffWorkflow.util.task import TaskState

from tests.engine.diagrams import (
    catch,
    chain,
    diagram,
    end,
    flow,
    gateway,
    multi_instance,
    on_signal,
    script,
    signal,
    start,
    throw,
    timer,
    user,
)
from tests.engine.harness import Flow

LINK = '<bpmn:linkEventDefinition name="L"/>'


def stock(content: bytes, **data: object) -> BpmnWorkflow:
    """The diagram as SpiffWorkflow runs it by itself."""
    parser = SpiffBpmnParser()
    parser.add_bpmn_xml(etree.fromstring(content))
    workflow = BpmnWorkflow(parser.get_spec("p"), parser.get_subprocess_specs("p"))
    workflow.task_tree.data.update(data)
    workflow.do_engine_steps()
    return workflow


def fails_alone(content: bytes, **data: object) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            workflow = stock(content, **data)
        except Exception:
            return True
    return not workflow.completed


def test_signal_end() -> None:
    content = diagram(start(), end("e", on_signal("g")), chain("s", "e"), before=signal("g"))
    thrown = Flow(content).host.thrown
    assert [(throw_.kind, throw_.name) for throw_ in thrown] == [("signal", "g")]
    assert stock(content).bpmn_events == []


def test_link_events() -> None:
    content = diagram(
        start(),
        throw("t", LINK),
        catch("c", LINK),
        script("sc", "x = 1"),
        end(),
        chain("s", "t"),
        chain("c", "sc", "e"),
    )
    assert Flow(content).data == {"x": 1}
    assert fails_alone(content)


def test_several_flows_out_of_a_task() -> None:
    content = diagram(start(), script("a", "x = 1"), user("b"), user("c"), chain("s", "a", "b"), chain("a", "c"))
    assert Flow(content).open == ["b", "c"]
    assert fails_alone(content)


@pytest.mark.parametrize(("x", "reached"), [(0, ["default"]), (1, ["one"]), (2, ["one", "two"])])
def test_conditional_flows_out_of_a_task(x: int, reached: list[str]) -> None:
    content = diagram(
        start(), script("a", "y = x").replace("<bpmn:scriptTask", '<bpmn:scriptTask default="f_a_default"'),
        user("default"), user("one"), user("two"), chain("s", "a"), flow("a", "one", "${y ge 1}"),
        flow("a", "two", "${y > 1}"), flow("a", "default"),
    )  # fmt: skip
    assert Flow(content, {"x": x}).open == reached
    assert fails_alone(content, x=x)


def test_the_condition_on_a_single_flow_counts() -> None:
    content = diagram(start(), script("a", "y = 1"), end(), chain("s", "a"), flow("a", "e", "${y > 5}"))
    with pytest.raises(Exception, match="no outgoing condition"):
        Flow(content)
    assert stock(diagram(start(), script("a", "y = 1"), end(), chain("s", "a"), flow("a", "e", "y > 5"))).completed


def test_a_path_that_stops_ends() -> None:
    content = diagram(start(), script("a", "x = 1"), chain("s", "a"))
    assert Flow(content).data == {"x": 1}
    assert fails_alone(content)


def test_literal_timers() -> None:
    content = diagram(start(), catch("c", timer("PT1H")), end(), chain("s", "c", "e"))
    assert Flow(content).advance(hours=1).ended
    assert fails_alone(content)


def test_conditions_are_asked_in_the_order_of_the_file_not_of_the_drawing() -> None:
    shapes = "".join(
        f'<bpmndi:BPMNShape bpmnElement="{name}"><dc:Bounds xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" '
        f'x="0" y="{y}" width="1" height="1"/></bpmndi:BPMNShape>'
        for name, y in (("a", 500), ("b", 100))
    )
    drawing = f'<bpmndi:BPMNDiagram id="d"><bpmndi:BPMNPlane id="pl">{shapes}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>'
    content = diagram(
        start(), gateway("g"), user("a"), user("b"), end(), chain("s", "g"), flow("g", "a", "${x > 0}"),
        flow("g", "b", "${x > 0}"), chain("a", "e"), chain("b", "e"),
    ).replace(b"</bpmn:definitions>", drawing.encode() + b"</bpmn:definitions>")  # fmt: skip
    assert Flow(content, {"x": 1}).open == ["a"]


def test_camunda_collections() -> None:
    content = diagram(start(), user("u", multi_instance("${items}", "item")), end(), chain("s", "u", "e"))
    assert len(Flow(content, {"items": [1, 2, 3]}).ready()) == 3
    assert fails_alone(content, items=[1])


def test_generated_steps_are_no_elements_of_the_diagram() -> None:
    flow_ = Flow(diagram(start(), script("a", "x = 1"), chain("s", "a")))
    assert [task.task_spec.name for task in flow_.tasks() if task.has_state(TaskState.COMPLETED)][-3] == "a.end"
