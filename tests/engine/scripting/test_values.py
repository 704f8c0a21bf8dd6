"""What expressions, scripts and templates give: the values an author expects, as plain JSON."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine.scripting import ScriptError, evaluate, execute, plain, render

DATA: dict[str, Any] = {
    "unit": "GM-LJ",
    "n": 3,
    "none": None,
    "blank": "",
    "ok": True,
    "items": [1, 2, 3],
    "order": {"id": 7, "lines": [{"q": 2, "p": 3}, {"q": 1, "p": 4}], "get": "mine"},
    "due": "2026-03-02T09:45:00+08:00",
    "工单": {"编号": "GD1"},
}


def now() -> datetime:
    return datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("template", "value"),
    [
        ("plain text", "plain text"),
        ("", ""),
        ("${n}", 3),
        ("#{n}", 3),
        ("${items}", [1, 2, 3]),
        ("dispatcher@${unit}", "dispatcher@GM-LJ"),
        ("${n}-${ok}-${none}", "3-true-"),
        ("a {b} c", "a {b} c"),
        ("${'}'}", "}"),
        ("${{'a': n}}", {"a": 3}),
        ("${n > 2 && ok}", True),
        ("${n gt 2 and n le 3}", True),
        ("${n eq 3 ? 'three' : 'other'}", "three"),
        ("${n == 1 ? 'one' : n == 2 ? 'two' : 'many'}", "many"),
        ("${!ok || n ne 3}", False),
        ("${!order.missing}", True),
        ("${empty blank && empty none && !empty items}", True),
        ("${empty order.lines}", False),
        ("${not empty items}", True),
        ("${none == null}", True),
        ("${order.id}", 7),
        ("${order.lines[0].q * order.lines[0].p}", 6),
        ("${order.missing.x == null}", None),
        ("${order['get']}", "mine"),
        ("${10 div 4}", 2.5),
        ("${10 mod 4}", 2),
        ("${'a' + 'b' == 'ab'}", True),
        ("${'div mod eq'}", "div mod eq"),
        ("${工单.编号}", "GD1"),
        ("${n in items}", True),
        ("${n not in items}", False),
        ("${1 < n < 5}", True),
        ("${instant(due) - now() == duration('PT45M')}", True),
        ("${instant(due) > now()}", True),
        ("${now() + duration('P1D')}", "2026-03-03T01:00:00+00:00"),
        ("${instant(due) - now()}", "PT45M"),
        ("${date(due)}", "2026-03-02"),
        ("${isoformat(now())}", "2026-03-02T01:00:00+00:00"),
        ("${sum([x.q * x.p for x in order.lines])}", 10),
        ("${', '.join([text(x) for x in items])}", "1, 2, 3"),
        ("${sorted(items)[-1]}", 3),
    ],
)
def test_templates(template: str, value: Any) -> None:
    if template == "${order.missing.x == null}":
        with pytest.raises(ScriptError, match=r"order \. missing \. x"):
            render(template, DATA, now=now)
        return
    assert render(template, DATA, now=now) == value


@pytest.mark.parametrize(
    "template",
    [
        "${",
        "${n",
        "${n +}",
        "${}",
        "${missing}",
        "${not n == 3}",
        "${a ? b}",
        "${x; y}",
        "${execution.id}",
        "${n.foo()}",
    ],
)
def test_what_cannot_be_understood_is_refused(template: str) -> None:
    with pytest.raises(ScriptError):
        render(template, DATA, now=now)


def test_an_expression_changes_nothing_and_shares_nothing() -> None:
    data = {"o": {"items": [1]}}
    result = evaluate("o", data)
    result["items"].append(2)
    assert data == {"o": {"items": [1]}}
    with pytest.raises(ScriptError):
        evaluate("o['items'].append(2)", data)


def test_a_script_writes_plain_variables() -> None:
    data: dict[str, Any] = {"lines": [{"q": 1, "p": 2}, {"q": 3, "p": 4}], "tmp": 1, "o": {"a": 1}}
    execute(
        't = 0\nfor l in lines:\n    t += l["q"] * l["p"]\nbig = [x["q"] for x in lines if x["q"] > 1]\n'
        'o["a"] = 5\ndel tmp\n(a, b), c = (1, 2), 3\nif t > 10:\n    word = "large"\nelse:\n    word = "small"',
        data,
    )
    assert data["t"] == 14
    assert data["big"] == [3]
    assert data["o"] == {"a": 5}
    assert (data["a"], data["b"], data["c"], data["word"]) == (1, 2, 3, "large")
    assert "tmp" not in data


def test_entries_of_a_map_are_written_as_they_are_read() -> None:
    data: dict[str, Any] = {"order": {"id": 7, "old": 1}}
    execute("order.total = order.id * 2\ndel order.old", data)
    assert data == {"order": {"id": 7, "total": 14}}


def test_a_variable_may_have_the_name_of_a_function() -> None:
    data = {"sum": 5, "len": "x"}
    assert evaluate("sum + 1", data) == 6
    execute("total = sum * 2", data)
    assert data == {"sum": 5, "len": "x", "total": 10}


def test_a_variable_called_typename_is_just_a_variable() -> None:
    data: dict[str, Any] = {"x": {"typename": "Foo"}}
    execute("y = x", data)
    assert data["y"] == {"typename": "Foo"}


@pytest.mark.parametrize(
    ("value", "result"),
    [
        (Decimal("1.50"), 1.5),
        (Decimal("2"), 2),
        ({3, 1, 2}, [1, 2, 3]),
        ((1, (2,)), [1, [2]]),
        (datetime(2026, 3, 2, tzinfo=UTC), "2026-03-02T00:00:00+00:00"),
        ({"a": None}, {"a": None}),
    ],
)
def test_values_become_plain(value: Any, result: Any) -> None:
    assert plain(value) == result


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), Decimal("NaN"), 2**63, {1: 2}, object(), b"x", "\x00", "\ud800", [[float("nan")]]],
)
def test_what_json_cannot_carry_is_refused(value: Any) -> None:
    with pytest.raises(ScriptError):
        plain(value)


CHARACTERS = st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00")
NUMBERS = st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(CHARACTERS),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(CHARACTERS, max_size=5), inner, max_size=4),
    max_leaves=20,
)


@given(JSON)
def test_json_is_copied_as_it_is(value: Any) -> None:
    assert plain(value) == value
    assert evaluate("x", {"x": value}) == value
