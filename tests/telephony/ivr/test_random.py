"""Random flows and random events: the interpreter never raises, always goes on or ends, and a hang-up always ends."""

from __future__ import annotations

from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from app.telephony.ivr import machine
from app.telephony.ivr.commands import Command
from app.telephony.ivr.events import Digits, Done, Event, Failed, Hangup, NoInput, WrongInput
from app.telephony.ivr.flow import FlowSet
from app.telephony.ivr.linting import Known, lint
from app.telephony.ivr.loading import load_set
from app.telephony.ivr.run import MAX_SILENT
from app.telephony.ivr.state import State
from app.telephony.ivr.verbs import VERBS
from tests.telephony.ivr.flows import NOW

NAMES = ["first", "second", "third", "fourth", "fifth"]
TARGETS = st.sampled_from(
    [*NAMES, "hangup", "return", "return:other", "flow:main", "flow:other", "flow:nowhere", "missing"]
)
EXPRS = st.sampled_from(["1 + a", "a.b.c", "null", "result.x = 1", '"1"', "value", "identified", "[1, 2]", 7, True])
PIECES = st.lists(
    st.sampled_from(["hello", {"text": "字"}, {"say": "a", "as": "number"}, {"say": "1", "as": "money"}]), max_size=2
)
KEY_TARGETS = st.one_of(TARGETS, st.sampled_from(["repeat", "back"]))
MISSES = st.fixed_dictionaries({"tries": st.integers(1, 3), "goto": TARGETS})


def node(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    """A node of a kind with its needed keys and some of the others."""
    needed: dict[str, Any] = {"kind": st.just(kind)}
    more: dict[str, Any] = {"on_error": TARGETS}
    if kind not in {"hangup", "menu", "branch", "hours", "subflow", "goto", "return"}:
        needed["next"] = TARGETS
    if kind in {"set", "tag", "loop", "language", "branch", "goto", "return", "hangup"}:
        more = {}
    own: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
        "play": ({"prompt": st.just(["x"])}, {"barge_in": st.booleans()}),
        "say": ({"value": EXPRS, "as": st.sampled_from(["number", "money", "text"])}, {}),
        "menu": (
            {"prompt": st.just("ask"), "choices": st.dictionaries(st.sampled_from("12*0"), KEY_TARGETS, min_size=1)},
            {"no_input": MISSES, "wrong_input": MISSES, "keys": st.booleans()},
        ),
        "gather": (
            {"prompt": st.just("ask"), "into": st.just("a"), "max": st.integers(3, 8)},
            {
                "valid": EXPRS,
                "confirm": st.just({"prompt": ["ok", {"say": "value", "as": "digits"}]}),
                "check": st.just({"lookup": "known", "valid": "result.x = 1"}),
                "no_input": MISSES,
                "wrong_input": MISSES,
            },
        ),
        "set": ({"values": st.fixed_dictionaries({"a": EXPRS})}, {}),
        "branch": (
            {
                "cases": st.lists(st.fixed_dictionaries({"when": EXPRS, "goto": TARGETS}), min_size=1, max_size=3),
                "otherwise": TARGETS,
            },
            {},
        ),
        "lookup": (
            {"lookup": st.just("known")},
            {
                "into": st.just("a"),
                "identifies": st.fixed_dictionaries({"when": EXPRS, "as": EXPRS, "refused": TARGETS}),
            },
        ),
        "hours": ({"hours": st.just("usual"), "open": TARGETS, "closed": TARGETS}, {"holiday": TARGETS}),
        "notice": ({"notice": st.just("storm")}, {"none": TARGETS, "shut": TARGETS}),
        "subflow": (
            {"flow": st.sampled_from(["main", "other", "nowhere"])},
            {"next": TARGETS, "outputs": st.just({"a": "a"})},
        ),
        "loop": ({"times": st.integers(1, 4), "body": TARGETS}, {"over": EXPRS, "index": st.just("a")}),
        "goto": ({"to": TARGETS}, {}),
        "return": ({}, {"exit": st.sampled_from(["done", "other"])}),
        "hangup": ({}, {"prompt": PIECES}),
        "record": ({"name": st.just("x"), "into": st.just("a")}, {"too_short": TARGETS, "prompt": PIECES}),
        "record_call": ({"prompt": st.just("x")}, {"stop": st.booleans()}),
        "voicemail": ({"box": st.just("x")}, {"number": EXPRS}),
        "queue": ({"queue": st.just("service")}, {"timeout": TARGETS, "priority": EXPRS, "recorded": PIECES}),
        "callback": ({"queue": st.just("service")}, {"number": EXPRS}),
        "transfer": ({"number": EXPRS}, {"busy": TARGETS}),
        "fax_send": ({"document": st.just("bill")}, {"number": EXPRS, "failed": TARGETS}),
        "fax_receive": ({"name": st.just("x")}, {"into": st.just("a")}),
        "survey": (
            {"survey": st.just("x"), "prompt": st.just("x"), "answers": st.just({"1": "好"})},
            {"into": st.just("a")},
        ),
        "start_process": ({"process": st.just("x")}, {"business_key": EXPRS, "into": st.just("a")}),
        "message": (
            {"message": st.just("x"), "correlation": st.fixed_dictionaries({"id": EXPRS})},
            {"nobody": TARGETS},
        ),
        "sms": ({"text": EXPRS}, {"to": EXPRS}),
        "webhook": ({"webhook": st.just("x")}, {"into": st.just("a"), "on_timeout": TARGETS}),
        "tag": ({"tags": st.fixed_dictionaries({"a": EXPRS})}, {}),
        "language": ({"to": st.sampled_from(["zh", "en"])}, {}),
        "answer": ({}, {}),
    }
    mine, others = own[kind]
    return st.fixed_dictionaries({**needed, **mine}, optional={**more, **others})


