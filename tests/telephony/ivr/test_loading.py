"""Flow files: what is refused, and where it is said to stand."""

from __future__ import annotations

import pytest

from app.telephony.ivr.loading import load_defaults, load_flow, load_set
from app.telephony.ivr.problems import BadFlow
from app.telephony.ivr.reading import MAX_BYTES, read
from tests.telephony.ivr.flows import head


def refused(text: str) -> list[tuple[str, int, str]]:
    with pytest.raises(BadFlow) as caught:
        load_flow(text, "main.yaml")
    return [(problem.element, problem.line, problem.message) for problem in caught.value.problems]


def test_every_mistake_is_told_with_its_node_and_line() -> None:
    text = head(
        "main",
        """nodes:
  first:
    kind: play
    prompt: hello
    net: hangup
  second: {kind: dance}
  third:
    kind: menu
    prompt: ask
    choices:
      "1": {goto: nowhere, when: "1 +"}
      "a": hangup
  repeat: {kind: hangup}
""",
    )
    found = {(element, line) for element, line, _message in refused(text)}
    assert found >= {("first", 9), ("first", 6), ("second", 10), ("third", 15), ("third", 16), ("repeat", 17)}


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("a: 1\na: 2", "duplicate_key"),
        ("a: &x [1]\nb: *x", "anchor"),
        ("a: *", "yaml"),
        ("a: !!python/object:os.system x", "tag"),
        ("<<: {a: 1}", "key"),
        ("[1, 2]: 3", "key"),
        ("a: [" * 30 + "]" * 30, "too_deep"),
        ("a: " + "x" * MAX_BYTES, "too_large"),
        ("a: [" + "1," * 50_000 + "]", "too_large"),
        ("a: [", "yaml"),
        (b"a: \xff", "encoding"),
    ],
)
def test_dangerous_and_broken_yaml_is_refused(text: str | bytes, rule: str) -> None:
    with pytest.raises(BadFlow) as caught:
        read(text, "x.yaml")
    assert caught.value.problems[0].rule == rule


def test_only_true_and_false_are_truth_values_and_dates_are_words() -> None:
    text = "no: yes\non: off\nd: 2026-03-02\nt: true\nn: 010\ni: 12\nf: 1.5\ne: null\ns: 1:30"
    assert read(text, "x").value == {
        "no": "yes", "on": "off", "d": "2026-03-02", "t": True, "n": "010", "i": 12, "f": 1.5, "e": None, "s": "1:30",
    }  # fmt: skip


@pytest.mark.parametrize("text", ["", "[]", "7", "nodes: 7", "flow: x\nnodes: {a: 7}", "nodes: {a: {kind: [1]}}"])
def test_a_file_that_is_something_else_is_refused_and_nothing_raises(text: str) -> None:
    assert refused(text)


@pytest.mark.parametrize(
    "node",
    [
        "{kind: gather, prompt: a, into: x, min: 5, max: 4, next: hangup}",
        "{kind: gather, prompt: a, into: x, max: 4, pattern: '(', next: hangup}",
        "{kind: gather, prompt: a, into: call, max: 4, next: hangup}",
        "{kind: gather, prompt: a, into: x, max: 4, next: hangup, confirm: {prompt: a, yes: '1', no: '1'}}",
        "{kind: gather, prompt: a, into: x, max: 999, next: hangup}",
        "{kind: play, prompt: [], next: hangup}",
        "{kind: play, prompt: {say: 1}, next: hangup}",
        "{kind: play, prompt: a, next: back}",
        "{kind: play, prompt: a, next: flow:}",
        "{kind: play, prompt: a, barge_in: off, next: hangup}",
        "{kind: transfer, number: '1', mode: bridge}",
        "{kind: transfer, number: '1', mode: blind, busy: hangup}",
        "{kind: loop, times: 3, body: a, next: hangup, item: x}",
        "{kind: lookup, lookup: 'a b', next: hangup}",
        "{kind: set, values: {a: {b: 1}}, next: hangup}",
        "{kind: branch, cases: [], otherwise: hangup}",
        "{kind: queue, queue: service, max_wait: true, next: hangup}",
        "{kind: sms, text: 'a +', next: hangup}",
    ],
)
def test_nodes_that_make_no_sense_are_refused(node: str) -> None:
    assert refused(head("main", f"nodes:\n  first: {node}"))


def test_defaults_lead_to_flows_only() -> None:
    with pytest.raises(BadFlow):
        load_defaults("on_error: somewhere", "defaults.yaml")


def test_a_flow_stands_in_one_file() -> None:
    text = head("main", "nodes: {first: {kind: hangup}}")
    with pytest.raises(BadFlow, match="main"):
        load_set({"a.yaml": text, "b.yaml": text})
