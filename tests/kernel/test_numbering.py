"""Numbers of orders: running by prefix and local day, without gaps."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from flask import Flask

from app.kernel import db
from app.kernel.numbering import next_number
from tests.conftest import START

pytestmark = pytest.mark.databases


def test_numbers_run_by_prefix_and_day(app: Flask) -> None:
    def work() -> list[str]:
        return [next_number(prefix, now=START) for prefix in ("GD", "GD", "HF")]

    assert db.run(work) == ["GD202603020001", "GD202603020002", "HF202603020001"]


def test_the_day_is_the_local_one(app: Flask) -> None:
    evening_in_utc = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)  # half past midnight in Shanghai
    assert db.run(lambda: next_number("GD", now=evening_in_utc)) == "GD202603030001"


def test_a_rollback_gives_the_number_back(app: Flask) -> None:
    def fail() -> None:
        next_number("GD", now=START)
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        db.run(fail)
    assert db.run(lambda: next_number("GD", now=START)) == "GD202603020001"


def test_many_at_once_get_different_numbers(app: Flask) -> None:
    taken: list[str] = []

    def take() -> None:
        with app.app_context():
            taken.extend(db.run(lambda: next_number("GD", now=START)) for _ in range(5))

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [f"GD20260302{n:04d}" for n in range(1, 21)]