ANY_NODE = st.one_of([node(kind) for kind in VERBS])


@st.composite
def flows(draw: st.DrawFn) -> FlowSet:
    """Two flows and defaults."""
    files: dict[str, bytes | str] = {}
    for name in ("main", "other"):
        handlers = draw(st.fixed_dictionaries({}, optional={"on_error": TARGETS, "on_hangup": TARGETS}))
        flow = {
            "flow": name,
            "title": "流程",
            "title_en": "Flow",
            "start": "first",
            "exits": ["done", "other"],
            "outputs": ["a"],
            "inputs": {"a": 1},
            "keys": draw(st.dictionaries(st.sampled_from("09*#"), KEY_TARGETS, max_size=3)),
            "nodes": {name: draw(ANY_NODE) for name in NAMES},
            **handlers,
        }
        files[f"{name}.yaml"] = orjson.dumps(flow)
    files["defaults.yaml"] = orjson.dumps({"on_error": "flow:other", "on_hangup": "flow:main"})
    return load_set(files)


RESULTS = st.one_of(
    st.fixed_dictionaries(
        {},
        optional={
            "outcome": st.sampled_from(["answered", "timeout", "busy", "failed", "key", "sent", 7]),
            "state": st.sampled_from(["open", "closed", "holiday", "shut", None]),
            "notices": st.sampled_from([[{"text": "停电"}], [], None, [7], "x"]),
            "file": st.just("a.wav"),
            "seconds": st.sampled_from([0, 5, "x", True]),
            "digits": st.sampled_from(["", "1", "12345678", 7]),
            "x": st.integers(0, 1),
            "key": st.sampled_from(["1", "9"]),
        },
    ),
    st.dictionaries(
        st.text(max_size=3), st.one_of(st.none(), st.floats(), st.integers(), st.text(max_size=5)), max_size=3
    ),
)
EVENTS = st.one_of(
    st.builds(Done, result=RESULTS),
    st.builds(Failed, error=st.sampled_from(["timeout", "unavailable", ""])),
    st.builds(Digits, value=st.text("0123456789*#x", max_size=12), terminator=st.sampled_from(["", "#", "*", "9"])),
    st.just(NoInput()),
    st.builds(WrongInput, value=st.text(max_size=4)),
)


def ended_or_waiting(state: State, commands: tuple[Command, ...]) -> bool:
    """A step ends the call or waits for exactly the command that it gave last."""
    waits = [command for command in commands if command.waits]
    if state.ended:
        return not waits and not state.pending
    return len(waits) == 1 and waits[0] is commands[-1] and waits[0].id == state.pending


@settings(max_examples=300, deadline=None)
@given(flows=flows(), events=st.lists(EVENTS, max_size=25), hangup_at=st.integers(0, 25))
def test_any_flow_goes_on_or_ends_and_a_hangup_ends_it(flows: FlowSet, events: list[Event], hangup_at: int) -> None:
    lint(flows, Known())
    state, commands = machine.begin(flows, "main", {"number": "1"}, NOW)
    assert ended_or_waiting(state, commands)
    for place, event in enumerate(events):
        if place == hangup_at:
            break
        before = state
        state, commands = machine.step(flows, state, event, NOW)
        assert State.from_json(orjson.loads(orjson.dumps(state.to_json()))) == state
        assert len(commands) <= 3 * (MAX_SILENT + 2)
        assert ended_or_waiting(state, commands) or (not commands and state == before)
    state, _commands = machine.step(flows, state, Hangup(), NOW)
    for _count in range(2 * MAX_SILENT + 20):
        if state.ended:
            break
        state, commands = machine.step(flows, state, Done(result={"outcome": "queued", "x": 1}), NOW)
        assert ended_or_waiting(state, commands)
    assert state.ended
