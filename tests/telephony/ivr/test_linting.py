"""The linter: one flow for each thing that it finds, and one that it leaves in peace."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest
from marshmallow import Schema, fields

from app.kernel.registry import Lookup
from app.telephony.ivr.linting import Known, lint
from tests.telephony.ivr.flows import DEFAULTS, flow_set, flow_set_of


class Inputs(Schema):
    account = fields.String(required=True)


def nothing(*, now: datetime, **_inputs: Any) -> Mapping[str, Any]:
    return {"at": now}


KNOWN = Known(
    prompts={"zh": frozenset({"a", "b", "no_input", "wrong_input"}), "en": frozenset({"a", "no_input", "wrong_input"})},
    lookups={
        "bill": Lookup("bill", "账单", "Bill", nothing, Inputs, personal=True),
        "check": Lookup("check", "核对", "Check", nothing),
        "telephony.hours": Lookup("telephony.hours", "时间", "Hours", nothing),
    },
    processes=frozenset({"fault"}),
    messages=frozenset({"told"}),
    queues=frozenset({"service"}),
)


def found(text: str, known: Known = KNOWN, defaults: str = DEFAULTS, **more: str) -> set[tuple[str, str]]:
    flows = (
        flow_set_of(text, defaults) if text.lstrip().startswith("entry") else flow_set(text, defaults=defaults, **more)
    )
    return {(problem.element, problem.rule) for problem in lint(flows, known) if problem.rule != "unused_prompt"}


@pytest.mark.parametrize(
    ("nodes", "wanted"),
    [
        ("  first: {kind: play, prompt: a, next: nowhere}", ("first", "missing_target")),
        ("  first: {kind: goto, to: flow:nowhere}", ("first", "missing_target")),
        ("  first: {kind: goto, to: return:nowhere}", ("first", "missing_target")),
        ("  other: {kind: hangup}", ("", "missing_target")),
        ("  first: {kind: hangup}\n  lost: {kind: hangup}", ("lost", "unreachable")),
        ("  first: {kind: play, prompt: c, next: hangup}", ("first", "unknown_prompt")),
        ("  first: {kind: play, prompt: b, next: hangup}", ("first", "unknown_prompt")),
        ("  first: {kind: lookup, lookup: none, next: hangup}", ("first", "unknown_lookup")),
        ("  first: {kind: lookup, lookup: bill, next: hangup}", ("first", "missing_input")),
        ("  first: {kind: lookup, lookup: bill, inputs: {x: 1, account: 1}, next: hangup}", ("first", "unknown_input")),
        ("  first: {kind: start_process, process: x, next: hangup}", ("first", "unknown_process")),
        ("  first: {kind: message, message: x, correlation: {a: 1}, next: hangup}", ("first", "unknown_message")),
        ("  first: {kind: queue, queue: x, next: hangup}", ("first", "unknown_queue")),
        ("  first: {kind: set, values: {a: b + 1}, next: hangup}", ("first", "never_set")),
        ("  first: {kind: subflow, flow: nowhere, next: hangup}", ("first", "missing_target")),
        ("  first: {kind: set, values: {a: '1'}, next: first}", ("first", "endless")),
        ("  first: {kind: play, prompt: a, next: second}\n  second: {kind: goto, to: first}", ("first", "endless")),
        (
            "  first: {kind: menu, prompt: a, choices: {'1': hangup}, no_input: {goto: first}}",
            ("first", "endless"),
        ),
        ("  first: {kind: lookup, lookup: check, next: hangup, on_error: first}", ("first", "endless")),
        ("  first: {kind: goto, to: flow:main}", ("first", "endless")),
        (
            "  first: {kind: lookup, lookup: bill, inputs: {account: identified}, next: hangup}",
            ("first", "not_identified"),
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_found(nodes: str, wanted: tuple[str, str]) -> None:
    assert wanted in found(nodes)


def test_missing_exits_are_found_where_neither_node_nor_flow_nor_defaults_state_them() -> None:
    nodes = "  first: {kind: menu, prompt: a, choices: {'1': hangup}}"
    assert ("first", "missing_exit") in found(nodes, defaults="{}")
    assert found(nodes) == set()


def test_subflows_are_held_against_what_they_offer() -> None:
    inner = """inputs: {x: 1}
