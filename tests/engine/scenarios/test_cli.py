"""`flask definitions test`."""

from __future__ import annotations

import json
from pathlib import Path

from flask import Flask

from app.kernel.registry import registry
from tests.engine.scenarios.conftest import SERVICES
from tests.engine.scenarios.stories import write_story

SCENARIOS = """process: story
defaults: {story.mark: {}, story.sms: {}}
scenarios:
  - name: good
    start: {data: {area: urban, unit: QS}}
  - name: bad
    start: {data: {area: urban, unit: QS}}
    end: {at: done}
"""


def test_outcomes_and_coverage_as_lines_of_json(app: Flask, tmp_path: Path) -> None:
    write_story(tmp_path, SCENARIOS)
    with registry.temporarily(*SERVICES):
        done = app.test_cli_runner().invoke(args=["definitions", "test", str(tmp_path), "--json"])
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.exit_code == 1
    assert [line["ok"] for line in lines if "ok" in line] == [True, False]
    assert lines[-1]["coverage"]["process"] == "story"
    assert f"{tmp_path}/scenarios/story.yaml:6: bad: " in done.stderr


def test_a_coverage_that_is_too_low_fails(app: Flask, tmp_path: Path) -> None:
    write_story(tmp_path, SCENARIOS.partition("  - name: bad")[0])
    with registry.temporarily(*SERVICES):
        runner = app.test_cli_runner()
        assert runner.invoke(args=["definitions", "test", str(tmp_path)]).exit_code == 0
        low = runner.invoke(args=["definitions", "test", str(tmp_path), "--min-coverage", "90"])
    assert low.exit_code == 1
    assert "story" in low.stderr


def test_a_faulty_file_is_named_with_its_line(app: Flask, tmp_path: Path) -> None:
    path = write_story(tmp_path, "process: story\nscenario: []\n")
    done = app.test_cli_runner().invoke(args=["definitions", "test", str(path)])
    assert done.exit_code == 1
    assert f"{path}:2: " in done.stderr
