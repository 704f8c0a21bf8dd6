"""Loops that a call could run through for ever without the caller doing anything, and subflows without end."""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from flask_babel import gettext as _

from app.telephony.ivr.flow import Exit, Flow, FlowSet, Node
from app.telephony.ivr.linting.walking import exits_of, finding
from app.telephony.ivr.problems import Problem
from app.telephony.ivr.verbs import VERBS
from app.telephony.ivr.verbs.subflow import label_of

MOST = 20
"""Loops told of at once."""

Place = tuple[str, str]
"""A flow and a node."""


def check(flows: FlowSet) -> Iterator[Problem]:
    """The whole set: a loop may lead through several flows."""
    yield from _recursion(flows)
    passes = _silent_returns(flows)
    graph = {
        (flow.name, node.name): _after(flows, flow, node, passes) for flow in flows for node in flow.nodes.values()
    }
    for loop in _loops(graph):
        flow_name, node_name = min(loop)
        flow = flows[flow_name]
        way = " → ".join(name if place == flow_name else f"{place}/{name}" for place, name in loop)
        message = _("endless without the caller doing anything: %(way)s", way=way)
        yield finding(flow, flow.nodes[node_name], "endless", message)


def _after(flows: FlowSet, flow: Flow, node: Node, passes: dict[str, set[str]]) -> set[Place]:
    """Where a call may be next without the caller doing anything."""
    places: set[Place] = set()
    for found in exits_of(flows, flow, node):
        if not _silent(node, found, passes):
            continue
        target = found.target
        if target.kind == "node" and target.name in flow.nodes:
            places.add((flow.name, target.name))
        elif target.kind == "flow" and target.name in flows and flows[target.name].start in flows[target.name].nodes:
            places.add((target.name, flows[target.name].start))
    if node.kind == "subflow" and (called := flows.flows.get(node.spec["flow"])) and called.start in called.nodes:
        places.add((called.name, called.start))
    return places


def _silent(node: Node, found: Exit, passes: dict[str, set[str]]) -> bool:
    if found.kind == "error" and not found.own:
        return False  # a call meets few errors before it is hung up
    if node.kind == "subflow" and found.kind != "error":
        return found.label in {label_of(name) for name in passes.get(node.spec["flow"], set())}
    return VERBS[node.kind].silent(found, node)


def _silent_returns(flows: FlowSet) -> dict[str, set[str]]:
    """By flow, the exits by which it may return without the caller having done anything."""
    passes: dict[str, set[str]] = {flow.name: set() for flow in flows}
    changed = True
    while changed:
        changed = False
        for flow in flows:
            found = _returns(flows, flow, passes)
            changed |= found != passes[flow.name]
            passes[flow.name] = found
    return passes


def _returns(flows: FlowSet, flow: Flow, passes: dict[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = [flow.start] if flow.start in flow.nodes else []
    exits: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        for found in exits_of(flows, flow, flow.nodes[name]):
            if not _silent(flow.nodes[name], found, passes):
                continue
            if found.target.kind == "return":
                exits.add(found.target.name)
            elif found.target.kind == "node" and found.target.name in flow.nodes:
                waiting.append(found.target.name)
    return exits


def _loops(graph: dict[Place, set[Place]]) -> Iterator[list[Place]]:
    """Loops one after another, each cut open where it was found."""
    graph = {place: set(after) for place, after in graph.items()}
    for _count in range(MOST):
        try:
            TopologicalSorter(graph).prepare()
            return
        except CycleError as error:
            backwards: list[Place] = error.args[1]
            loop = backwards[::-1]  # graphlib's edges are "needs", ours "leads to"
            loop = loop if loop[1] in graph[loop[0]] else loop[::-1]
            yield loop
            graph[loop[0]].discard(loop[1])


def _recursion(flows: FlowSet) -> Iterator[Problem]:
    calls = {
        flow.name: {node.spec["flow"] for node in flow.nodes.values() if node.kind == "subflow"} & set(flows.flows)
        for flow in flows
    }
    try:
        TopologicalSorter(calls).prepare()
    except CycleError as error:
        loop: list[str] = error.args[1]
        message = _("subflows call each other without end: %(way)s", way=" → ".join(loop))
        yield finding(flows[loop[0]], None, "recursion", message)
