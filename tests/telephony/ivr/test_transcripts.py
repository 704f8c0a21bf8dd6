"""Transcripts: what holds passes, and what does not hold says why."""

from __future__ import annotations

from typing import Any

import pytest

from app.telephony.ivr.transcripts.coverage import covered, play_all
from app.telephony.ivr.transcripts.matching import part_of
from app.telephony.ivr.transcripts.playing import Outcome
from tests.telephony.ivr.flows import flow_set_of

NODES = """entry: true
nodes:
  first: {kind: answer, next: menu}
  menu:
    kind: menu
    prompt: ask
    choices: {"1": number, "2": agent}
  number: {kind: gather, prompt: number, into: account, min: 3, max: 6, next: look}
  look: {kind: lookup, lookup: bill, inputs: {account: account}, into: bill, next: tell, on_error: agent}
  tell: {kind: play, prompt: [amount, {say: bill.amount, as: money}], next: message}
  message: {kind: record, name: said, into: said, next: start}
  start: {kind: start_process, process: fault, data: {account: account}, into: started, next: hangup}
  agent: {kind: queue, queue: service, next: hangup}
transcripts:
"""

GOOD = """
  - name: 全程
    lookups: {bill: [{amount: 12.5}]}
    steps:
      - wait: true
      - expect: {play: [no_input, ask], node: menu}
      - press: 1123#
      - expect:
          lookup: {name: bill, inputs: {account: "123"}}
          play: [amount, {say: 12.5, as: money}]
          waits_for: record
          variables: {account: "123"}
      - record: {seconds: 9}
      - expect: {start_process: {process: fault, data: {account: "123"}}, not_play: [no_input]}
    end: {by: flow, at: start, variables: {started: {business_key: TRIAL-1}}}
  - name: 系统不可用
    lookups: {bill: [{error: unavailable}]}
    steps:
      - press: "1123"
      - wait: true
      - expect: {node: agent}
      - hang_up: true
    end: {by: caller, at: main/agent}
"""


def play(text: str) -> list[Outcome]:
    return play_all(flow_set_of(NODES + text))


def test_good_transcripts_pass_and_tell_what_they_reach() -> None:
    flows = flow_set_of(NODES + GOOD)
    outcomes = play_all(flows)
    assert [outcome.message for outcome in outcomes] == ["", ""]
    reached = covered(flows, flows["main"], outcomes)
    assert reached.missed_nodes == ()
    assert set(reached.missed_exits) == {"menu:key 2", "agent:next"}
    assert reached.percent == pytest.approx(100 * 16 / 18)


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ("[{expect: {play: [other]}}]", "other"),
        ("[{expect: {node: tell}}]", "main/menu"),
        ("[{expect: {not_play: [ask]}}]", "ask"),
        ("[{expect: {variables: {account: 1}}}]", "variables"),
        ("[{expect: {start_process: {}}}]", "start_process"),
        ("[{queue: {outcome: answered}}]", "main/menu"),
        ("[{press: '2'}, {record: {}}]", "queue"),
        ("[{press: '2'}, {press: '1'}]", "1"),
        ("[{press: '2'}, {wait: true}]", "keys"),
        ("[{press: '1123#'}]", "bill"),
        ("[{fail: unavailable}]", "main/menu"),
    ],
)
def test_what_does_not_hold_fails_and_says_why(steps: str, words: str) -> None:
    (outcome,) = play(f"  - {{name: 错, steps: {steps}}}")
    assert words in outcome.message


def test_a_node_may_be_made_to_fail_and_playing_fails_too() -> None:
    nodes = """
start: hello
nodes:
  hello: {kind: play, prompt: ask, on_error: sorry, next: end}
  sorry: {kind: hangup}
  end: {kind: hangup}
transcripts:
"""
    fails = "  - {name: 放音失败, fails: {hello: failed}, end: {at: sorry}}"
    unmet = "  - {name: 走不到, fails: {main/sorry: failed}, end: {at: end}}"
    flows = flow_set_of(nodes + fails + chr(10) + unmet)
    failed, never = play_all(flows)
    assert failed.message == ""
    assert "main/sorry" in never.message
    assert covered(flows, flows["main"], [failed]).missed_exits == ("hello:next",)


@pytest.mark.parametrize("end", ["{by: flow}", "{at: tell}", "{}"])
def test_a_call_that_goes_on_or_ends_elsewhere_fails(end: str) -> None:
    (outcome,) = play(f"  - {{name: 错, steps: [{{expect: {{node: menu}}}}], end: {end}}}")
    assert not outcome.passed


def test_what_a_transcript_expects_is_whole_where_it_is_no_map() -> None:
    cases: list[tuple[Any, Any, bool]] = [
        ({"a": 1}, {"a": 1, "b": 2}, True),
        ({"a": {"b": 1}}, {"a": {"b": 1, "c": 2}}, True),
        ([1], [1, 2], False),
        (True, 1, False),
        ({"a": None}, {}, False),
    ]
    assert [part_of(wanted, found) for wanted, found, _holds in cases] == [holds for *_rest, holds in cases]
