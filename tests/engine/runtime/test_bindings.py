"""Which version of a called process, a decision or a form a running step gets."""

from __future__ import annotations

import json

import pytest

from app.engine import api
from app.engine.definitions.deploy import deploy
from app.engine.definitions.problems import Refused
from app.kernel.actor import SYSTEM
from tests.engine.decisions.models import decision, model, table
from tests.engine.diagrams import call, chain, diagram, end, line, start, subprocess, user
from tests.engine.runtime.driving import Driver


def called(step: str) -> bytes:
    return diagram(line(user(step), ids=(step,)), key="q")


def calling(binding: str = "", version: str = "") -> bytes:
    attributes = {"camunda_calledElementBinding": binding} if binding else {}
    attributes |= {"camunda_calledElementVersion": version} if version else {}
    return diagram(line(user("u"), call("c", "q", **attributes), ids=("u", "c")))


def reached(drive: Driver, instance: str) -> list[str]:
    drive.complete(instance, "u")
    return drive.tasks(instance)


@pytest.mark.parametrize("binding", ["", "deployment"])
def test_pinned_when_the_caller_began(drive: Driver, binding: str) -> None:
    drive.deploy(p=calling(binding), q=called("one"))
    before = drive.start().id
    drive.deploy(q=called("two"))
    assert reached(drive, before) == ["one"]
    assert reached(drive, drive.start().id) == ["two"], "the new version gave the caller a new version too"
    assert api.get_definition("p").version == 2


def test_the_latest_when_the_step_runs(drive: Driver) -> None:
    drive.deploy(p=calling("latest"), q=called("one"))
    first, second = drive.start().id, drive.start().id
    assert reached(drive, first) == ["one"]
    drive.deploy(q=called("two"))
    assert api.get_definition("p").version == 1, "nothing is pinned: nothing changes"
    assert reached(drive, second) == ["two"]
    drive.complete(first, "one")
    drive.complete(second, "two")
    assert [drive.status(one) for one in (first, second)] == ["completed", "completed"]
    drawn = api.diagram(second, locale="zh").called["c"]
    assert (drawn.definition_id, drawn.completed) == (api.get_definition("q").id, ("e", "s", "two"))
    assert {"two"} < {activity.element_id for activity in api.history(second)}


def test_the_latest_of_a_process_with_a_subprocess(drive: Driver) -> None:
    inner = subprocess("in", start("is"), user("deep"), end("ie"), chain("is", "deep", "ie"))
    drive.deploy(p=calling("latest"), q=diagram(line(inner, ids=("in",)), key="q"))
    instance = drive.start().id
    assert reached(drive, instance) == ["deep"]
    assert api.task_data(drive.task(instance, "deep").id) == {}
    drive.complete(instance, "deep")
    assert drive.status(instance) == "completed"


def test_a_version_stays(drive: Driver) -> None:
    drive.deploy(q=called("one"))
    drive.deploy(q=called("two"))
    drive.deploy(p=calling("version", "1"))
    assert reached(drive, drive.start().id) == ["one"]
    drive.deploy(q=called("three"))
    assert reached(drive, drive.start().id) == ["one"]
    assert api.get_definition("p").version == 1


def test_a_version_nobody_deployed_is_refused(drive: Driver) -> None:
    with pytest.raises(Refused) as refused:
        drive.deploy(p=calling("version", "7"), q=called("one"))
    assert [problem.rule for problem in refused.value.problems] == ["unknown-version"]


def test_decisions(drive: Driver) -> None:
    def deciding(key: str, binding: str) -> bytes:
        rule = (
            '<bpmn:businessRuleTask id="d" camunda:decisionRef="limits" camunda:resultVariable="limit" '
            f'camunda:mapDecisionResult="singleEntry" camunda:decisionRefBinding="{binding}"/>'
        )
        return diagram(line(user("u"), rule, ids=("u", "d")), key=key)

    def limits(value: int) -> bytes:
        return model(decision("limits", table(["x"], ["y"], [["-", str(value)]]), uses=["i_x"]), inputs={"x": "number"})

    files = {"p.bpmn": deciding("p", "deployment"), "l.bpmn": deciding("l", "latest"), "d.dmn": limits(1)}
    drive.do(lambda: deploy(files, actor=SYSTEM, now=drive.now))
    pinned, latest = drive.start("p", data={"x": 1}).id, drive.start("l", data={"x": 1}).id
    drive.do(lambda: deploy({"d.dmn": limits(2)}, actor=SYSTEM, now=drive.now))
    for instance, expected in ((pinned, 1), (latest, 2)):
        drive.complete(instance, "u")
        assert api.variables(instance)["limit"] == expected


def test_forms(drive: Driver) -> None:
    def form(label: str) -> bytes:
        field = {"type": "textfield", "key": "a", "label": label, "id": "A"}
        return json.dumps({"id": "f", "type": "default", "components": [field]}).encode()

    def asking(key: str, binding: str) -> bytes:
        return diagram(line(user("u", camunda_formRef="f", camunda_formRefBinding=binding), ids=("u",)), key=key)

    files = {"p.bpmn": asking("p", "deployment"), "l.bpmn": asking("l", "latest"), "f.form": form("一")}
    drive.do(lambda: deploy(files, actor=SYSTEM, now=drive.now))
    tasks = [drive.task(drive.start(key).id, "u") for key in ("p", "l")]
    drive.do(lambda: deploy({"f.form": form("二")}, actor=SYSTEM, now=drive.now))
    labels = [api.form(task.definition_id, task.form_key or "")["components"][0]["label"] for task in tasks]
    assert labels == ["一", "二"]
