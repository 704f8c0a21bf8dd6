"""`flask dmn eval`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask

from tests.engine.decisions.models import decision, model, table


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "limits.dmn"
    path.write_bytes(model(decision("d", table(["x"], ["y"], [["> 5", '"大"'], ["<= 5", '"小"']])), inputs={"x": ""}))
    return path


def test_one_input(app: Flask, file: Path) -> None:
    done = app.test_cli_runner().invoke(args=["dmn", "eval", str(file), "--decision", "d", "--input", '{"x": 9}'])
    assert done.exit_code == 0
    answer = json.loads(done.stdout)
    assert answer["result"] == "大"
    assert answer["rules"] == [{"decision": "d", "table": "t", "rule": "t_r1", "index": 1}]


def test_lines(app: Flask, file: Path) -> None:
    lines = '{"x": 9}\n\n{"x": 1}\nnonsense\n[1]\n{"x": null}\n'
    done = app.test_cli_runner().invoke(args=["dmn", "eval", str(file), "--decision", "d", "--input", "-"], input=lines)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer.get("result") for answer in answers] == ["大", "小", None, None, None]
    assert ["error" in answer for answer in answers] == [False, False, True, True, False]


@pytest.mark.parametrize(("decision_id", "given"), [("nobody", "{}"), ("d", "{")])
def test_what_cannot_be_answered(app: Flask, file: Path, decision_id: str, given: str) -> None:
    done = app.test_cli_runner().invoke(args=["dmn", "eval", str(file), "--decision", decision_id, "--input", given])
    assert done.exit_code == 1
    assert "error" in json.loads(done.stdout)


def test_a_faulty_file_is_named_on_standard_error(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "bad.dmn"
    path.write_bytes(model(decision("d", table(["x"], ["y"], [["> ", "1"]]))))
    done = app.test_cli_runner().invoke(args=["dmn", "eval", str(path), "--decision", "d", "--input", "{}"])
    assert done.exit_code == 1
    assert f"{path}:t_r1:" in done.stderr
    assert "error" in json.loads(done.stdout)
