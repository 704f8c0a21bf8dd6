"""Importing from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask

from app.customers.importing.operations import ProfileData, save_profile
from app.customers.importing.profiles import Content
from app.kernel import db
from app.kernel.clock import FrozenClock
from tests.customers.importing.stage import CUSTOMER_COLUMNS, Stage, table

GOOD = ["0001", "张三", "阳光花园3幢", "GM-A", "8", "2026-03-02"]


@pytest.fixture
def stage(app: Flask, clock: FrozenClock) -> Stage:
    stage = Stage(clock.now())
    data = ProfileData("客户档案", "customers", Content(CUSTOMER_COLUMNS, source="marketing"))
    db.run(lambda: save_profile(data, actor=stage.actor, now=stage.now))
    return stage


def run(app: Flask, path: Path, *options: str) -> tuple[int, str, str]:
    arguments = ["customers", "import", str(path), "--profile", "客户档案", *options]
    done = app.test_cli_runner().invoke(args=arguments)
    return done.exit_code, done.stdout, done.stderr


def test_a_dry_run_writes_nothing_and_leaves_the_file_free(app: Flask, stage: Stage, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(table(GOOD))
    code, out, _err = run(app, path, "--dry-run", "--json")
    assert (code, json.loads(out)["good"], json.loads(out)["created"]) == (0, 1, 0)
    code, out, _err = run(app, path, "--json")
    assert (code, json.loads(out)["state"], json.loads(out)["created"]) == (0, "done", 1)
    code, out, _err = run(app, path)
    assert (code, "cancelled" in out) == (1, True)
    code, out, _err = run(app, path, "--again", "--user", stage.actor.username)
    assert (code, "same 1" in out) == (0, True)


def test_bad_rows_are_told_with_their_place_and_end_with_status_1(app: Flask, stage: Stage, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(table([*GOOD[:4], "abc", ""]))
    code, out, err = run(app, path)
    assert code == 1
    assert "a.csv:2:5: 合同容量(kVA): “abc”不是数字。" in err
    assert "refused" in out


def test_an_unknown_profile_is_told(app: Flask, stage: Stage, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(table(GOOD))
    done = app.test_cli_runner().invoke(args=["customers", "import", str(path), "--profile", "none"])
    assert (done.exit_code, "none" in done.stderr) == (1, True)
