"""Services, decisions, calls, multi-instance, events: each element does what the diagram says."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.engine.elements.waits import NotWaiting, deliver
from app.engine.scripting.engine import ElementFailed
from tests.engine.diagrams import (
    boundary,
    call,
    catch,
    chain,
    decision,
    diagram,
    end,
    extensions,
    flow,
    gateway,
    give,
    line,
    message,
    multi_instance,
    node,
    on_message,
    on_signal,
    script,
    service,
    signal,
    start,
    subprocess,
    take,
    throw,
    timer,
    user,
)  # fmt: skip
from tests.engine.harness import Flow, Host, specs


def test_a_service_gets_its_inputs_and_its_outputs_are_merged() -> None:
    mapped = extensions(inputs={"a": "${x * 2}", "b": "text", "c": "n-${x}", "d": "${items}"})
    host = Host({"d.do": lambda call: {"result": call.inputs}})
    flow_ = Flow(diagram(line(service("sv", "d.do", mapped), ids=("sv",))), {"x": 2, "items": [1]}, host=host)
    assert flow_.data["result"] == {"a": 4, "b": "text", "c": "n-2", "d": [1]}


def test_outputs_go_under_the_result_variable_or_through_output_parameters() -> None:
    host = Host({"d.do": lambda call: {"id": 5}})
    content = diagram(line(service("sv", "d.do", camunda_resultVariable="r"), ids=("sv",)))
    assert Flow(content, host=host).data == {"r": {"id": 5}}
    mapped = extensions(outputs={"order": "${id + 1}"})
    content = diagram(line(service("sv", "d.do", mapped), ids=("sv",)))
    assert Flow(content, host=host).data == {"order": 6}


def test_lists_and_maps_as_inputs() -> None:
    inner = (
        '<camunda:inputOutput><camunda:inputParameter name="p"><camunda:map>'
        '<camunda:entry key="k"><camunda:list><camunda:value>${x}</camunda:value><camunda:value>y</camunda:value>'
        "</camunda:list></camunda:entry></camunda:map></camunda:inputParameter></camunda:inputOutput>"
    )
    host = Host({"d.do": lambda call: call.inputs})
    content = diagram(line(service("sv", "d.do", extensions(inner)), ids=("sv",)))
    assert Flow(content, {"x": 1}, host=host).data == {"x": 1, "p": {"k": [1, "y"]}}


def test_an_external_service_waits_until_it_is_finished() -> None:
    flow_ = Flow(diagram(line(service("sv", "mail.send", external=True), ids=("sv",))))
    assert not flow_.ended
    assert flow_.finish("sv", sent=True).data == {"sent": True}


def test_a_decision_sees_the_variables_and_gives_its_result() -> None:
    host = Host(result={"amount": 45, "unit": "min"})
    content = diagram(
        line(
            decision("d", "limits", camunda_resultVariable="limit", camunda_mapDecisionResult="singleResult"),
            ids=("d",),
        )
    )
    flow_ = Flow(content, {"area": "urban"}, host=host)
    assert flow_.data == {"area": "urban", "limit": {"amount": 45, "unit": "min"}}
    (asked,) = host.calls
    assert (asked.decision_id, asked.map_result, asked.inputs) == ("limits", "singleResult", {"area": "urban"})


def test_a_called_process_has_its_own_variables() -> None:
    inner = diagram(line(user("u"), script("sc", "result = given * 2\nsecret = 1"), ids=("u", "sc")), key="q")
    content = diagram(line(call("ca", "q", give("x", "given"), take("result", "answer")), ids=("ca",)))
    flow_ = Flow(content, {"x": 3, "other": 1}, called={"q": inner})
    assert flow_.ready()[0].data == {"given": 3}
    assert flow_.complete("u").data == {"x": 3, "other": 1, "answer": 6}


def test_a_called_process_may_get_and_give_everything() -> None:
    inner = diagram(line(script("sc", "y = x + 1\nitems.append(1)"), ids=("sc",)), key="q")
    everything = '<camunda:in variables="all"/><camunda:in businessKey="${number}"/><camunda:out variables="all"/>'
    content = diagram(line(call("ca", "q", everything), ids=("ca",)))
    flow_ = Flow(content, {"x": 1, "items": [], "number": "GD1"}, called={"q": inner})
    assert flow_.data == {"x": 1, "items": [1], "number": "GD1", "y": 2, "business_key": "GD1"}


def test_two_called_processes_may_use_the_same_element_ids() -> None:
    def inner(key: str, name: str) -> bytes:
        sub = subprocess("sub", start("ss"), user(name), end("se"), chain("ss", name, "se"))
        return diagram(line(sub, ids=("sub",)), key=key)

    content = diagram(line(call("one", "q1"), call("two", "q2"), ids=("one", "two")))
    flow_ = Flow(content, called={"q1": inner("q1", "a"), "q2": inner("q2", "b")})
    assert flow_.open == ["a"]
    assert flow_.complete("a").open == ["b"]


@pytest.mark.parametrize("sequential", [False, True])
def test_multi_instance_runs_for_each_item(sequential: bool) -> None:
    content = diagram(
        line(user("u", multi_instance("${team.members}", "member", sequential=sequential)), user("v"), ids=("u", "v"))
    )
    flow_ = Flow(content, {"team": {"members": ["a", "b"]}, "log": [9]})
    assert len(flow_.ready()) == (1 if sequential else 2)
    assert flow_.ready()[0].data["member"] == "a"
    flow_.complete("u", first=1, log=[])
    assert flow_.ready()[0].data["member"] == "b"
    flow_.complete("u", second=2)
    (after,) = flow_.ready()
    assert after.data == {"team": {"members": ["a", "b"]}, "log": [], "first": 1, "second": 2}


def test_multi_instance_may_be_passed_again_and_may_be_empty() -> None:
    content = diagram(
        start(), gateway("in"), user("u", multi_instance("items", "item")), user("again"),
        gateway("choice", default="f_choice_e"), end(), chain("s", "in", "u", "again", "choice", "e"),
        flow("choice", "in", "${more}"),
    )  # fmt: skip
    flow_ = Flow(content, {"items": ["a"]}).complete("u").complete("again", more=True, items=[])
    assert flow_.open == ["again"]
    assert flow_.complete("again", more=False).ended


def test_the_completion_condition_ends_the_other_runs() -> None:
    content = diagram(line(user("u", multi_instance("${items}", "item", condition="${done}")), ids=("u",)))
    flow_ = Flow(content, {"items": [1, 2, 3]})
    assert flow_.complete("u", 1, done=True).ended


def test_the_first_of_two_timers_and_a_message_decides() -> None:
    content = diagram(
        start(), gateway("g", "eventBased"), catch("slow", timer("PT2H")), catch("fast", timer("PT1H")),
        catch("msg", on_message("m")), user("a"), user("b"), user("c"), end(),
        chain("s", "g", "slow", "a", "e"), chain("g", "fast", "b", "e"), chain("g", "msg", "c", "e"),
        before=message("m"),
    )  # fmt: skip
    flow_ = Flow(content)
    due = {wait.element_id: wait.due_at - flow_.host.at for wait in flow_.waits("timer")}
    assert due == {"slow": timedelta(hours=2), "fast": timedelta(hours=1)}
    assert flow_.advance(hours=1).open == ["b"]
    assert Flow(content).advance(hours=9).open == ["b"]
    flow_ = Flow(content).receive("m", note="x")
    assert flow_.open == ["c"]
    assert flow_.complete("c").data == {"note": "x"}


def test_a_message_states_whom_it_is_for() -> None:
    content = diagram(
        line(catch("c", extensions(properties={"correlation": "${order.id}, unit=${order.unit}"}), on_message("m")),
             ids=("c",)), before=message("m", "订单取消"),
    )  # fmt: skip
    flow_ = Flow(content, {"order": {"id": 5, "unit": "GM"}})
    (wait,) = flow_.waits()
    assert (wait.kind, wait.name, wait.correlation) == ("message", "订单取消", {"id": 5, "unit": "GM"})
    deliver(flow_.workflow, wait, {"why": 1})
    flow_.run()
    assert flow_.data["why"] == 1
    with pytest.raises(NotWaiting):
        deliver(flow_.workflow, wait, {})


def test_receive_task_and_message_start() -> None:
    content = diagram(line(node("receiveTask", "r", messageRef="m"), ids=("r",)), before=message("m"))
    assert Flow(content).receive("m", x=1).data == {"x": 1}
    content = diagram(start("s", on_message("m")), user("u"), end(), chain("s", "u", "e"), before=message("m"))
    flow_ = Flow(content)
    assert flow_.open == []
    assert flow_.receive("m", x=1).open == ["u"]


def test_throws_go_to_the_host() -> None:
    sends = extensions(inputs={"number": "${n}"}, properties={"correlation": "${n}"})
    content = diagram(
        start(), throw("t", sends, on_message("m")), node("sendTask", "st", messageRef="m"),
        end("e", on_signal("g")), chain("s", "t", "st", "e"), before=message("m") + signal("g"),
    )  # fmt: skip
    flow_ = Flow(content, {"n": 1})
    assert flow_.ended
    assert [(t.element_id, t.kind, t.name, t.payload, t.correlation) for t in flow_.host.thrown] == [
        ("t", "message", "m", {"number": 1}, {"n": 1}),
        ("st", "message", "m", {}, {}),
        ("e.throw", "signal", "g", {}, {}),
    ]


def event_subprocess() -> bytes:
    inner = [
        start("es", on_message("remind"), isInterrupting="false"),
        user("note"),
        end("ee"),
        chain("es", "note", "ee"),
    ]
    return diagram(
        line(user("a"), user("b"), ids=("a", "b")),
        subprocess("evs", *inner, triggeredByEvent="true"),
        before=message("remind"),
    )


def test_an_event_subprocess_runs_beside_with_the_present_variables_as_often_as_it_is_called() -> None:
    flow_ = Flow(event_subprocess(), {"x": 0}).complete("a", x=1)
    flow_.receive("remind", text="hurry").receive("remind", text="again")
    assert flow_.open == ["b", "note", "note"]
    assert next(task.data for task in flow_.ready() if task.task_spec.bpmn_id == "note") == {"x": 1, "text": "hurry"}
    flow_.complete("b", x=2).complete("note", noted=1)
    assert flow_.open == ["note"]
    assert flow_.complete("note").data["x"] == 2


def test_specs_are_not_changed_by_their_instances() -> None:
    loaded = specs(event_subprocess())

    def picture() -> list[object]:
        return [
            (spec.name, name, tuple(task._inputs), tuple(task._outputs), sorted(vars(task)))
            for spec in (loaded[0], *loaded[1].values())
            for name, task in spec.task_specs.items()
        ]

    before = picture()
    for _ in range(2):
        flow_ = Flow(loaded).receive("remind").complete("note").complete("a").complete("b")
        assert flow_.ended
    assert picture() == before


def test_undefined_and_manual_tasks_pass_by_themselves() -> None:
    assert Flow(diagram(line(node("task", "t"), node("manualTask", "m"), ids=("t", "m")))).ended


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("${limit}", "timeDuration"),
        ("PT45M", "timeDuration"),
        ("${limit}", "timeDate"),
        ("PT${minutes}M", "timeDuration"),
    ],
)
def test_timers_take_literals_variables_and_templates(text: str, kind: str) -> None:
    flow_ = Flow(diagram(line(catch("c", timer(text, kind)), ids=("c",))), {"limit": "PT45M", "minutes": 45})
    assert [wait.due_at for wait in flow_.waits()] == [flow_.host.at + timedelta(minutes=45)]
    assert flow_.advance(minutes=45).ended


@pytest.mark.parametrize("value", ["2026-03-02T10:00:00", "tomorrow", 45, None])
def test_a_time_without_offset_or_of_another_kind_is_an_error_of_the_element(value: object) -> None:
    with pytest.raises(ElementFailed, match="c:"):
        Flow(diagram(line(catch("c", timer("${at}", "timeDate")), ids=("c",))), {"at": value})


def test_a_failing_script_names_element_and_line() -> None:
    with pytest.raises(ElementFailed) as caught:
        Flow(diagram(line(script("sc", "a = 1\nb = a / zero"), ids=("sc",))), {"zero": 0})
    assert (caught.value.element_id, caught.value.line) == ("sc", 2)


def test_terminate_ends_everything() -> None:
    content = diagram(
        start(), gateway("g", "parallel"), user("u"), end(), end("t", "<bpmn:terminateEventDefinition/>"),
        chain("s", "g", "u", "e"), chain("g", "t"),
    )  # fmt: skip
    assert Flow(content).ended


def test_a_transaction_can_be_cancelled() -> None:
    inner = [start("ss"), user("u"), end("ce", "<bpmn:cancelEventDefinition/>"), chain("ss", "u", "ce")]
    content = diagram(
        start(), subprocess("tx", *inner, tag="transaction"),
        boundary("b", "tx", "<bpmn:cancelEventDefinition/>"), user("h"), end(), end("e2"),
        chain("s", "tx", "e"), chain("b", "h", "e2"),
    )  # fmt: skip
    flow_ = Flow(content).complete("u", x=1)
    assert flow_.open == ["h"]
    assert flow_.complete("h").ended
    assert "e" not in flow_.done
