"""Tariffs as files: the seed is sound, what does not fit is named with its place, versions in use stay."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from app.billing import operations
from app.billing.operations import TariffInUse
from app.billing.queries.rules import current_book, house_on
from app.billing.rules.files import SEED, read_folder
from app.kernel import db
from app.kernel.actor import SYSTEM
from app.kernel.clock import FrozenClock
from tests.billing.accounts import account, monthly


def seed_copy(folder: Path, *changes: tuple[str, str]) -> Path:
    """The seed files with words replaced."""
    for path in SEED.glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        for before, after in changes:
            text = text.replace(before, after)
        (folder / path.name).write_text(text, encoding="utf-8")
    return folder


def test_the_seed_has_no_mistakes() -> None:
    contents = read_folder()
    assert contents.problems == []
    assert {"GM-RES-Y", "GM-RES-M", "GM-RES-TOU", "GM-COM", "GM-COM-TOU", "GM-IND-CAP", "GM-IND-DEM", "GM-AGR"} == {
        entry.code for entry in contents.tariffs
    }


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ('prices: {total: "0.5000"}', "prices: {total: 0.5}", "binary fractions"),
        ('prices: {total: "0.5000"}', 'prices: {total: "-1"}', "prices"),
        ('prices: {total: "0.5000"}', 'prices: {total: "NaN"}', "prices"),
        ('prices: {total: "0.5000"}', 'prices: {total: "0.5", peak: "0.6"}', "one price `total`"),
        ('{above: "4800", add: "0.30"}', '{above: "2000", add: "0.30"}', "must rise"),
        ("due: {days: 20}", "due: {}", "either days or day"),
        ("valid_to: 2025-07-01", "valid_to: 2025-08-01", "reaches into"),
        ("valid_to: 2025-07-01", "valid_to: 2020-07-01", "must come after"),
        ("valid_from: 2025-07-01", "valid_from: soon", "must be days"),
        ("      source: 光明省电价〔2025〕示例 3 号（虚构）\n", "", "source"),
        ("late_class: resident", "late_class: friend", "late_class"),
        ("late_fee:", "late_fees:", "late_fees"),
        ("GM-RES-M:", "GM-RES-M: [", "residents.yaml"),
    ],
)
def test_what_does_not_fit_is_named_with_its_place(tmp_path: Path, before: str, after: str, told: str) -> None:
    problems = read_folder(seed_copy(tmp_path, (before, after))).problems
    assert any(told in problem for problem in problems), problems
    assert all(".yaml" in problem or "rules are missing" in problem for problem in problems)


@pytest.mark.databases
def test_syncing_twice_changes_nothing_and_versions_are_found_by_day(app: Flask, clock: FrozenClock) -> None:
    first = db.run(lambda: operations.sync(actor=SYSTEM, now=clock.now()))
    assert first.added == 13
    assert db.run(lambda: operations.sync(actor=SYSTEM, now=clock.now())).added == 0
    book = current_book()
    prices = [
        found.rules.prices["total"] if (found := book.on("GM-RES-Y", day)) else None
        for day in (date(2022, 12, 31), date(2025, 6, 30), date(2025, 7, 1))
    ]
    assert [str(price) for price in prices] == ["None", "0.4950", "0.5000"]
    assert house_on(date(2026, 3, 1)).references["late_fee"] == "late_fee@1996-10-08"


def test_a_version_that_bills_were_computed_by_stays(app: Flask, clock: FrozenClock, tmp_path: Path) -> None:
    changed = seed_copy(tmp_path, ('prices: {total: "0.5000"}', 'prices: {total: "0.5100"}'))
    db.run(lambda: operations.sync(actor=SYSTEM, now=clock.now()))
    account(clock, readings=monthly(date(2026, 1, 1), 100)).bill("202602")
    with pytest.raises(TariffInUse):
        db.run(lambda: operations.sync(actor=SYSTEM, now=clock.now(), folder=changed))


def test_the_commands_load_and_lint(app: Flask, tmp_path: Path) -> None:
    runner = app.test_cli_runner()
    assert "13 added" in runner.invoke(args=["tariffs", "sync"]).output
    assert runner.invoke(args=["tariffs", "lint"]).exit_code == 0
    wrong = seed_copy(tmp_path, ("due: {days: 20}", "due: {}"))
    for command in ("lint", "sync"):
        result = runner.invoke(args=["tariffs", command, "--folder", str(wrong)])
        assert result.exit_code == 1
        assert "residents.yaml:GM-RES-Y@2023-01-01: due.days: Say either days or day." in result.stderr
