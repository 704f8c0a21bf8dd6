"""`flask outages indices`: the figures for machines and people, exit status, counting anew."""

from __future__ import annotations

import json

import pytest
from flask import Flask

from tests.outages.indices.history import History
from tests.outages.indices.test_report import february, history

__all__ = ["february", "history"]

MONTH = ("--since", "2026-02-01", "--until", "2026-02-28")


def invoke(app: Flask, *args: str):  # type: ignore[no-untyped-def]
    return app.test_cli_runner().invoke(args=["outages", *args])


def test_figures_as_json(app: Flask, february: History) -> None:
    result = invoke(app, "indices", "--json", *MONTH, "--by", "feeder", "--n", "2")
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert found["total"]["customer_minutes"] == 3000
    assert found["total"]["figures"]["saidi"] == pytest.approx(3000 / 39)
    assert found["total"]["figures"]["cemi"] == pytest.approx(3 / 39)
    assert {line["key"]: line["customer_minutes"] for line in found["lines"]} == {"L-CB1": 2730, "L-CB2": 270}
    ten = json.loads(invoke(app, "indices", "--json", *MONTH, "--basis", "dlt836", "--unit", "GM-LJ-QS").stdout)
    assert ten["total"]["figures"]["aihc1"] == pytest.approx(988 / 60 / 13)


def test_figures_as_a_table(app: Flask, february: History) -> None:
    lines = invoke(app, "indices", *MONTH, "--cause", "ageing").output.splitlines()
    assert lines[0].split("\t")[1:3] == ["SAIFI", "SAIDI"]
    assert lines[1].split("\t")[2] == "54.62"  # 2,130 / 39


def test_what_cannot_be_asked(app: Flask, february: History) -> None:
    for args in (("--unit", "NONE"), ("--since", "2026-03-02", "--until", "2026-03-01")):
        result = invoke(app, "indices", *args)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr


def test_counting_anew_changes_nothing(app: Flask, february: History) -> None:
    before = invoke(app, "indices", "--json", *MONTH).stdout
    assert invoke(app, "reckon").output == "outages: 8 reckoned\n"
    assert invoke(app, "served").output == "feeders: 2 counted\n"
    assert invoke(app, "indices", "--json", *MONTH).stdout == before
