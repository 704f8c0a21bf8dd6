"""The interpreter: (state, event) → (state, commands). Pure, and it never raises for what a caller does.

Bounds (`run`): a call enters at most `MAX_SILENT` nodes without the caller doing something, `MAX_STEPS` in all,
and meets at most `MAX_ERRORS` errors; past them it is hung up.

When the caller is gone, steps that need no caller go on (an order that is being started is started) until one
needs them; then `on_hangup` runs, and the call is over where that ends.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.telephony.ivr.commands import Command
from app.telephony.ivr.events import Digits, Done, Event, Failed, Hangup, NoInput, WrongInput
from app.telephony.ivr.flow import FlowSet
from app.telephony.ivr.run import NEEDS_CALLER, Run
from app.telephony.ivr.state import Frame, State, changed
from app.telephony.ivr.values import clean

HUMAN = frozenset({"queue", "bridge", "record", "fax_receive"})


class UnknownFlow(LookupError):
    """No flow of that name is in the set."""


class OtherVersions(ValueError):
    """A state goes on only with the versions of the flows that it pins."""


def begin(flows: FlowSet, name: str, call: Mapping[str, Any], now: datetime) -> tuple[State, tuple[Command, ...]]:
    """A call begins in a flow. `call` is what expressions see as `call`: `id`, `number`, `called`, …
    `call["inputs"]`, where given, are values of the flow's inputs. Raises UnknownFlow."""
    if name not in flows:
        raise UnknownFlow(name)
    flow = flows[name]
    facts = clean(call)
    given = facts.pop("inputs", None) or {}
    inputs = {key: given.get(key, default) for key, default in flow.inputs.items()}
    frame = Frame(flow.name, "", {**flow.variables, **inputs})
    state = State(pins=flows.pins, call=facts, language=flow.language, frames=(frame,))
    run = Run(flows, state, now)
    run.enter(flow.start)
    return run.result()


def step(flows: FlowSet, state: State, event: Event, now: datetime) -> tuple[State, tuple[Command, ...]]:
    """What follows an event. Answers to commands that no longer wait, and events after the end, change nothing.
    Raises OtherVersions where the flows are not those the call began with."""
    if state.pins is not flows.pins and dict(state.pins) != flows.pins:
        raise OtherVersions
    if isinstance(event, Hangup):
        return _hung_up(flows, state, event, now)
    if not _answers(state, event):
        return state, ()
    silent = 0 if _somebody(state, event) else state.silent
    run = Run(flows, changed(state, pending=0, waits_for="", silent=silent), now)
    run.resume(event)
    return run.result()


def _answers(state: State, event: Done | Failed | Digits | NoInput | WrongInput) -> bool:
    if state.ended or not state.pending or event.command_id not in (0, state.pending):
        return False
    asked = state.waits_for == "gather"
    return asked != isinstance(event, Done) or isinstance(event, Failed)


def _somebody(state: State, event: Event) -> bool:
    """Whether the caller did something: pressed a key, spoke, talked with somebody."""
    return isinstance(event, (Digits, WrongInput)) or (isinstance(event, Done) and state.waits_for in HUMAN)


def _hung_up(flows: FlowSet, state: State, event: Hangup, now: datetime) -> tuple[State, tuple[Command, ...]]:
    if state.ended or state.gone:
        return state, ()
    run = Run(flows, changed(state, gone=event.cause[:80] or "NORMAL_CLEARING"), now)
    if not state.pending or state.waits_for in NEEDS_CALLER:
        run.after_hangup()
    return run.result()
