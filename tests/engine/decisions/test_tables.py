"""Decision tables: hit policies, defaults, allowed values, which rules matched."""

from __future__ import annotations

from typing import Any

import pytest

from app.engine.decisions.errors import DecisionError
from app.engine.decisions.evaluation import Decided, evaluate
from app.engine.decisions.reading import read
from tests.engine.decisions.models import decision, model, table

AGE = [[">= 18", '"adult"'], [">= 12", '"teen"'], ["-", '"child"']]


def decide(logic: str, **inputs: Any) -> Decided:
    return evaluate(read(model(decision("d", logic))), "d", inputs)


def rules(decided: Decided) -> list[int]:
    return [rule.index for rule in decided.rules]


@pytest.mark.parametrize(
    ("policy", "age", "result", "matched"),
    [
        ("FIRST", 20, "adult", [1]),
        ("FIRST", 13, "teen", [2]),
        ("RULE ORDER", 20, ["adult", "teen", "child"], [1, 2, 3]),
        ("COLLECT", 13, ["teen", "child"], [2, 3]),
    ],
)
def test_policies_by_order(policy: str, age: int, result: Any, matched: list[int]) -> None:
    decided = decide(table(["age"], ["group"], AGE, policy=policy), age=age)
    assert (decided.result, rules(decided)) == (result, matched)


def test_unique_is_checked() -> None:
    logic = table(["age"], ["group"], AGE)
    assert decide(logic, age=5).result == "child"
    with pytest.raises(DecisionError, match=r"1, 2, 3"):
        decide(logic, age=20)


def test_any_is_checked() -> None:
    logic = table(["x"], ["y"], [["> 0", "1"], ["> 5", "1"], ["> 9", "2"]], policy="ANY")
    assert decide(logic, x=6).result == 1
    with pytest.raises(DecisionError):
        decide(logic, x=10)


def test_priority_is_the_order_of_the_allowed_values() -> None:
    outputs = [("level", "string", '"high", "low"'), ("why", "string", "")]
    cells = [["> 0", '"low"', '"a"'], ["> 5", '"high"', '"b"']]
    decided = decide(table(["x"], outputs, cells, policy="PRIORITY"), x=6)
    assert (decided.result, rules(decided)) == ({"level": "high", "why": "b"}, [2])
    listed = decide(table(["x"], outputs, cells, policy="OUTPUT ORDER"), x=6)
    assert [one["level"] for one in listed.result] == ["high", "low"]
    assert rules(listed) == [2, 1]


@pytest.mark.parametrize(("aggregation", "result"), [("SUM", 60), ("MIN", 10), ("MAX", 30), ("COUNT", 3)])
def test_collect_aggregates(aggregation: str, result: int) -> None:
    cells = [["> 1", "30"], ["> 2", "10"], ["> 3", "20"], ["> 9", "99"]]
    assert decide(table(["x"], ["y"], cells, policy="COLLECT", aggregation=aggregation), x=5).result == result


@pytest.mark.parametrize(
    ("policy", "aggregation", "nothing"),
    [("UNIQUE", "", None), ("FIRST", "", None), ("COLLECT", "", []), ("RULE ORDER", "", []), ("COLLECT", "COUNT", 0)],
)
def test_no_rule_matches(policy: str, aggregation: str, nothing: Any) -> None:
    logic = table(["x"], ["y"], [["> 5", "1"]], policy=policy, aggregation=aggregation)
    decided = decide(logic, x=1)
    assert (decided.result, decided.rules) == (nothing, ())


def test_default_outputs_serve_where_no_rule_matches() -> None:
    logic = table(["x"], [("amount", "number", "", "45"), ("unit", "string", "", '"min"')], [["> 5", "1", '"h"']])
    assert decide(logic, x=1).result == {"amount": 45, "unit": "min"}


def test_an_input_that_is_not_allowed_is_named() -> None:
    logic = table([("area", "string", '"urban", "rural"')], ["y"], [["-", "1"]])
    assert decide(logic, area="urban").result == 1
    assert decide(logic).result == 1  # a missing value is for the rules to treat
    with pytest.raises(DecisionError, match="area"):
        decide(logic, area="moon")


def test_an_output_that_is_not_allowed_is_named_with_its_rule() -> None:
    logic = table(["x"], [("level", "number", "[1..3]")], [["-", "x"]])
    with pytest.raises(DecisionError) as caught:
        decide(logic, x=9)
    assert (caught.value.place.rule, caught.value.place.column) == (1, "level")


def test_cells_see_all_variables_and_chinese_names() -> None:
    logic = table(["等级"], ["时限"], [["< 上限", "上限 * 2"], [">= 上限", "上限"]])
    assert decide(logic, 等级=1, 上限=45).result == 90


def test_a_bound_that_is_passed_is_an_error_with_its_place() -> None:
    logic = table(["x"], ["y"], [["count(for a in 1..9999999 return a) > ?", "1"]])
    with pytest.raises(DecisionError) as caught:
        decide(logic, x=9)
    assert caught.value.place.rule == 1
