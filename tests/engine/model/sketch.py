"""What a random diagram consists of, and its BPMN. The model reads the sketch, the engine the XML.

A choice is made by a person: a user task sets `take` to the ids of the flows to be taken,
and the conditions right behind it ask whether their flow is among them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.engine import diagrams as xml


@dataclass
class Flow:
    """A sequence flow. `chosen` ones have a condition: they are taken where the person says so."""

    id: str
    source: str
    target: str
    chosen: bool = False


@dataclass
class Node:
    """One element.

    `kind` is start, end, terminate, error, escalation, throw, catch (of a signal), message,
    timer, user, task, subprocess, call, handler (an event subprocess), boundary, or a
    gateway's (exclusive ...). `hours` is a timer's duration; `trigger` what a boundary event
    or the start event of a handler waits for (timer, message, signal, error, escalation),
    `host` the event's activity; `runs` the number of runs of a multi-instance
    activity (0: none); `default` the flow taken when nothing else is.
    """

    id: str
    kind: str
    hours: int = 0
    trigger: str = ""
    host: str = ""
    interrupting: bool = True
    runs: int = 0
    sequential: bool = False
    default: str = ""
    inner: Scope | None = None


@dataclass
class Scope:
    """A process or the inside of a subprocess."""

    nodes: dict[str, Node] = field(default_factory=dict)
    flows: dict[str, Flow] = field(default_factory=dict)

    def add(self, node: Node) -> str:
        self.nodes[node.id] = node
        return node.id

    def connect(self, source: str, target: str, *, chosen: bool = False) -> str:
        flow = Flow(f"{source}-{target}-{len(self.flows)}".replace("-", "__"), source, target, chosen)
        self.flows[flow.id] = flow
        return flow.id

    def outgoing(self, node_id: str) -> list[Flow]:
        return [flow for flow in self.flows.values() if flow.source == node_id]

    def incoming(self, node_id: str) -> list[Flow]:
        return [flow for flow in self.flows.values() if flow.target == node_id]

    def boundaries(self, node_id: str) -> list[Node]:
        return [node for node in self.nodes.values() if node.kind == "boundary" and node.host == node_id]

    def handlers(self) -> list[Node]:
        return [node for node in self.nodes.values() if node.kind == "handler"]

    def start(self) -> Node:
        return next(node for node in self.nodes.values() if node.kind == "start")

    def everything(self) -> list[Node]:
        """Its nodes and those inside them."""
        found = list(self.nodes.values())
        return found + [node for one in found if one.inner is not None for node in one.inner.everything()]

    def text(self, indent: str = "") -> str:
        """For people who read a failure: a line for each node, with where it leads (`?`: by choice)."""
        lines = []
        for node in self.nodes.values():
            unset = Node("", "")
            more = [
                f"{name}={value}"
                for name, value in vars(node).items()
                if name not in {"id", "kind", "inner"} and value != vars(unset)[name]
            ]
            targets = [flow.target + "?" * flow.chosen for flow in self.outgoing(node.id)]
            lines.append(f"{indent}{node.id} {node.kind} {' '.join(more)} -> {', '.join(targets)}")
            lines += [node.inner.text(indent + "    ")] if node.inner is not None else []
        return "\n".join(lines)


def files(process: Scope, key: str) -> dict[str, bytes]:
    """The process and those it calls, as files by name."""
    found = {f"{key}.bpmn": _file(process, key)}
    for node in process.everything():
        if node.kind == "call" and node.inner is not None:
            found |= {f"{called_key(key, node)}.bpmn": _file(node.inner, called_key(key, node), key)}
    return found


def called_key(key: str, node: Node) -> str:
    return f"{key}_{node.id}"


def _file(process: Scope, key: str, root: str = "") -> bytes:
    names = {node.id for node in process.everything()}
    before = (
        xml.error("E")
        + xml.escalation("X")
        + xml.signal("S")
        + "".join(xml.message(f"m_{name}") for name in sorted(names))
    )
    return xml.diagram(_scope(process, root or key), key=key, before=before)


def _scope(scope: Scope, key: str) -> str:
    nodes = "".join(_node(node, key) for node in scope.nodes.values())
    return nodes + "".join(_flow(flow) for flow in scope.flows.values())


def _flow(flow: Flow) -> str:
    condition = f"${{'{flow.id}' in take.flows}}" if flow.chosen else ""
    return xml.flow(flow.source, flow.target, condition, flow.id)


def _node(node: Node, key: str) -> str:
    if node.kind == "start" and node.trigger:
        return xml.start(node.id, _trigger(node), isInterrupting=str(node.interrupting).lower())
    if node.kind == "handler" and node.inner is not None:
        return xml.subprocess(node.id, _scope(node.inner, key), triggeredByEvent="true")
    if node.kind in _EVENTS:
        tag, inner = _EVENTS[node.kind]
        return xml.node(tag, node.id, inner.format(node=node))
    if node.kind in {"exclusive", "parallel", "inclusive", "eventBased"}:
        return xml.gateway(node.id, node.kind, **({"default": node.default} if node.default else {}))
    if node.kind == "boundary":
        return xml.boundary(node.id, node.host, _trigger(node), interrupting=node.interrupting)
    return _activity(node, key)


def _activity(node: Node, key: str) -> str:
    loop = ""
    if node.runs:
        loop = xml.multi_instance(f"${{items[:{node.runs}]}}", f"i_{node.id}", sequential=node.sequential)
    if node.kind == "call":
        return xml.call(node.id, called_key(key, node), '<camunda:in variables="all"/><camunda:out variables="all"/>')
    if node.inner is not None:
        return xml.subprocess(node.id, loop, _scope(node.inner, key))
    return xml.user(node.id, loop) if node.kind == "user" else xml.node("task", node.id)


_EVENTS = {
    "start": ("startEvent", ""),
    "end": ("endEvent", ""),
    "terminate": ("endEvent", "<bpmn:terminateEventDefinition/>"),
    "error": ("endEvent", xml.on_error("E")),
    "escalation": ("intermediateThrowEvent", xml.on_escalation("X")),
    "throw": ("intermediateThrowEvent", xml.on_signal("S")),
    "catch": ("intermediateCatchEvent", xml.on_signal("S")),
    "message": ("intermediateCatchEvent", xml.on_message("m_{node.id}")),
    "timer": ("intermediateCatchEvent", xml.timer("PT{node.hours}H")),
}


def _trigger(node: Node) -> str:
    match node.trigger:
        case "timer":
            return xml.timer(f"PT{node.hours}H")
        case "message":
            return xml.on_message(f"m_{node.id}")
        case "signal":
            return xml.on_signal("S")
        case "error":
            return xml.on_error("E")
        case "escalation":
            return xml.on_escalation("X")
    raise ValueError(node.trigger)
