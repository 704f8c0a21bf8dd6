"""Deployed decisions: newest and pinned versions, and what is kept on record."""

from __future__ import annotations

import pytest
from flask import Flask

from app.engine.decisions.errors import UnknownDecision
from app.engine.decisions.queries import decisions_of
from app.engine.decisions.runtime import decide
from app.engine.definitions.deploy import deploy
from app.kernel.actor import Actor
from app.kernel.clock import FrozenClock
from app.kernel.db import run
from tests.engine.decisions.models import decision, model, table

pytestmark = pytest.mark.databases


def limits(minutes: int) -> bytes:
    rules = [['"urban"', str(minutes), '"min"'], ['"rural"', "90", '"min"']]
    return model(decision("limits", table(["area"], ["amount", "unit"], rules)), inputs={"area": "string"})


def deployed(content: bytes, actor: Actor, clock: FrozenClock) -> str:
    """The id of the newest version."""
    result = run(lambda: deploy({"limits.dmn": content}, actor=actor, now=clock.now()))
    return next(view.id for view in result.deployed if view.key == "limits")


def test_the_newest_version_counts_unless_one_is_pinned(app: Flask, actor: Actor, clock: FrozenClock) -> None:
    first = deployed(limits(45), actor, clock)
    deployed(limits(30), actor, clock)
    now = clock.now()
    assert run(lambda: decide("limits", {"area": "urban"}, now=now)).result == {"amount": 30, "unit": "min"}
    pinned = run(lambda: decide("limits", {"area": "urban"}, now=now, definition_id=first))
    assert pinned.result == {"amount": 45, "unit": "min"}


def test_a_decision_is_kept_on_record(app: Flask, actor: Actor, clock: FrozenClock) -> None:
    definition_id = deployed(limits(45), actor, clock)
    given = {"area": "rural", "unused": "secret"}
    run(lambda: decide("limits", given, now=clock.now(), instance_id="i-1", element_id="decide_limit"))
    (view,) = decisions_of("i-1")
    assert (view.decision_id, view.version, view.definition_id, view.element_id) == (
        "limits",
        1,
        definition_id,
        "decide_limit",
    )
    assert view.inputs == {"area": "rural"}
    assert view.result == {"amount": 90, "unit": "min"}
    assert view.rules == [{"decision": "limits", "table": "t", "rule": "t_r2", "index": 2}]
    assert view.at == clock.now()


def test_an_unknown_decision_is_refused(app: Flask, clock: FrozenClock) -> None:
    with pytest.raises(UnknownDecision):
        decide("nobody", {}, now=clock.now())


def test_a_result_that_is_a_number_is_read_back(app: Flask, actor: Actor, clock: FrozenClock) -> None:
    content = model(decision("level", table(["area"], ["amount"], [['"urban"', "45"]])), inputs={"area": "string"})
    run(lambda: deploy({"level.dmn": content}, actor=actor, now=clock.now()))
    run(lambda: decide("level", {"area": "urban"}, now=clock.now(), instance_id="i"))
    assert [kept.result for kept in decisions_of("i")] == [45]
