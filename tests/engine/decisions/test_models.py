"""Whole models: versions of DMN, requirements, boxed expressions, types."""

from __future__ import annotations

from typing import Any

import pytest

from app.engine.decisions.errors import DecisionError, InvalidModel, UnknownDecision
from app.engine.decisions.evaluation import evaluate
from app.engine.decisions.reading import read
from tests.engine.decisions.models import NAMESPACES, decision, knowledge, literal, model, table


def result(content: bytes, name: str = "d", **inputs: Any) -> Any:
    return evaluate(read(content), name, inputs).result


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_every_version_is_read(namespace: str) -> None:
    content = model(decision("d", literal("a + 1"), uses=["i_a"]), inputs={"a": "number"}, namespace=namespace)
    assert result(content, a=1) == 2


def test_required_decisions_come_first_and_once() -> None:
    content = model(
        decision(
            "area",
            table(["code"], ["area"], [["1", '"urban"'], ["2", '"rural"']]),
            uses=["i_code"],
            label="Kind of area",
        ),
        decision(
            "limit", table(["Kind of area"], ["m"], [['"urban"', "45"], ['"rural"', "90"]], prefix="l"), uses=["area"]
        ),
        decision("d", literal('Kind of area + ": " + string(limit)'), uses=["area", "limit"]),
        inputs={"code": "number"},
    )
    decided = evaluate(read(content), "d", {"code": 2})
    assert decided.result == "rural: 90"
    assert [(rule.decision, rule.index) for rule in decided.rules] == [("area", 2), ("limit", 2)]
    assert decided.inputs == {"code": 2}


def test_a_decision_is_found_by_name_too() -> None:
    content = model(decision("d_1", literal("1"), label="抢修时限"))
    assert result(content, "抢修时限") == 1
    with pytest.raises(UnknownDecision):
        result(content, "nobody")


def test_knowledge_models_are_functions() -> None:
    content = model(
        knowledge("payment", ["rate", "amount"], literal("amount * rate / 12")),
        decision("d", literal("payment(amount: a, rate: 0.12) + payment(0.12, a)"), uses=["i_a"], knows=["payment"]),
        decision(
            "boxed",
            "<invocation><literalExpression><text>payment</text></literalExpression>"
            f'<binding><parameter name="rate"/>{literal("0.12")}</binding>'
            f'<binding><parameter name="amount"/>{literal("a")}</binding></invocation>',
            uses=["i_a"],
            knows=["payment"],
        ),
        inputs={"a": "number"},
    )
    assert result(content, a=100) == 2
    assert result(content, "boxed", a=100) == 1


def entry(name: str, logic: str) -> str:
    return f'<contextEntry><variable name="{name}"/>{logic}</contextEntry>'


def test_boxed_structures() -> None:
    context = f"<context>{entry('a', literal('1'))}{entry('b c', literal('a + 1'))}</context>"
    final = f"<context>{entry('a', literal('1'))}<contextEntry>{literal('a + 5')}</contextEntry></context>"
    listed = f"<list>{literal('1')}{literal('2')}</list>"
    relation = f'<relation><column name="x"/><column name="y"/><row>{literal("1")}{literal("2")}</row></relation>'
    content = model(*[decision(f"d{n}", logic) for n, logic in enumerate([context, final, listed, relation])])
    assert [result(content, f"d{n}") for n in range(4)] == [{"a": 1, "b c": 2}, 6, [1, 2], [{"x": 1, "y": 2}]]


def test_boxed_control() -> None:
    condition = (
        f"<conditional><if>{literal('a > 1')}</if><then>{literal('1')}</then><else>{literal('2')}</else></conditional>"
    )
    chosen = f"<filter><in>{literal('[1, 2, 3]')}</in><match>{literal('item > a')}</match></filter>"
    loop = f'<for iteratorVariable="x"><in>{literal("1..3")}</in><return>{literal("x * a")}</return></for>'
    loop = loop.replace("1..3", "[1..3]")
    every = f'<every iteratorVariable="x"><in>{literal("[a]")}</in><satisfies>{literal("x > 1")}</satisfies></every>'
    content = model(*[decision(f"d{n}", logic) for n, logic in enumerate([condition, chosen, loop, every])])
    assert [result(content, f"d{n}", a=2) for n in range(4)] == [1, [3], [2, 4, 6], True]


TYPES = """<itemDefinition name="tArea"><typeRef>string</typeRef>
<allowedValues><text>"urban","rural"</text></allowedValues></itemDefinition>
<itemDefinition name="tOrder"><itemComponent name="area"><typeRef>tArea</typeRef></itemComponent>
<itemComponent name="accepted at"><typeRef>dateTime</typeRef></itemComponent></itemDefinition>
<itemDefinition name="tOrders" isCollection="true"><typeRef>tOrder</typeRef></itemDefinition>"""


def test_inputs_are_read_by_their_type() -> None:
    content = model(
        decision("d", literal('string((order.accepted at + duration("PT45M")).minute)'), uses=["i_order"]),
        inputs={"order": "tOrder"},
        types=TYPES,
    )
    order = {"area": "urban", "accepted at": "2026-03-02T09:00:00+08:00"}
    assert result(content, order=order) == "45"
    for wrong in ({"area": "moon"}, {"area": "urban", "accepted at": "yesterday"}, "text"):
        with pytest.raises(DecisionError, match="order"):
            result(content, order=wrong)


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("number", 1.5, "1.5"),
        ("integer", 3, 1.5),
        ("string", "a", 1),
        ("boolean", True, "true"),
        ("date", "2026-03-02", "2.3.2026"),
        ("time", "09:00:00", "9 Uhr"),
        ("dateTime", "2026-03-02T09:00:00+08:00", "2026"),
        ("dayTimeDuration", "PT45M", "P1M"),
        ("tOrders", [{"area": "rural"}], [{"area": "moon"}]),
        ("tArea", None, "moon"),
    ],
)
def test_types_of_inputs(kind: str, good: Any, bad: Any) -> None:
    content = model(decision("d", literal("x"), uses=["i_x"]), inputs={"x": kind}, types=TYPES)
    result(content, x=good)
    with pytest.raises(DecisionError, match="x"):
        result(content, x=bad)


def test_a_result_of_another_type_is_null() -> None:
    content = model(decision("d", literal('"text"'), kind="number"), decision("e", literal("[1]"), kind="number"))
    assert result(content) is None
    assert result(content, "e") == 1


def test_a_table_that_collects_keeps_its_list() -> None:
    logic = table(["x"], ["y"], [["-", '"a"']], policy="COLLECT")
    assert result(model(decision("d", logic, kind="string"))) == ["a"]


def test_a_model_with_errors_is_refused_with_all_of_them() -> None:
    content = model(decision("d", literal("1 +"), uses=["i_none"]), decision("e", literal("2"), kind="tNone"))
    with pytest.raises(InvalidModel) as caught:
        read(content)
    assert {fault.rule for fault in caught.value.faults} == {"feel", "requirement", "type"}


def test_requirements_in_a_circle_are_refused() -> None:
    content = model(decision("a", literal("b"), uses=["b"]), decision("b", literal("a"), uses=["a"]))
    with pytest.raises(InvalidModel, match=r"a → b → a|b → a → b"):
        read(content)
