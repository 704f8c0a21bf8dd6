"""What the server accepts of a form's values, component by component."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.forms.api import InvalidForm, schema_of, validate
from tests.conftest import START
from tests.forms.samples import answer, everything, variables


@pytest.fixture(autouse=True)
def request_context(app: Flask) -> Any:
    with app.test_request_context("/?lang=en"):
        yield


def form(*components: dict[str, Any]) -> dict[str, Any]:
    return {"id": "p-t", "type": "default", "components": list(components)}


def one(kind: str, **more: Any) -> dict[str, Any]:
    return form({"type": kind, "key": "v", "label": "V", **more})


def refusal(schema: Mapping[str, Any], data: Any, **options: Any) -> dict[str, list[str]]:
    with pytest.raises(InvalidForm) as refused:
        validate(schema, data, **options)
    return refused.value.errors


AB = ["a", "b"]
INSTANT = {"subtype": "datetime", "timeSerializingFormat": "utc_offset"}

KEPT = [
    (one("textfield"), " 张三 ", " 张三 "),
    (one("textfield"), "", ""),
    (one("textfield"), None, None),
    (one("textarea"), "one\ntwo\t", "one\ntwo\t"),
    (one("textfield", validate={"pattern": "^1[0-9]{10}$"}), "13800000000", "13800000000"),
    (one("textfield", validate={"validationType": "email"}), "a.b@c-d.cn", "a.b@c-d.cn"),
    (one("textfield", validate={"validationType": "phone"}), "+8613800000000", "+8613800000000"),
    (one("number"), 3, 3),
    (one("number"), 3.0, 3),
    (one("number"), "2.50", 2.5),
    (one("number"), "", None),
    (one("number", serializeToString=True), "2.50", "2.50"),
    (one("number", decimalDigits=2), 2.25, 2.25),
    (one("number", increment="0.1"), 0.3, 0.3),
    (one("number", validate={"min": 0, "max": 5}), 5, 5),
    (one("checkbox"), True, True),
    (one("radio", values=AB), "a", "a"),
    (one("select", values=[{"label": "A", "value": 1}]), 1, 1),
    (one("select", values=AB), "", None),
    (one("checklist", values=AB), ["a", "a"], ["a"]),
    (one("taglist", values=AB), [], []),
    (one("datetime", subtype="date"), "2026-03-02", "2026-03-02"),
    (one("datetime", subtype="time"), "09:30", "09:30"),
    (one("datetime", subtype="time"), "09:30+08:00", "09:30+08:00"),
    (one("datetime", **INSTANT), "2026-03-02T09:30+08:00", "2026-03-02T09:30+08:00"),
    (one("datetime", **INSTANT), "", None),
]


@pytest.mark.parametrize(("schema", "sent", "kept"), KEPT)
def test_kept(schema: dict[str, Any], sent: Any, kept: Any) -> None:
    assert validate(schema, {"v": sent}) == {"v": kept}


REFUSED = [
    (one("textfield"), 5, "text"),
    (one("textfield"), ["a"], "text"),
    (one("textfield"), "a\x00b", "control"),
    (one("textfield"), "x" * 501, "At most 500"),
    (one("textarea"), "x" * 10_001, "At most 10000"),
    (one("textfield", validate={"maxLength": 3}), "four", "At most 3"),
    (one("textfield", validate={"minLength": 3}), "ab", "At least 3"),
    (one("textfield", validate={"pattern": "^1[0-9]{10}$"}), "123", "expected form"),
    (one("textfield", validate={"pattern": "x", "patternErrorMessage": "own words"}), "a", "own words"),
    (one("textfield", validate={"validationType": "email"}), "a@b", "e-mail"),
    (one("textfield", validate={"validationType": "phone"}), "13800000000", "international"),
    (one("number"), "twelve", "number"),
    (one("number"), True, "number"),
    (one("number"), float("nan"), "number"),
    (one("number"), "9" * 41, "number"),
    (one("number"), "1e400", "number"),
    (one("number", decimalDigits=0), 1.5, "whole"),
    (one("number", decimalDigits=1), 1.25, "At most 1"),
    (one("number", increment="0.5"), 0.3, "multiple"),
    (one("number", validate={"min": 1}), 0, "at least 1"),
    (one("number", validate={"max": 5}), 5.1, "at most 5"),
    (one("checkbox"), "yes", "yes or no"),
    (one("radio", values=AB), "c", "choices"),
    (one("select", values=[1]), True, "choices"),
    (one("select", values=["1"]), 1, "choices"),
    (one("checklist", values=AB), "a", "list"),
    (one("checklist", values=AB), ["c"], "choices"),
    (one("taglist", values=AB), ["a"] * 201, "At most 200"),
    (one("datetime", subtype="date"), "2026-02-30", "date"),
    (one("datetime", subtype="date"), "2.3.2026", "date"),
    (one("datetime", subtype="time"), "25:00", "time"),
    (one("datetime", **INSTANT), "2026-03-02T09:30", "offset"),
    (one("datetime", subtype="date", disallowPassedDates=True), "2026-03-01", "past"),
    (one("filepicker"), "a.jpg", "uploaded"),
    (one("filepicker"), [1, 2], "At most 1"),
    (one("filepicker"), [7], "Upload the file again"),
]


@pytest.mark.parametrize(("schema", "sent", "words"), REFUSED)
def test_refused(schema: dict[str, Any], sent: Any, words: str) -> None:
    errors = refusal(schema, {"v": sent}, now=START)
    assert set(errors) == {"v"}
    assert words in " ".join(errors["v"])


@pytest.mark.parametrize("sent", [{}, {"v": None}, {"v": ""}, {"v": "  "}])
def test_required_text(sent: dict[str, Any]) -> None:
    assert refusal(one("textfield", validate={"required": True}), sent) == {"v": ["This field is required."]}


@pytest.mark.parametrize(("kind", "empty"), [("checkbox", False), ("checklist", []), ("number", None)])
def test_required_others(kind: str, empty: Any) -> None:
    assert refusal(one(kind, values=AB, validate={"required": True}), {"v": empty}) == {
        "v": ["This field is required."]
    }


def test_a_variable_answers_for_a_required_field() -> None:
    assert validate(one("textfield", validate={"required": True}), {}, variables={"v": "known"}) == {}


def test_unknown_missing_and_oversized_fields_are_all_named() -> None:
    errors = refusal(
        everything(), {**answer(), "contact": "", "findings": "x" * 201, "is_admin": True}, variables=variables()
    )
    assert set(errors) == {"contact", "findings", "is_admin"}
    assert errors["is_admin"] == ["The form has no such field."]
    assert errors["findings"] == ["At most 200 characters are allowed; there are 201."]


@pytest.mark.parametrize("data", [None, [], "text", 5])
def test_what_is_no_object_is_refused(data: Any) -> None:
    assert refusal(everything(), data)


def test_a_complete_answer_is_kept() -> None:
    kept = validate(everything(), answer(), variables=variables(), now=START)
    expected = {**answer(), "minutes": 720, "photos": [], "arrived_lat": None, "arrived_lon": None, "arrived_at": ""}
    assert kept == expected


def test_hidden_fields_are_dropped_and_not_required() -> None:
    kept = validate(everything(), {**answer(), "cause": "lightning", "hazard": True}, variables=variables())
    assert "cause_text" not in kept
    assert "owner" not in kept


def test_visible_conditional_fields_are_required() -> None:
    sent = {name: value for name, value in answer().items() if name not in {"cause_text", "owner"}}
    assert set(refusal(everything(), sent, variables=variables())) == {"cause_text", "owner"}


def test_a_condition_may_name_a_variable() -> None:
    schema = one("textfield", conditional={"hide": "=level < 3"}, validate={"required": True})
    assert validate(schema, {}, variables={"level": 2}) == {}
    assert refusal(schema, {}, variables={"level": 3})


def test_readonly_fields_cannot_be_changed() -> None:
    assert "station" not in validate(everything(), {**answer(), "station": "elsewhere"}, variables=variables())


def test_computed_fields_are_computed_here() -> None:
    assert validate(everything(), {**answer(), "minutes": 1}, variables=variables())["minutes"] == 720


def test_choices_come_from_a_variable_or_an_expression() -> None:
    by_key, by_expression = one("select", valuesKey="crews"), one("select", valuesExpression="=crews[id > 1].id")
    assert validate(by_key, {"v": 2}, variables={"crews": [{"label": "二班", "value": 2}]}) == {"v": 2}
    assert refusal(by_key, {"v": 3}, variables={"crews": [{"label": "二班", "value": 2}]})
    assert validate(by_expression, {"v": 2}, variables={"crews": [{"id": 1}, {"id": 2}]}) == {"v": 2}
    assert refusal(by_expression, {"v": 1}, variables={"crews": [{"id": 1}, {"id": 2}]})


def test_bounds_may_be_expressions() -> None:
    schema = one("number", validate={"max": "=most * 2"})
    assert validate(schema, {"v": 10}, variables={"most": 5}) == {"v": 10}
    assert "at most 8" in refusal(schema, {"v": 10}, variables={"most": 4})["v"][0]


def test_lists_name_the_row_that_is_wrong() -> None:
    parts = [{"part": "导线", "amount": 1}, {"part": "", "amount": 0}, {"part": "x", "amount": 1, "z": 1}, 5]
    errors = refusal(everything(), {**answer(), "parts": parts}, variables=variables())
    assert set(errors) == {"parts.1.part", "parts.1.amount", "parts.2.z", "parts.3"}


def test_conditions_inside_a_list_see_their_item() -> None:
    amount = {
        "type": "number",
        "key": "n",
        "conditional": {"hide": "=not(this.counted)"},
        "validate": {"required": True},
    }
    rows = form({"type": "dynamiclist", "path": "rows", "components": [{"type": "checkbox", "key": "counted"}, amount]})
    kept = validate(rows, {"rows": [{"counted": True, "n": 2}, {"counted": False, "n": 9}]})
    assert kept == {"rows": [{"counted": True, "n": 2}, {"counted": False}]}
    assert set(refusal(rows, {"rows": [{"counted": True}]})) == {"rows.0.n"}


def test_groups_with_a_path_nest() -> None:
    nested = form({"type": "group", "path": "owner", "components": [{"type": "textfield", "key": "name"}]})
    assert validate(nested, {"owner": {"name": "国网"}}) == {"owner": {"name": "国网"}}
    assert set(refusal(nested, {"owner": {"name": 5}})) == {"owner.name"}
    assert set(refusal(nested, {"owner": 5})) == {"owner"}


def test_too_many_rows_are_refused() -> None:
    rows = form({"type": "dynamiclist", "path": "rows", "components": [{"type": "textfield", "key": "t"}]})
    assert set(refusal(rows, {"rows": [{"t": "x"}] * 101})) == {"rows"}


@dataclass(frozen=True)
class Stored:
    id: int
    name: str


def test_files_must_exist_be_ones_own_and_of_an_accepted_type() -> None:
    mine = {1: Stored(1, "a.JPG"), 2: Stored(2, "b.pdf")}
    schema = one("filepicker", multiple=True, accept=".jpg,.png")
    assert validate(schema, {"v": [1, 1]}, files=mine.get) == {"v": [1]}
    assert "b.pdf" in refusal(schema, {"v": [2]}, files=mine.get)["v"][0]
    assert "not yours" in refusal(schema, {"v": [3]}, files=mine.get)["v"][0]


def test_a_slow_pattern_cannot_hold_the_server() -> None:
    schema = one("textfield", validate={"pattern": "^(a+)+$"})
    assert refusal(schema, {"v": "a" * 400 + "!"})


def test_errors_are_in_the_readers_language(app: Flask) -> None:
    with force_locale("zh"):
        assert refusal(one("textfield", validate={"required": True}), {}) == {"v": ["此项必填。"]}


def test_the_schema_alone_knows_what_is_always_required() -> None:
    errors = schema_of(everything())().validate({})
    assert {"contact", "cause"} <= set(errors)
    assert "cause_text" not in errors
    assert "owner" not in errors


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from([*answer(), "photos", "station", "minutes", "zzz"]), values, max_size=8))
def test_any_value_is_kept_or_refused_by_name(data: dict[str, Any]) -> None:
    try:
        kept = validate(everything(), data, variables=variables())
    except InvalidForm as refused:
        assert refused.errors  # noqa: PT017 - most values are refused, some are kept
    else:
        assert "zzz" not in kept


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    contact=st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=20),
    customers=st.integers(0, 5000),
    length=st.integers(0, 400).map(lambda quarters: quarters / 4),
    cause=st.sampled_from(["lightning", "damage", "other"]),
    crew=st.lists(st.sampled_from([7, 9]), unique=True),
    hazard=st.booleans(),
)
def test_what_was_kept_is_kept_again(**fields: Any) -> None:
    once = validate(everything(), {**answer(), **fields}, variables=variables())
    assert validate(everything(), once, variables=variables()) == once
