"""Exits that are missing: no input, wrong input, errors, those of subflows."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _

from app.telephony.ivr.flow import Flow, FlowSet, Node
from app.telephony.ivr.linting.walking import exits_of, finding
from app.telephony.ivr.problems import Problem
from app.telephony.ivr.verbs import VERBS
from app.telephony.ivr.verbs.asking import Question
from app.telephony.ivr.verbs.subflow import label_of


def check(flows: FlowSet) -> Iterator[Problem]:
    """Every node of the set."""
    for flow in flows:
        for node in flow.nodes.values():
            yield from _missing(flows, flow, node)
            if node.kind == "subflow":
                yield from _subflow(flows, flow, node)
        yield from _returns(flows, flow)


def _missing(flows: FlowSet, flow: Flow, node: Node) -> Iterator[Problem]:
    verb = VERBS[node.kind]
    labels = {found.label for found in exits_of(flows, flow, node)}
    if isinstance(verb, Question):
        for label, words in (
            ("no_input", _("no exit is stated for callers who press nothing (no_input)")),
            ("wrong_input", _("no exit is stated for callers who press what does not fit (wrong_input)")),
        ):
            if label not in labels:
                yield finding(flow, node, "missing_exit", words)
    ends_on_error = flows.on_error(flow) is not None  # a handler's own errors end the call
    if verb.effect and "error" not in labels and not ends_on_error:
        yield finding(flow, node, "missing_exit", _("no exit is stated for errors (on_error)"))


def _subflow(flows: FlowSet, flow: Flow, node: Node) -> Iterator[Problem]:
    name = node.spec["flow"]
    if name not in flows:
        yield finding(flow, node, "missing_target", _("there is no flow %(name)s", name=name))
        return
    called = flows[name]
    labels = {found.label for found in exits_of(flows, flow, node)}
    for exit_ in called.exits:
        if label_of(exit_) not in labels:
            yield finding(flow, node, "missing_exit", _("the exit %(name)s of the subflow leads nowhere", name=exit_))
    for exit_ in node.spec["exits"]:
        if exit_ not in called.exits:
            yield finding(flow, node, "unknown_exit", _("%(flow)s has no exit %(name)s", flow=name, name=exit_))


def _returns(flows: FlowSet, flow: Flow) -> Iterator[Problem]:
    """An exit that a flow names and no node leaves by; only for flows that return at all."""
    if flow.entry:
        return
    used = {
        found.target.name
        for node in flow.nodes.values()
        for found in exits_of(flows, flow, node)
        if found.target.kind == "return"
    }
    called = any(
        node.kind == "subflow" and node.spec["flow"] == flow.name for one in flows for node in one.nodes.values()
    )
    for exit_ in flow.exits:
        if exit_ not in used and called:
            yield finding(flow, None, "unused_exit", _("no node returns by the exit %(name)s", name=exit_), "warning")
