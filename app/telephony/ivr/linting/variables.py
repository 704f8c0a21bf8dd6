"""Variables that nothing sets, inputs and outputs that a subflow does not have."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _

from app.telephony.ivr.expressions import Expr
from app.telephony.ivr.fields import BUILTINS
from app.telephony.ivr.flow import Flow, FlowSet, Node
from app.telephony.ivr.linting.walking import finding, misses_in, parts
from app.telephony.ivr.problems import Problem
from app.telephony.ivr.verbs import VERBS


def check(flows: FlowSet) -> Iterator[Problem]:
    """Every flow of the set."""
    for flow in flows:
        sets = set_in(flow)
        for node in flow.nodes.values():
            yield from _never_set(flow, node, sets)
            if node.kind == "subflow" and node.spec["flow"] in flows:
                yield from _interface(flow, node, flows[node.spec["flow"]])
        yield from _handlers(flow, sets)
        for name in flow.outputs:
            if name not in sets:
                yield finding(flow, None, "never_set", _("output %(name)s is never set", name=name))


def set_in(flow: Flow) -> set[str]:
    """Variables that a flow sets anywhere."""
    own = {name for node in flow.nodes.values() for name in VERBS[node.kind].sets(node)}
    return own | set(flow.inputs) | set(flow.variables)


def _never_set(flow: Flow, node: Node, sets: set[str]) -> Iterator[Problem]:
    names = {name for expr in parts(node.spec, Expr) for name in expr.names}
    for name in sorted(names - sets - BUILTINS - VERBS[node.kind].local_names):
        yield finding(flow, node, "never_set", _("variable %(name)s is never set", name=name))


def _handlers(flow: Flow, sets: set[str]) -> Iterator[Problem]:
    names = {name for misses in misses_in(flow.handlers) for expr in parts(misses, Expr) for name in expr.names}
    for name in sorted(names - sets - BUILTINS):
        yield finding(flow, None, "never_set", _("variable %(name)s is never set", name=name))


def _interface(flow: Flow, node: Node, called: Flow) -> Iterator[Problem]:
    for name in node.spec["inputs"]:
        if name not in called.inputs:
            message = _("%(flow)s has no input %(name)s", flow=called.name, name=name)
            yield finding(flow, node, "unknown_input", message)
    for name in node.spec["outputs"].values():
        if name not in called.outputs:
            message = _("%(flow)s has no output %(name)s", flow=called.name, name=name)
            yield finding(flow, node, "unknown_output", message)
