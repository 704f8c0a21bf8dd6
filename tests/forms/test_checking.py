"""The linter of .form files: finds what is wrong, and never raises, whatever the file holds."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.forms.api import Problem, check_form
from tests.forms.samples import everything


@pytest.fixture(autouse=True)
def application(app: Flask) -> None:
    """Messages need an application."""


def check(form: Any) -> list[Problem]:
    return check_form("x.form", json.dumps(form).encode())


def errors(form: Any) -> set[tuple[str, str]]:
    return {(problem.element, problem.rule) for problem in check(form) if problem.severity == "error"}


def of(**component: Any) -> dict[str, Any]:
    named = {"id": "C", "key": "v", "label": "V", "properties": {"label_en": "V"}}
    return {"id": "p-t", "type": "default", "components": [{**named, **component}]}


def test_the_sample_has_no_errors() -> None:
    assert errors(everything()) == set()


@pytest.mark.parametrize(
    ("form", "element", "rule"),
    [
        ({**everything(), "id": ""}, "", "id"),
        ({**everything(), "id": "a b"}, "", "id"),
        ({**everything(), "type": "x"}, "", "type"),
        ({**everything(), "schemaVersion": 99}, "", "version"),
        ({"id": "a", "type": "default"}, "", "components"),
        ({"id": "a", "type": "default", "components": [5]}, "", "component"),
        (of(type="iframe"), "C", "type"),
        (of(type=None), "C", "type"),
        (of(type="textfield", key=""), "C", "key"),
        (of(type="textfield", key="a.b"), "C", "key"),
        (of(type="textfield", label=""), "C", "label"),
        (of(type="textfield", validate={"pattern": "("}), "C", "pattern"),
        (of(type="textfield", validate={"pattern": "^(a+)+$"}), "C", "pattern"),
        (of(type="textfield", validate={"pattern": r"^(?:\w+\s?)*$"}), "C", "pattern"),
        (of(type="textfield", validate={"pattern": r"((a|b)+c)*"}), "C", "pattern"),
        (of(type="textfield", validate={"minLength": "x"}), "C", "bounds"),
        (of(type="number", validate={"min": 5, "max": 1}), "C", "bounds"),
        (of(type="number", validate={"min": "=1 +"}), "C", "feel"),
        (of(type="textfield", conditional={"hide": "=a = "}), "C", "feel"),
        (of(type="textfield", conditional={"hide": 5}), "C", "feel"),
        (of(type="expression"), "C", "feel"),
        (of(type="select"), "C", "options"),
        (of(type="select", values=["a", "a"]), "C", "options"),
        (of(type="radio", values=[{"label": "A", "value": {}}]), "C", "options"),
        (of(type="datetime", subtype="year"), "C", "datetime"),
        (of(type="datetime", subtype="datetime"), "C", "datetime"),
        (of(type="textfield", properties={"role": "stamp.mood"}), "C", "role"),
        (of(type="image", source="https://example.com/x.png"), "C", "source"),
        (of(type="dynamiclist", path="l", components=[{"type": "filepicker", "key": "f", "label": "F"}]), "C", "files"),
    ],
)
def test_errors_name_the_element(form: Any, element: str, rule: str) -> None:
    assert (element, rule) in errors(form)


@pytest.mark.parametrize(
    "pattern", ["^1[3-9][0-9]{9}$", r"^\(?0\d{2,3}\)?-?\d+$", "^(GD|CB)[0-9]+$", "[(+*]+", "(a+)?b", "(ab{2,}){3}"]
)
def test_usual_patterns_pass(pattern: str) -> None:
    assert errors(of(type="textfield", validate={"pattern": pattern})) == set()


def test_two_fields_of_one_key_and_two_components_of_one_id() -> None:
    field = {"type": "textfield", "id": "A", "key": "v", "label": "V"}
    found = errors({"id": "p", "type": "default", "components": [field, field]})
    assert {("v", "key"), ("A", "id")} <= found


def test_missing_english_is_a_warning() -> None:
    found = [problem for problem in check(of(type="select", values=[{"label": "A", "value": 1}], properties={}))]
    assert [(problem.rule, problem.severity) for problem in found] == [("label_en", "warning")] * 2


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 5_000, b" " * (600 * 1024), b'{"id": NaN}'],
)
def test_hostile_files_are_refused(content: bytes) -> None:
    (problem,) = check_form("x.form", content)
    assert (problem.file, problem.rule, problem.severity) == ("x.form", "json", "error")


def test_deep_nesting_is_refused() -> None:
    inner: dict[str, Any] = {"type": "textfield", "key": "v", "label": "V"}
    for level in range(12):
        inner = {"type": "group", "id": f"G{level}", "label": "G", "components": [inner]}
    assert any(rule == "component" for _ref, rule in errors({"id": "p", "type": "default", "components": [inner]}))


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=5,
)
names = st.sampled_from(
    [
        "type",
        "key",
        "id",
        "label",
        "validate",
        "values",
        "conditional",
        "properties",
        "components",
        "path",
        "expression",
    ]
)
component = st.dictionaries(names, junk | st.sampled_from(["textfield", "select", "number", "dynamiclist", "datetime"]))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(names, junk | st.lists(component, max_size=4)) | junk)
def test_never_raises(form: Any) -> None:
    assert all(problem.message for problem in check(form))