exits: [done, lost]
nodes:
  first: {kind: branch, cases: [{when: x = 1, goto: return}], otherwise: return:lost}
"""
    node = """
  first: {kind: subflow, flow: inner, inputs: {y: '1'}, outputs: {a: z}, exits: {other: hangup}, next: hangup}
"""
    assert {rule for _element, rule in found(node, inner=inner)} == {
        "missing_exit", "unknown_exit", "unknown_input", "unknown_output",
    }  # fmt: skip


def test_subflows_that_call_each_other_are_found() -> None:
    assert ("", "recursion") in found(
        "  first: {kind: subflow, flow: inner, next: hangup}",
        inner="nodes:\n  first: {kind: subflow, flow: main, next: return}",
    )


def test_a_loop_through_a_subflow_is_endless_only_where_that_can_be_passed_without_a_key() -> None:
    nodes = "  first: {kind: subflow, flow: inner, next: first}"
    silent = "nodes:\n  first: {kind: play, prompt: a, next: return}"
    asking = "nodes:\n  first: {kind: menu, prompt: a, choices: {'1': return}}"
    assert ("first", "endless") in found(nodes, inner=silent)
    assert ("first", "endless") not in found(nodes, inner=asking)


def test_bounded_rounds_are_no_endless_loop() -> None:
    assert (
        found("""
  first: {kind: loop, times: 3, body: again, next: hangup}
  again: {kind: play, prompt: a, next: first}
""")
        == set()
    )


IDENTIFY = """
  first: {kind: lookup, lookup: check, identifies: {when: result.ok, as: result.account, refused: %s}, next: bill}
  bill: {kind: lookup, lookup: bill, inputs: {account: identified}, next: hangup}
"""


def test_personal_lookups_are_allowed_behind_an_identification_only() -> None:
    assert found(IDENTIFY % "hangup") == set()
    assert found(IDENTIFY % "bill") == {("bill", "not_identified")}


def test_a_branch_that_asks_whether_somebody_is_identified_is_understood() -> None:
    nodes = """
  first: {kind: branch, cases: [{when: identified = null, goto: hangup}], otherwise: bill}
  bill: {kind: lookup, lookup: bill, inputs: {account: identified}, next: hangup}
"""
    assert found(nodes) == set()
    assert found(nodes.replace("identified = null", "language = null")) == {("bill", "not_identified")}


def test_identification_is_followed_through_subflows() -> None:
    nodes = """
  first: {kind: subflow, flow: identify, exits: {refused: %s}, next: bill}
  bill: {kind: subflow, flow: bills, next: hangup}
"""
    identify = """exits: [done, refused]
nodes:
  first: {kind: branch, cases: [{when: identified != null, goto: return}], otherwise: ask}
  ask:
    kind: lookup
    lookup: check
    identifies: {when: result.ok, as: result.a, refused: "return:refused"}
    next: return
"""
    bills = "nodes:\n  first: {kind: lookup, lookup: bill, inputs: {account: identified}, next: return}"
    assert found(nodes % "hangup", identify=identify, bills=bills) == set()
    assert found(nodes % "bill", identify=identify, bills=bills) == {("first", "not_identified")}


def test_a_personal_lookup_for_what_was_typed_is_doubtful() -> None:
    nodes = (IDENTIFY % "hangup").replace("account: identified", "account: '\"1001\"'")
    assert found(nodes) == {("bill", "other_subject")}


def test_prompts_that_nothing_plays_are_found() -> None:
    flows = flow_set("  first: {kind: play, prompt: a, next: hangup}")
    unused = {(problem.file, problem.element) for problem in lint(flows, KNOWN) if problem.rule == "unused_prompt"}
    assert unused == {("prompts/zh.yaml", "b")}


def test_a_handler_of_hangups_that_needs_a_caller_is_found() -> None:
    text = (
        "entry: true\non_hangup: after\nnodes:\n  first: {kind: hangup}\n  after: {kind: play, prompt: a, next: hangup}"
    )
    assert found(text) == {("after", "needs_caller")}
