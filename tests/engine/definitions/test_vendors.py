"""Lint answers for what other tools export: it runs, or each thing that does not is named; it never fails itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from app.engine.definitions.lint import lint
from tests.engine.definitions import vendors

FILES: dict[str, tuple[Callable[[], bytes], set[tuple[str, str]]]] = {
    "camunda": (vendors.camunda_modeler, {("no-executionListener", "u"), ("no-formKey", "u")}),
    "camunda 8": (vendors.zeebe, {("no-service", "u"), ("foreign-extension", "u")}),
    "signavio": (vendors.signavio, {("not-executable", "sid-p")}),
    "bizagi": (vendors.bizagi, {("not-executable", "5a4c6d2e-1f5b-4e93-a0f7-p")}),
    "jbpm": (
        vendors.jbpm,
        {(rule, "_u") for rule in ("foreign-extension", "no-ioSpecification", "no-potentialOwner")}
        | {("foreign-extension", "repair.order")},
    ),
    "flowable": (vendors.flowable, {("foreign-extension", "u")}),
    "pools": (vendors.pools, {("several-processes", "p1"), ("several-processes", "p2")}),
    "windows": (vendors.pretty, set()),
    "labels": (vendors.labels, set()),
    "conversation": (vendors.conversation, {("no-process", "")}),
    "utf-8": (lambda: vendors.encoded("UTF-8"), set()),
    "utf-16": (lambda: vendors.encoded("UTF-16"), {("unreadable", "")}),
    "gb18030": (lambda: vendors.encoded("GB18030"), {("unreadable", "")}),
    "latin-1": (lambda: vendors.encoded("UTF-8").replace(b"UTF-8", b"ISO-8859-1"), {("unreadable", "")}),
}


@pytest.mark.parametrize("vendor", FILES)
def test_answered_by_name(app: Flask, vendor: str) -> None:
    build, expected = FILES[vendor]
    problems = lint("a.bpmn", build())
    assert {(one.rule, one.element) for one in problems if one.severity == "error"} == expected
    assert all(one.message for one in problems)


@pytest.mark.parametrize("vendor", FILES)
def test_the_command_answers_in_json(app: Flask, tmp_path: Path, vendor: str) -> None:
    build, expected = FILES[vendor]
    path = tmp_path / "导出 1.bpmn"
    path.write_bytes(build())
    result = app.test_cli_runner().invoke(args=["definitions", "lint", "--json", str(path)])
    assert result.exit_code in {0, 1}, result.output
    assert isinstance(json.loads(result.output), list | dict)
    assert (result.exit_code == 1) == bool(expected)
