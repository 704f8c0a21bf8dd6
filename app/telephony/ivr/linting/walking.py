"""Going through what a flow consists of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar

from app.telephony.ivr.expressions import Expr
from app.telephony.ivr.flow import Exit, Flow, FlowSet, Handlers, Misses, Node, PromptChoice, PromptRef, Target
from app.telephony.ivr.problems import Problem, Severity
from app.telephony.ivr.verbs import VERBS

PartT = TypeVar("PartT")


def parts(value: Any, kind: type[PartT]) -> Iterator[PartT]:
    """Everything of a kind inside a node's spec."""
    if isinstance(value, kind):
        yield value
    if isinstance(value, Mapping):
        for item in value.values():
            yield from parts(item, kind)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from parts(item, kind)
    elif is_dataclass(value) and not isinstance(value, (type, Target, Expr)):
        for entry in fields(value):
            yield from parts(getattr(value, entry.name), kind)


def exits_of(flows: FlowSet, flow: Flow, node: Node) -> tuple[Exit, ...]:
    """Every way out of a node."""
    return VERBS[node.kind].exits(node, flow, flows)


def misses_in(handlers: Handlers) -> Iterator[Misses]:
    """The counters of a flow or of the defaults."""
    yield from (misses for misses in (handlers.no_input, handlers.wrong_input) if misses is not None)


def prompt_keys(value: Any) -> Iterator[str]:
    """Keys of prompts that a part may play."""
    yield from (ref.key for ref in parts(value, PromptRef))
    for choice in parts(value, PromptChoice):
        yield from choice.one_of


def starts_of(flow: Flow) -> list[str]:
    """Nodes where a walk through the flow may begin: its start, and what its handlers name."""
    handlers = (flow.handlers.on_error, flow.handlers.on_hangup)
    return [flow.start, *(target.name for target in handlers if target is not None and target.kind == "node")]


def reachable(flows: FlowSet, flow: Flow, starts: list[str]) -> set[str]:
    """Names of nodes that can be reached within the flow."""
    seen: set[str] = set()
    waiting = [name for name in starts if name in flow.nodes]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        for found in exits_of(flows, flow, flow.nodes[name]):
            if found.target.kind == "node" and found.target.name in flow.nodes:
                waiting.append(found.target.name)
    return seen


def finding(flow: Flow, node: Node | None, rule: str, message: str, severity: Severity = "error") -> Problem:
    """A problem at a node, or at the flow itself."""
    return Problem(flow.file, node.name if node else "", rule, severity, str(message), node.line if node else 1)
