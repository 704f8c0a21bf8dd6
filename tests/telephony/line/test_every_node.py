"""Callers hang up at every node of every shipped flow: each call ends, is on record there, and starts nothing twice."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.kernel.settings import ROOT
from app.telephony import folder
from app.telephony.ivr import machine
from app.telephony.ivr.commands import Gather
from app.telephony.ivr.commands import Hangup as HangUp
from app.telephony.ivr.events import Digits, Done, Event, Failed, Hangup, NoInput, WrongInput
from app.telephony.ivr.flow import FlowSet
from app.telephony.ivr.state import State

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
CALL = {"id": "c", "number": "13800138000", "called": "95598"}
MOST = 4000


def answers(command) -> list[Event]:
    """Everything that may happen to a command, roughly."""
    if isinstance(command, Gather):
        keys = [Digits(key, "", command.id) for key in "0123456789*"]
        return [*keys, Digits("12345678", "#", command.id), NoInput(command.id), WrongInput("1", command.id)]
    rich = {"found": True, "known": True, "count": 1, "outcome": "answered", "file": "1", "seconds": 5, "locked": False}
    poor = {"found": False, "known": False, "count": 0, "outcome": "no_agents", "file": "", "seconds": 0}
    return [Done(command.id, rich), Done(command.id, poor), Failed(command.id, "unavailable")]


def waiting(commands):
    return next((one for one in commands if one.waits), None)


def walk(flows: FlowSet, name: str) -> dict[str, tuple[State, object]]:
    """States that wait, one for each node that any call reaches, breadth first."""
    state, commands = machine.begin(flows, name, CALL, NOW)
    reached: dict[str, tuple[State, object]] = {}
    todo = [(state, waiting(commands))]
    while todo and len(reached) < MOST:
        state, command = todo.pop(0)
        if command is None:
            continue
        place = f"{command.flow}/{command.node}/{type(command).__name__}"
        if place in reached:
            continue
        reached[place] = (state, command)
        for event in answers(command):
            after, more = machine.step(flows, state, event, NOW)
            todo.append((after, waiting(more)))
    return reached


@pytest.fixture(scope="module")
def flows() -> FlowSet:
    return folder.load(ROOT / "ivr_flows")


@pytest.mark.parametrize("name", ["line_95598", "outbound_message", "outbound_callback"])
def test_a_hang_up_ends_the_call_wherever_it_comes(app, flows: FlowSet, name: str) -> None:
    with app.app_context():
        reached = walk(flows, name)
        assert len(reached) >= (40 if name == "line_95598" else 2)
        for place, (state, command) in reached.items():
            after, commands = machine.step(flows, state, Hangup("NORMAL_CLEARING"), NOW)
            for _step in range(60):
                asked = waiting(commands) or (command if not after.ended and after.pending == command.id else None)
                if after.ended or asked is None:
                    break
                assert not asked.needs_caller, f"{place}: {asked} is asked of a caller who is gone"
                after, commands = machine.step(flows, after, Failed(asked.id, "unavailable"), NOW)
            assert after.ended, place
            assert not [one for one in commands if isinstance(one, HangUp)] or after.gone
