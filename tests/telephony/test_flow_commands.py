"""`flask ivr lint|test|simulate|publish|rollback|list` and the manuals' list of verbs."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from flask import Flask

from app.kernel.settings import ROOT
from app.telephony.ivr.verbs import VERBS
from app.telephony.queries import flows as queries
from tests.telephony.ivr.flows import head

GOOD = head(
    "main",
    """entry: true
nodes:
  first:
    kind: menu
    prompt: {text: 请按一}
    choices: {"1": hangup}
    no_input: {goto: hangup}
    wrong_input: {goto: hangup}
transcripts:
  - {name: 按一, steps: [{press: "1"}], end: {by: flow}}
""",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "defaults.yaml").write_text("on_error: hangup\n")
    (tmp_path / "main.yaml").write_text(GOOD)
    return tmp_path


def test_the_shipped_flows_are_without_findings_and_their_transcripts_pass(app: Flask) -> None:
    run = app.test_cli_runner()
    linted = run.invoke(args=["ivr", "lint", "--strict"])
    assert linted.exit_code == 0, linted.output
    tested = run.invoke(args=["ivr", "test", "--min-coverage", "80", "--json"])
    assert tested.exit_code == 0, tested.output
    rows = [orjson.loads(line) for line in tested.stdout.splitlines()]
    assert all(row["ok"] for row in rows if "transcript" in row)


def test_lint_says_for_machines_what_is_wrong_in_which_file(app: Flask, folder: Path) -> None:
    (folder / "bad.yaml").write_text(head("bad", "nodes:\n  first: {kind: goto, to: nowhere}"))
    run = app.test_cli_runner().invoke(args=["ivr", "lint", "--json", str(folder)])
    assert run.exit_code == 1
    rows = {row["file"]: row for row in map(orjson.loads, run.stdout.splitlines())}
    assert rows["main.yaml"] == {"file": "main.yaml", "ok": True, "problems": []}
    assert ("first", "missing_target") in [(one["element"], one["rule"]) for one in rows["bad.yaml"]["problems"]]
    assert "bad.yaml:first:" in run.stderr


def test_a_file_that_is_no_flow_is_told_by_every_command(app: Flask, folder: Path) -> None:
    (folder / "bad.yaml").write_text("a: [")
    for command in ("lint", "test"):
        run = app.test_cli_runner().invoke(args=["ivr", command, str(folder)])
        assert run.exit_code == 1
        assert "bad.yaml:1:" in run.stderr


def test_a_transcript_that_fails_and_low_coverage_fail_the_command(app: Flask, folder: Path) -> None:
    run = app.test_cli_runner()
    assert run.invoke(args=["ivr", "test", str(folder)]).exit_code == 0
    low = run.invoke(args=["ivr", "test", "--min-coverage", "100", str(folder)])
    assert low.exit_code == 1
    (folder / "main.yaml").write_text(GOOD.replace('press: "1"', 'press: "2"'))
    failed = run.invoke(args=["ivr", "test", str(folder)])
    assert failed.exit_code == 1
    assert "FAIL main" in failed.stdout


def test_flows_are_published_listed_and_rolled_back(app: Flask, folder: Path) -> None:
    run = app.test_cli_runner()
    assert run.invoke(args=["ivr", "publish", str(folder)]).exit_code == 0
    (folder / "main.yaml").write_text(GOOD + "# new\n")
    assert run.invoke(args=["ivr", "publish", str(folder), "--note", "new"]).exit_code == 0
    assert run.invoke(args=["ivr", "rollback", "1"]).exit_code == 0
    assert run.invoke(args=["ivr", "rollback", "99"]).exit_code == 1
    listed = run.invoke(args=["ivr", "list", "--json"])
    assert {"flow": "main", "version": 1, "newest": 2, "draft": False} in [
        orjson.loads(line) for line in listed.stdout.splitlines()
    ]
    (folder / "main.yaml").write_text(GOOD.replace('"1": hangup', '"1": nowhere'))
    refused = run.invoke(args=["ivr", "publish", str(folder)])
    assert refused.exit_code == 1
    assert "nowhere" in refused.stderr
    assert queries.flow_set()["main"].version == queries.versions("main")[1].hash


def test_a_flow_is_played_in_the_terminal(app: Flask) -> None:
    run = app.test_cli_runner()
    played = run.invoke(args=["ivr", "simulate", "inquiry", "--stubs"], input="9\n1\nq\n")
    assert played.exit_code == 0, played.output
    assert played.output.count("inquiry.menu") == 2
    assert "inquiry.tariffs" in played.output
    assert run.invoke(args=["ivr", "simulate", "nothing"]).exit_code == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_manuals_show_every_verb(language: str) -> None:
    manual = (ROOT / "docs" / language / "ivr-flows.md").read_text()
    missing = [kind for kind in VERBS if f"`{kind}`" not in manual and f"kind: {kind}" not in manual]
    assert not missing
