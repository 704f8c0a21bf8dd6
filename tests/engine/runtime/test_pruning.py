"""What a flow leaves behind is forgotten, and nothing that still matters: the same ends with and without."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app.engine import api
from app.engine.runtime.state import pruning
from app.kernel.db import session
from tests.engine.diagrams import (
    boundary,
    chain,
    diagram,
    end,
    flow,
    gateway,
    script,
    start,
    subprocess,
    timer,
    user,
)
from tests.engine.runtime.driving import Driver

pytestmark = pytest.mark.databases

INNER = chain("s1", "work", "note", "e1")
LOOP = diagram(
    start(),
    gateway("again"),
    gateway("split", "parallel"),
    user("left"),
    boundary("late", "left", timer("PT1H"), interrupting=False),
    script("escalate", "level = n"),
    end("late_end"),
    subprocess("inner", start("s1"), user("work"), script("note", "seen = seen + [n]"), end("e1"), INNER),
    gateway("join", "parallel"),
    script("count", "n = n + 1"),
    gateway("more", default="f_more_e"),
    end(),
    chain("s", "again", "split", "left", "join", "count", "more", "e"),
    chain("split", "inner", "join"),
    chain("late", "escalate", "late_end"),
    flow("more", "again", "${n < rounds}"),
)
"""Each round parts, runs a subprocess, meets; in some of them a timer runs a branch of its own to the end."""


@pytest.mark.parametrize("room", [0, 10**9])
def test_a_loop_ends_alike_whether_its_past_is_forgotten_or_kept(
    drive: Driver, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    monkeypatch.setattr(pruning, "ROOM", room)
    drive.deploy(p=LOOP)
    instance = drive.start(data={"n": 0, "seen": [], "rounds": 5, "level": None})
    for number in range(5):
        if number in (1, 3):
            drive.clock.advance(timedelta(hours=2))
            api.fire_timers(drive.now)
        first, second = ("left", "work") if number % 2 else ("work", "left")
        drive.complete(instance.id, first, **{f"{first}_{number}": number})
        drive.complete(instance.id, second, **{f"{second}_{number}": number})
    assert drive.status(instance.id) == "completed"
    kept = api.variables(instance.id)
    assert (kept["n"], kept["seen"], kept["level"]) == (5, [0, 1, 2, 3, 4], 3)
    assert {name for name in kept if "_" in name} == {f"{name}_{n}" for name in ("left", "work") for n in range(5)}
    passed = [done.element_id for done in api.history(instance.id) if done.outcome == "completed"]
    assert (passed.count("join"), passed.count("escalate"), passed.count("inner")) == (5, 2, 5)
    sources = {done.sources for done in api.history(instance.id) if done.element_id == "join"}
    assert sources == {("inner", "left")}


def test_the_state_of_a_long_loop_stays_small(drive: Driver) -> None:
    drive.deploy(p=LOOP)
    instance = drive.start(data={"n": 0, "seen": [], "rounds": 40, "level": None})
    sizes = [_round(drive, instance.id) for _ in range(39)]
    assert sizes[38] < 1.3 * sizes[8]


def test_a_branch_that_ended_long_ago_still_counts_at_the_end(drive: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pruning, "ROOM", 0)
    drive.deploy(
        p=diagram(
            start(),
            gateway("split", "parallel"),
            user("short"),
            end("done"),
            user("a"),
            user("b"),
            end(),
            chain("s", "split", "short", "done"),
            chain("split", "a", "b", "e"),
        )
    )
    instance = drive.start(data={"x": 0})
    drive.complete(instance.id, "short", x=1, extra=[1])
    drive.complete(instance.id, "a", y=2)
    drive.complete(instance.id, "b")
    kept: dict[str, Any] = api.variables(instance.id)
    assert kept == {"x": 1, "extra": [1], "y": 2}


def _round(drive: Driver, instance_id: str) -> int:
    drive.complete(instance_id, "left")
    drive.complete(instance_id, "work")
    session.rollback()
    row = session.get(api.Instance, instance_id)
    assert row is not None
    return len(row.state)
