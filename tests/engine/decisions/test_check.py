"""Checking DMN files: problems with their places, and no content that breaks the checker."""

from __future__ import annotations

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.engine.decisions.check import check_dmn
from tests.engine.decisions.models import decision, literal, model, table

GOOD = model(
    decision("d", table([("area", "string", '"a", "b"')], ["y"], [['"a"', "1"], ['"b"', "2"]]), uses=["i_area"]),
    inputs={"area": "string"},
)


def found(content: bytes) -> list[tuple[str, str, str]]:
    return [(problem.element, problem.rule, problem.severity) for problem in check_dmn("x.dmn", content)]


def test_a_good_file_has_no_problem(app: Flask) -> None:
    assert found(GOOD) == []


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", ("", "unreadable", "error")),
        (b"\x00\xff", ("", "unreadable", "error")),
        (b"<a/>", ("", "not-dmn", "error")),
        (b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>', ("", "unreadable", "error")),
        (model(), ("", "no-decision", "error")),
        (model(decision("d", table(["x"], ["y"], [["[1..", "1"]]))), ("t_r1", "feel", "error")),
        (model(decision("d", table(["x"], ["y"], [["1"]]))), ("t_r1", "cells", "error")),
        (model(decision("d", table(["x"], ["y"], [["1", "1"]], policy="BEST"))), ("t", "hit-policy", "error")),
        (model(decision("d", table(["x"], ["y"], [["1", "1"]], policy="PRIORITY"))), ("t", "priority", "error")),
        (model(decision("d", table(["x"], ["a", "b"], [["1", "1", "2"]], policy="COLLECT", aggregation="SUM"))),
         ("t", "aggregation", "error")),
        (model(decision("d", table(["x"], ["a", "a"], [["1", "1", "2"]]))), ("t", "output-names", "error")),
        (model(decision("d", table(["x"], [("y", "number", "")], [["1", '"text"']]))), ("t_r1", "type", "error")),
        (model(decision("d", table(["x"], [("y", "", "1, 2")], [["1", "3"]]))), ("t_r1", "not-allowed", "error")),
        (model(decision("d", literal("1"), label="a"), decision("d", literal("2"))), ("d", "duplicate-id", "error")),
        (model(decision("d", "")), ("d", "no-logic", "warning")),
        (model(decision("d", literal("a + nobody"), uses=["i_a"]), inputs={"a": ""}), ("d", "unknown-name", "warning")),
    ],
)  # fmt: skip
def test_problems_are_found(app: Flask, content: bytes, problem: tuple[str, str, str]) -> None:
    assert problem in found(content)


def test_another_language_is_refused(app: Flask) -> None:
    content = model(
        decision("d", literal("1").replace("<literalExpression", '<literalExpression expressionLanguage="juel"'))
    )
    assert ("d", "language", "error") in found(content)


@given(st.integers(0, len(GOOD) - 1), st.binary(max_size=4), st.integers(0, 30))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
def test_no_content_breaks_the_checker(app: Flask, at: int, put: bytes, cut: int) -> None:
    assert isinstance(check_dmn("x.dmn", GOOD[:at] + put + GOOD[at + cut :]), list)
