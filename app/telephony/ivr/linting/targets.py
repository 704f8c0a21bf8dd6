"""Where exits lead: missing nodes, flows and exits; what nothing leads to."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _

from app.telephony.ivr.flow import Flow, FlowSet, Target
from app.telephony.ivr.linting.walking import exits_of, finding, parts, reachable, starts_of
from app.telephony.ivr.problems import Problem


def check(flows: FlowSet) -> Iterator[Problem]:
    """Every flow of the set."""
    for flow in flows:
        yield from _start(flow)
        yield from _targets(flows, flow)
        yield from _unreachable(flows, flow)
        yield from _handlers(flows, flow)
    yield from _defaults(flows)
    yield from _unused(flows)


def _start(flow: Flow) -> Iterator[Problem]:
    if flow.start not in flow.nodes:
        yield finding(flow, None, "missing_target", _("start: there is no node %(name)s", name=flow.start))


def _targets(flows: FlowSet, flow: Flow) -> Iterator[Problem]:
    for node in flow.nodes.values():
        for found in exits_of(flows, flow, node):
            why = _wrong(flows, flow, found.target)
            if why and found.own:
                yield finding(flow, node, "missing_target", f"{found.label}: {why}")
            if found.target.kind == "return" and flow.entry:
                message = _("a call begins in this flow: nobody is there to return to")
                yield finding(flow, node, "return", message, "warning")


def _wrong(flows: FlowSet, flow: Flow, target: Target) -> str:
    match target:
        case Target("node", name) if name not in flow.nodes:
            return str(_("there is no node %(name)s", name=name))
        case Target("flow", name) if name not in flows:
            return str(_("there is no flow %(name)s", name=name))
        case Target("return", name) if name not in flow.exits:
            return str(_("%(name)s is not among the exits of this flow", name=name))
        case _:
            return ""


def _unreachable(flows: FlowSet, flow: Flow) -> Iterator[Problem]:
    reached = reachable(flows, flow, starts_of(flow))
    for node in flow.nodes.values():
        if node.name not in reached:
            yield finding(flow, node, "unreachable", _("nothing leads to this node"))


def _handlers(flows: FlowSet, flow: Flow) -> Iterator[Problem]:
    handlers = flow.handlers
    named = {"on_error": handlers.on_error, "on_hangup": handlers.on_hangup}
    named |= {f"keys.{key}": target for key, target in handlers.keys.items()}
    named |= {key: misses.goto for key in ("no_input", "wrong_input") if (misses := getattr(handlers, key))}
    for place, target in named.items():
        why = _wrong(flows, flow, target) if target is not None else ""
        if why:
            yield finding(flow, None, "missing_target", f"{place}: {why}")


def _defaults(flows: FlowSet) -> Iterator[Problem]:
    defaults = flows.defaults
    targets = [*defaults.keys.values(), defaults.on_error, defaults.on_hangup]
    targets += [misses.goto for misses in (defaults.no_input, defaults.wrong_input) if misses is not None]
    for target in targets:
        if target is not None and target.kind == "flow" and target.name not in flows:
            message = _("there is no flow %(name)s", name=target.name)
            yield Problem("defaults.yaml", "", "missing_target", "error", message)


def _unused(flows: FlowSet) -> Iterator[Problem]:
    named = {
        found.target.name for flow in flows for node in flow.nodes.values() for found in exits_of(flows, flow, node)
    }
    named |= {node.spec["flow"] for flow in flows for node in flow.nodes.values() if node.kind == "subflow"}
    handlers = [flows.defaults, *(flow.handlers for flow in flows)]
    named |= {target.name for target in parts(handlers, Target) if target.kind == "flow"}
    for flow in flows:
        if not flow.entry and flow.name not in named:
            message = _("no call begins in this flow and no other flow leads to it")
            yield finding(flow, None, "unused_flow", message, "warning")
    if len(flows.flows) > 0 and not any(flow.entry for flow in flows):
        first = next(iter(flows))
        message = _("no flow is marked as one that a call begins in (entry: true)")
        yield finding(first, None, "no_entry", message, "warning")
