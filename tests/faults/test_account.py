"""The accounting itself: a row too few, a row too many and an effect that never arrived are each found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest
import sqlalchemy as sa
from flask import Flask

from app.engine import api as engine
from app.engine.definitions.deploy import deploy
from app.engine.runtime.models import ActivityHistory, Instance, Task, Timer
from app.kernel import audit, db, jobs
from app.kernel.actor import SYSTEM
from app.kernel.clock import FrozenClock
from app.kernel.db import session
from app.kernel.jobs.models import Job
from app.kernel.registry import JobKind, registry
from tests.faults.account import problems
from tests.load import rounds
from tests.load.account import round_problems
from tests.load.receiver import Receiver

CASES = 2


@pytest.fixture
def receiver(app: Flask, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch) -> Receiver:
    """Cases that have gone their rounds, with all they told; nothing is missing."""
    heard = SimpleNamespace(calls=Counter())
    call = JobKind(rounds.SEND, rounds.sent, effect=lambda payload, now: heard.calls.update([payload["name"]]))
    monkeypatch.setitem(registry.jobs, rounds.SEND, call)
    db.run(lambda: deploy({"rounds.bpmn": rounds.DIAGRAM}, actor=SYSTEM, now=clock.now()))
    for n in range(CASES):
        data = {"n": n, "turn": 0}
        db.run(
            lambda n=n, data=data: engine.start(  # type: ignore[misc]
                rounds.KEY, data=data, business_key=f"case-{n}", actor=SYSTEM, now=clock.now()
            )
        )
    while engine.fire_timers(clock.now()) + jobs.run_due(clock.now()):
        clock.set(clock.now() + rounds.PAUSE)
    found = cast(Receiver, heard)
    assert wrong(found) == []
    return found


def wrong(receiver: Receiver) -> list[str]:
    return [*problems([]), *round_problems(CASES, receiver)]


def lose(statement: Any) -> Callable[[Receiver], None]:
    return lambda _receiver: db.run(lambda: session.execute(statement) and None)


def unheard(receiver: Receiver) -> None:
    del receiver.calls["0-1"]


def heard_of_nobody(receiver: Receiver) -> None:
    receiver.calls["7-0"] += 1


def counted_twice(_receiver: Receiver) -> None:
    twice = {"subject_type": rounds.KEY, "subject_id": "1-1"}
    now = session.scalars(sa.select(audit.AuditEntry.at)).first()
    assert now is not None
    db.run(lambda: audit.record(rounds.STEP, actor=SYSTEM, now=now, **twice))  # type: ignore[arg-type]


def done(kind: str) -> Any:
    return sa.update(Job).where(Job.kind == kind).values(state="leased")


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(unheard, id="a message lost"),
        pytest.param(heard_of_nobody, id="a message of nobody"),
        pytest.param(counted_twice, id="a step done twice"),
        pytest.param(lose(sa.delete(ActivityHistory).where(ActivityHistory.element_id == "wait")), id="timers lost"),
        pytest.param(lose(sa.update(Instance).values(status="active")), id="a case that does not end"),
        pytest.param(lose(done(rounds.SEND)), id="a job that does not end"),
    ],
)
def test_damage_is_found(receiver: Receiver, damage: Callable[[Receiver], None]) -> None:
    damage(receiver)
    assert wrong(receiver)


def test_a_case_whose_steps_left_no_rows_is_found(receiver: Receiver) -> None:
    found = round_problems(CASES + 1, receiver)
    assert f"{rounds.STEP} of {CASES}-0: 0 times" in found
    assert f"message {CASES}-0 never reached its receiver" in found


def test_what_is_left_over_is_found(receiver: Receiver, clock: FrozenClock) -> None:
    data = {"n": 0, "turn": 0}
    db.run(lambda: engine.start(rounds.KEY, data=data, actor=SYSTEM, now=clock.now()))
    jobs.run_due(clock.now(), limit=1)
    assert session.scalar(sa.select(sa.func.count()).select_from(Timer)) == 1
    assert any("timers left" in line for line in wrong(receiver))
    assert session.scalar(sa.select(sa.func.count()).select_from(Task)) == 0
