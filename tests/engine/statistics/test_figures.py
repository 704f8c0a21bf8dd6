"""The figures of elements: equal to the histories whatever is done, whenever it is folded, and after a rebuild."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.engine import api
from app.engine.runtime.models import Instance
from app.engine.statistics import folding, rebuilding
from app.engine.statistics.models import ElementDay, ElementTally
from app.identity.queries import unit_by_code
from app.kernel import db, jobs
from app.kernel.clock import FrozenClock
from app.kernel.errors import Invalid
from tests.conftest import START
from tests.engine.diagrams import boundary, chain, diagram, end, start, timer, user
from tests.engine.runtime.driving import NOBODY, Driver
from tests.identity.factories import make_tree

ONE = diagram(
    start(),
    user("a"),
    boundary("late", "a", timer("PT90M"), interrupting=False),
    user("b"),
    end(),
    user("remind"),
    end("r"),
    chain("s", "a", "b", "e"),
    chain("late", "remind", "r"),
)
TWO = ONE.replace(b'id="b"', b'id="b" name="B"')
UNITS = ("P-A-X", "P-B")
TODAY = START.date()


@pytest.fixture
def drive(app: Flask, clock: FrozenClock) -> Driver:
    make_tree()
    drive = Driver(clock)
    drive.deploy(p=ONE)
    return drive


def shown(**asked: Any) -> dict[str, tuple[int, int, int, int]]:
    db.session.remove()
    found = api.element_statistics("p", **asked)
    return {one.element_id: (one.started, one.completed, one.cancelled, one.open_now) for one in found}


def from_histories() -> dict[str, tuple[int, int, int, int]]:
    """The same from the histories alone."""
    db.session.remove()
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for instance_id in db.session.scalars(sa.select(Instance.id)).all():
        for activity in api.history(instance_id):
            counts[activity.element_id]["started"] += 1
            counts[activity.element_id][activity.outcome or "open"] += 1
    names = ("started", "completed", "cancelled", "open")
    return {element: tuple(count[name] for name in names) for element, count in counts.items()}  # type: ignore[misc]


@pytest.mark.databases
def test_what_is_open_done_and_left_is_counted_folded_or_not(drive: Driver) -> None:
    first, second = drive.start().id, drive.start().id
    drive.clock.advance(timedelta(minutes=10))
    drive.complete(first, "a")
    drive.do(lambda: api.terminate(second, reason="x", actor=NOBODY, now=drive.now))
    expected = {"s": (2, 2, 0, 0), "a": (2, 1, 1, 0), "b": (1, 0, 0, 1)}
    assert shown() == expected == from_histories()
    assert folding.sweep(drive.now) > 0
    assert folding.sweep(drive.now) == 0
    assert shown() == expected
    assert db.run(rebuilding.rebuild) > 0
    assert shown() == expected


def test_durations_are_told_in_seconds(drive: Driver) -> None:
    minutes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 60]
    started = [drive.start().id for _ in minutes]
    begun = drive.now
    for length, instance_id in zip(minutes, started, strict=True):
        drive.clock.advance(begun + timedelta(minutes=length) - drive.now)
        drive.complete(instance_id, "a")
    a = next(one for one in api.element_statistics("p") if one.element_id == "a")
    assert (a.shortest, a.longest) == (60, 3600)
    assert a.mean == statistics.mean(minutes) * 60
    assert a.median == pytest.approx(5 * 60, rel=0.1)
    assert a.p90 == pytest.approx(9 * 60, rel=0.1)


def test_days_are_local_and_the_last_is_excluded(drive: Driver) -> None:
    instance_id = drive.start().id
    drive.clock.advance(timedelta(days=2))
    drive.complete(instance_id, "a")
    day = timedelta(days=1)
    assert shown(from_=TODAY, to=TODAY + day)["a"] == (1, 0, 0, 0)
    assert shown(from_=TODAY + 2 * day)["a"] == (0, 1, 0, 0)
    assert "a" not in shown(from_=TODAY + day, to=TODAY + 2 * day)


def test_units_versions_and_transfers_are_told_apart(drive: Driver) -> None:
    units = {code: _path(code, drive.now) for code in UNITS}
    moved = drive.start(unit="P-A-X").id
    drive.start()
    assert shown(unit_path=units["P-A-X"])["a"] == (1, 0, 0, 1)
    assert shown(unit_path="/")["a"] == (2, 0, 0, 2)
    drive.do(lambda: api.describe(moved, unit="P-B", actor=NOBODY, now=drive.now))
    assert "a" not in shown(unit_path=units["P-A-X"])
    assert shown(unit_path=[units["P-B"], units["P-A-X"]])["a"] == (1, 0, 0, 1)
    drive.deploy(p=TWO)
    drive.start()
    assert (shown(version=1)["a"], shown(version=2)["a"]) == ((2, 0, 0, 2), (1, 0, 0, 1))


def test_a_case_that_moves_to_another_version_counts_there(drive: Driver) -> None:
    instance_id = drive.start().id
    drive.deploy(p=TWO)
    migration = _migrate(drive)
    assert migration is not None
    assert "a" not in shown(version=1)
    assert shown(version=2)["a"] == (1, 0, 0, 1)
    drive.do(lambda: api.revert_migration(migration.id, instance_id, reason="x", actor=NOBODY, now=drive.now))
    assert shown(version=1)["a"] == (1, 0, 0, 1)
    assert "a" not in shown(version=2)


ACTS = st.lists(
    st.tuples(st.sampled_from(["start", "complete", "terminate", "wait", "fold", "describe", "migrate", "rebuild"]),
              st.integers(min_value=0, max_value=2**16)),
    min_size=4, max_size=14,
)  # fmt: skip


@given(acts=ACTS)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_done_the_figures_are_what_the_histories_say(
    acts: list[tuple[str, int]], two_versions: Driver
) -> None:
    for act, choice in acts:
        _act(two_versions, act, choice)
    assert shown() == from_histories()
    before = _figures()
    db.run(rebuilding.rebuild)
    assert _figures() == before
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ElementTally)) == 0


@pytest.fixture
def two_versions(drive: Driver) -> Driver:
    drive.start()
    drive.deploy(p=TWO)
    return drive


def _act(drive: Driver, act: str, choice: int) -> None:
    open_tasks = db.session.scalars(sa.select(api.Task).where(api.Task.state == "open").order_by(api.Task.id)).all()
    task = open_tasks[choice % len(open_tasks)] if open_tasks else None
    if act == "start":
        drive.start(unit=UNITS[choice % 2])
    elif act == "wait":
        api.fire_timers(drive.clock.advance(timedelta(minutes=choice % 600)))
    elif act == "fold":
        folding.sweep(drive.now)
    elif act == "rebuild":
        db.run(rebuilding.rebuild)
    elif act == "migrate":
        _migrate(drive)
    elif task is not None:
        _change(drive, act, task.id, task.instance_id, choice)


def _change(drive: Driver, act: str, task_id: str, instance_id: str, choice: int) -> None:
    if act == "complete":
        drive.do(lambda: api.complete(task_id, {}, actor=NOBODY, now=drive.now))
    elif act == "terminate":
        drive.do(lambda: api.terminate(instance_id, reason="x", actor=NOBODY, now=drive.now))
    else:
        drive.do(lambda: api.describe(instance_id, unit=UNITS[choice % 2], actor=NOBODY, now=drive.now))


def _migrate(drive: Driver) -> api.MigrationView | None:
    """Move what runs on version 1; None where nothing does."""
    try:
        started = drive.do(
            lambda: api.start_migration(
                "p", source=1, target=2, confirmed=True, reason="x", actor=NOBODY, now=drive.now
            )
        )
    except Invalid:
        return None
    while jobs.run_due(drive.now, 10):
        pass
    return started


def _figures() -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """Every row that says something, once all is folded."""
    folding.sweep(START)
    db.session.remove()
    rows = db.session.scalars(sa.select(ElementDay).where(ElementDay.settled.is_(False)))
    days = {
        (row.whole_month, row.definition_id, row.element_id, row.day, row.unit_path): (
            row.started, row.completed, row.cancelled, row.total_ms, row.shortest_ms, row.longest_ms,
        )
        for row in rows
    }  # fmt: skip
    return {place: figures for place, figures in days.items() if any(figures)}


def _path(code: str, now: datetime) -> str:
    unit = unit_by_code(code, at=now)
    assert unit is not None
    return unit.path
