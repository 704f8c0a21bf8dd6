"""Decision services: asked directly, and called as functions (cases of the OMG's kit, 0082 and 0085)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from flask import Flask

from app.engine.decisions.check import check_dmn
from app.engine.decisions.errors import DecisionError, InvalidModel
from app.engine.decisions.evaluation import evaluate
from app.engine.decisions.reading import read
from tests.engine.decisions.models import decision, literal, model, table


def service(
    name: str, outputs: Sequence[str], *, inputs: Sequence[str] = (), given: Sequence[str] = (), kind: str = ""
) -> str:
    references = [("outputDecision", one) for one in outputs]
    references += [("inputDecision", one) for one in given] + [("inputData", one) for one in inputs]
    inner = "".join(f'<{element} href="#{one}"/>' for element, one in references)
    typed = f' typeRef="{kind}"' if kind else ""
    return f'<decisionService id="{name}" name="{name}"><variable name="{name}"{typed}/>{inner}</decisionService>'


TYPES = '<itemDefinition name="tText"><functionItem outputTypeRef="string"/></itemDefinition>'
SENTENCE = 'one + " " + two + " " + three + " " + four'
MODEL = model(
    service("sentence", ["joined"], inputs=["i_one", "i_two"], given=["three", "four"]),
    decision("three", literal('"never"'), kind="string"),
    decision("four", literal('"never"'), kind="string"),
    decision("joined", literal(SENTENCE), uses=["i_one", "i_two", "three", "four"], kind="string"),
    decision("by place", literal('sentence("A", "B", "C", "D")'), knows=["sentence"]),
    decision("by name", literal('sentence(three: "C", one: "A", four: "D", two: "B")'), knows=["sentence"]),
    decision("unknown name", literal('sentence(five: "C", one: "A", four: "D", two: "B")'), knows=["sentence"]),
    decision("too few", literal('sentence("A", "B")'), knows=["sentence"]),
    decision("wrong type", literal('sentence("A", "B", "C", 4)'), knows=["sentence"]),
    decision("one of a list", literal('sentence(["A"], "B", "C", "D")'), knows=["sentence"]),
    decision(
        "apart",
        literal('{service: sentence("A", "B", "C", "D"), here: three, input: one}'),
        uses=["three", "i_one"],
        knows=["sentence"],
    ),
    service("both", ["three", "four"]),
    decision("of several", literal("both().four"), knows=["both"]),
    service("typed", ["number"], kind="tText"),
    decision("number", literal("1000")),
    inputs={"one": "string", "two": "string"},
    types=TYPES,
)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("by place", "A B C D"),
        ("by name", "A B C D"),
        ("unknown name", None),
        ("too few", None),
        ("wrong type", None),
        ("one of a list", "A B C D"),
        ("apart", {"service": "A B C D", "here": "never", "input": "given"}),
        ("both", {"three": "never", "four": "never"}),
        ("of several", "never"),
        ("typed", None),
    ],
)
def test_answers(name: str, answer: Any) -> None:
    assert evaluate(read(MODEL), name, {"one": "given"}).result == answer


def test_a_service_is_asked_with_inputs_and_given_answers_by_name() -> None:
    given = {"one": "A", "two": ["B"], "three": "C", "four": "D"}
    decided = evaluate(read(MODEL), "sentence", given)
    assert decided.result == "A B C D"
    assert decided.inputs == given
    assert evaluate(read(MODEL), "sentence", {"one": "A"}).result is None
    with pytest.raises(DecisionError, match="three"):
        evaluate(read(MODEL), "sentence", {"three": 3})


def test_rules_behind_a_service_are_noted_in_order() -> None:
    rows = [["< 5", '"low"'], [">= 5", '"high"']]
    content = model(
        service("level", ["graded"], inputs=["i_x"]),
        decision("graded", table(["x"], ["y"], rows, prefix="g"), uses=["i_x"]),
        decision("asks", table(["level(9)"], ["y"], [['"low"', "1"], ['"high"', "2"]]), knows=["level"]),
        inputs={"x": "number"},
    )
    decided = evaluate(read(content), "asks", {})
    assert decided.result == 2
    assert [(rule.decision, rule.index) for rule in decided.rules] == [("graded", 2), ("asks", 2)]


def test_services_that_call_themselves_end() -> None:
    content = model(service("s", ["d"]), decision("d", literal("s()"), knows=["s"]))
    with pytest.raises(DecisionError, match="too deeply"):
        evaluate(read(content), "d", {})


@pytest.mark.parametrize("part", [service("s", ["nobody"]), service("s", []), service("s", ["d"], inputs=["i_no"])])
def test_a_service_that_names_what_is_not_there_is_refused(part: str) -> None:
    with pytest.raises(InvalidModel, match="s: "):
        read(model(part, decision("d", literal("1"))))


def test_lint_knows_services(app: Flask) -> None:
    content = model(service("s", ["d"]), decision("d", literal("1")), decision("e", literal("s() + 1"), knows=["s"]))
    assert check_dmn("s.dmn", content) == []
