"""`flask definitions`: exit status, errors on standard error, one JSON object a file."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from flask import Flask

from tests.engine.diagrams import diagram, line, node, user

GOOD = diagram(line(user("u"), ids=("u",)))
BAD = diagram(line(node("complexGateway", "x"), ids=("x",)), key="bad")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "deep").mkdir()
    (tmp_path / "good.bpmn").write_bytes(GOOD)
    (tmp_path / "deep" / "notes.txt").write_text("no definition")
    return tmp_path


def invoke(app: Flask, *args: str):
    return app.test_cli_runner().invoke(args=["definitions", *args])


def test_lint_of_a_clean_folder(app, folder: Path) -> None:
    result = invoke(app, "lint", str(folder))
    assert (result.exit_code, result.output) == (0, "")


def test_lint_names_file_element_and_reason(app, folder: Path) -> None:
    (folder / "deep" / "bad.bpmn").write_bytes(BAD)
    result = invoke(app, "lint", str(folder))
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith(f"{folder}/deep/bad.bpmn:x: ")


def test_lint_as_json_has_an_object_a_file_whatever_it_holds(app, folder: Path) -> None:
    (folder / "bad.bpmn").write_bytes(BAD)
    (folder / "broken.bpmn").write_bytes(b"\xff\xfe\x00")
    (folder / "odd.txt").write_bytes(b"")
    result = invoke(app, "lint", "--json", str(folder), str(folder / "odd.txt"))
    found = {Path(entry["file"]).name: entry for entry in map(json.loads, result.stdout.splitlines())}
    assert result.exit_code == 1
    assert {name: entry["ok"] for name, entry in found.items()} == {
        "good.bpmn": True, "bad.bpmn": False, "broken.bpmn": False, "odd.txt": False,
    }  # fmt: skip
    (problem,) = found["bad.bpmn"]["problems"]
    assert {"element", "rule", "severity", "message"} == set(problem)
    assert (problem["element"], problem["rule"], problem["severity"]) == ("x", "no-complexGateway", "error")


def test_lint_answers_for_names_that_are_no_files(app, folder: Path) -> None:
    (folder / "gone.bpmn").symlink_to(folder / "nothing")
    os.mkfifo(folder / "pipe.bpmn")
    names = [str(folder / name) for name in ("gone.bpmn", "pipe.bpmn", "never.bpmn", "x" * 300, "good.bpmn")]
    result = invoke(app, "lint", "--json", *names)
    found = {entry["file"]: entry["ok"] for entry in map(json.loads, result.stdout.splitlines())}
    assert result.exit_code == 1
    assert found == {name: name.endswith("good.bpmn") for name in names}


def test_deploy_and_list(app, folder: Path) -> None:
    first = invoke(app, "deploy", "--json", str(folder))
    assert first.exit_code == 0
    assert [entry["key"] for entry in json.loads(first.stdout)["deployed"]] == ["p"]
    second = json.loads(invoke(app, "deploy", "--json", str(folder)).stdout)
    assert (second["deployed"], len(second["unchanged"])) == ([], 1)
    (listed,) = [json.loads(row) for row in invoke(app, "list", "--json").stdout.splitlines()]
    assert (listed["key"], listed["version"]) == ("p", 1)
    assert "p 1" in invoke(app, "list").stdout


def test_a_refused_deployment_changes_nothing(app, folder: Path) -> None:
    (folder / "bad.bpmn").write_bytes(BAD)
    result = invoke(app, "deploy", str(folder))
    assert result.exit_code == 1
    assert "bad.bpmn:x: " in result.stderr
    assert invoke(app, "list").stdout == ""
