"""Every case of the kit's level 2, and some of level 3, in every version of DMN, answers as the kit says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask

from app.engine.decisions.check import check_dmn
from app.engine.decisions.evaluation import evaluate
from app.engine.decisions.reading import read
from tests.engine.decisions.tck.case import Case, cases
from tests.engine.decisions.tck.comparing import agrees
from tests.engine.decisions.tck.dialects import dialects

CASES = list(cases())
LEVEL_2 = 28


def test_level_2_is_complete() -> None:
    assert sum(case.name.startswith("2-") for case in CASES) == LEVEL_2


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Case) -> None:
    for dialect, content in dialects(case.content).items():
        model = read(content)
        for vector in case.vectors:
            for name, expected in vector.results.items():
                found = evaluate(model, name, vector.given).result
                assert agrees(found, expected), (dialect, vector.given, name, found)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_lint_finds_nothing(app: Flask, case: Case) -> None:
    assert [str(problem) for problem in check_dmn(case.name, case.content)] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_command_line(app: Flask, tmp_path: Path, case: Case) -> None:
    """A stream of inputs by name, a line each, of a decision by its name and by its id."""
    file = tmp_path / "case.dmn"
    file.write_bytes(case.content)
    lines = "".join(json.dumps(vector.given) + "\n" for vector in case.vectors)
    decisions = {one.name: one.id for one in read(case.content).decisions.values()}
    for name, identity in decisions.items():
        expected = [vector.results[name] for vector in case.vectors]
        for reference in (name, identity):
            args = ["dmn", "eval", str(file), "--decision", reference, "--input", "-"]
            done = app.test_cli_runner().invoke(args=args, input=lines)
            answers = [json.loads(line) for line in done.stdout.splitlines()]
            assert done.exit_code == 0
            assert agrees([answer["result"] for answer in answers], expected)
