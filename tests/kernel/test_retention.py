"""Retention rules as data, plans as conditions, and runs that say what they removed."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app.kernel import db, jobs
from app.kernel.actor import Actor
from app.kernel.audit import AuditEntry
from app.kernel.clock import FrozenClock
from app.kernel.db import session
from app.kernel.registry import registry
from app.kernel.retention import kinds, rules, sweeping
from app.kernel.retention.models import RetentionRun
from app.kernel.retention.rules import InvalidRule

pytestmark = pytest.mark.databases


@pytest.fixture
def done_jobs(app: Flask, clock: FrozenClock) -> None:
    """Three jobs that are done now."""
    registry.jobs.setdefault("test.nothing", _kind())
    for _ in range(3):
        db.run(lambda: jobs.enqueue("test.nothing", {}, now=clock.now()))
    assert jobs.run_due(clock.now(), 10) == 3


def _kind() -> object:
    from_registry = type(next(iter(registry.jobs.values())))
    return from_registry("test.nothing", lambda payload, now: None)


def keep(clock: FrozenClock, actor: Actor, days: int | None, kind: str = "job", process: str = "") -> None:
    db.run(lambda: rules.set_rule(kind, process_key=process, days=days, reason="演练", actor=actor, now=clock.now()))


def test_the_standard_holds_until_a_rule_says_otherwise(
    done_jobs: None, clock: FrozenClock, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "MAX_BATCHES", 1)
    assert sweeping.would_remove(clock.advance(timedelta(days=30)))["job"] == 0
    keep(clock, actor, 7)
    assert sweeping.would_remove(clock.now())["job"] == 3
    keep(clock, actor, None)
    assert sweeping.would_remove(clock.advance(timedelta(days=5000)))["job"] == 0
    db.run(lambda: rules.drop_rule("job", reason="演练", actor=actor, now=clock.now()))
    assert sweeping.sweep(clock.now()) == 3
    assert sweeping.would_remove(clock.now())["job"] == 0
    actions = session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions == ["retention.set", "retention.set", "retention.drop", "retention.sweep"]


def test_a_run_says_what_it_removed_once(done_jobs: None, clock: FrozenClock) -> None:
    assert sweeping.sweep(clock.now()) == 0
    assert sweeping.runs() == []
    sweeping.sweep(clock.advance(timedelta(days=100)))
    [told] = sweeping.runs()
    assert (told.removed, told.finished_at) == ({"job": 3}, clock.now())
    [entry] = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "retention.sweep"))
    assert entry.details == {"job": 3}
    sweeping.sweep(clock.advance(timedelta(hours=1)))
    assert len(sweeping.runs()) == 1


def test_a_run_whose_process_died_is_told_by_the_next(app: Flask, clock: FrozenClock) -> None:
    db.run(lambda: session.add(RetentionRun(started_at=clock.now(), removed={"job": 7})))
    sweeping.sweep(clock.advance(timedelta(hours=1)))
    [entry] = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "retention.sweep"))
    assert entry.details == {"job": 7}


@pytest.mark.parametrize(
    ("kind", "process", "days"),
    [("job", "", 0), ("job", "", -5), ("job", "", 10**6), ("nothing", "", 5), ("job", "p", 5)],
)
def test_rules_that_make_no_sense_are_refused(
    app: Flask, clock: FrozenClock, actor: Actor, kind: str, process: str, days: int
) -> None:
    with pytest.raises(InvalidRule):
        keep(clock, actor, days, kind, process)
    assert rules.rules() == []


def test_every_kind_says_how_long_and_why(app: Flask) -> None:
    for kind in kinds.every():
        assert kind.title and kind.title_en and kind.basis and kind.basis_en  # noqa: PT018
        assert (kind.days() or 1) > 0


def test_the_command_counts_or_removes(done_jobs: None, app: Flask, clock: FrozenClock) -> None:
    clock.advance(timedelta(days=100))
    for options, left in ((["--dry-run"], 3), ([], 0)):
        done = app.test_cli_runner().invoke(args=["history", "sweep", "--json", *options])
        assert done.exit_code == 0
        assert json.loads(done.stdout)["counts"]["job"] == 3
        db.session.remove()
        assert sum(jobs.count_by_state().values()) == left
    assert "0" in app.test_cli_runner().invoke(args=["history", "sweep", "--dry-run"]).stdout
