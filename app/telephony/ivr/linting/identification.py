"""Whether anything personal can be asked before the caller has been identified.

A look-up with `identifies` identifies by its exit `next`; a branch on `identified != null` (or `= null`) knows.
Each flow is looked at as it is entered: by callers who may not be identified, or only by those who are.
"""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _

from app.telephony.ivr.expressions import Expr
from app.telephony.ivr.flow import Exit, Flow, FlowSet, Node
from app.telephony.ivr.linting.known import Known
from app.telephony.ivr.linting.names import asked_by
from app.telephony.ivr.linting.walking import exits_of, finding, parts
from app.telephony.ivr.problems import Problem
from app.telephony.ivr.verbs.subflow import label_of

Context = tuple[str, bool]
"""A flow, and whether everybody who enters it is identified."""

KNOWS = "identified!=null"
KNOWS_NOT = "identified=null"


def check(flows: FlowSet, known: Known) -> Iterator[Problem]:
    """Every personal look-up of the set."""
    if known.lookups is None:
        return
    personal = {name for name, lookup in known.lookups.items() if lookup.personal}
    analysis = _Analysis(flows)
    analysis.run()
    for flow in flows:
        for node in flow.nodes.values():
            for name, _given in asked_by(node):
                if name not in personal:
                    continue
                if analysis.anonymous(flow, node):
                    message = _("look-up %(name)s is personal, and callers come here unidentified", name=name)
                    yield finding(flow, node, "not_identified", message)
                if not any("identified" in expr.names for expr in parts(node.spec, Expr)):
                    message = _("look-up %(name)s is personal: give it `identified`, not what was typed", name=name)
                    yield finding(flow, node, "other_subject", message, "warning")


class _Analysis:
    """For each flow and way of entering it, whether all callers at a node are identified."""

    def __init__(self, flows: FlowSet) -> None:
        self.flows = flows
        self.contexts: dict[Context, dict[str, bool]] = {}
        self.returns: dict[Context, dict[str, bool]] = {}

    def run(self) -> None:
        """Until nothing changes: what is known only ever becomes less."""
        for flow in self.flows:
            if flow.entry:
                self._need((flow.name, False))
        self._settle()
        for flow in self.flows:
            if not any(name == flow.name for name, _flag in self.contexts):
                self._need((flow.name, False))
        self._settle()

    def anonymous(self, flow: Flow, node: Node) -> bool:
        """Whether callers may be at the node unidentified."""
        return any(not self.contexts.get((flow.name, flag), {}).get(node.name, True) for flag in (False, True))

    def _need(self, context: Context) -> None:
        if context[0] in self.flows and context not in self.contexts:
            self.contexts[context] = {}
            self.returns[context] = {}

    def _settle(self) -> None:
        while any([self._pass(context) for context in list(self.contexts)]):  # each once, whatever the first says
            pass

    def _pass(self, context: Context) -> bool:
        """Go through a flow once; whether anything became less certain."""
        flow, states = self.flows[context[0]], self.contexts[context]
        changed = self._lower(states, flow.start, context[1])
        known = len(self.contexts)
        for target in (flow.handlers.on_error, flow.handlers.on_hangup):
            if target is not None and target.kind == "node":
                changed |= self._lower(states, target.name, context[1])
        for name, node in flow.nodes.items():
            if name not in states:
                continue
            for found in exits_of(self.flows, flow, node):
                flag = self._after(flow, node, found, states[name])
                if flag is not None:
                    changed |= self._arrive(context, found, flag)
        return changed or len(self.contexts) != known

    def _arrive(self, context: Context, found: Exit, flag: bool) -> bool:
        match found.target.kind:
            case "node":
                return self._lower(self.contexts[context], found.target.name, flag)
            case "return":
                return self._lower(self.returns[context], found.target.name, flag)
            case "flow":
                self._need((found.target.name, flag))
        return False

    def _after(self, flow: Flow, node: Node, found: Exit, flag: bool) -> bool | None:
        """Whether those who leave by the exit are identified; None where, as far as known, nobody does."""
        if node.kind == "lookup" and "identifies" in node.spec and found.label == "next":
            return True
        if node.kind == "branch":
            return flag or _told(node, found.label)
        if node.kind == "subflow" and found.kind != "error" and node.spec["flow"] in self.flows:
            self._need((node.spec["flow"], flag))
            labels = {label_of(name): value for name, value in self.returns[(node.spec["flow"], flag)].items()}
            return labels.get(found.label)
        return flag

    @staticmethod
    def _lower(states: dict[str, bool], name: str, flag: bool) -> bool:
        before = states.get(name)
        states[name] = flag if before is None else before and flag
        return states[name] != before


def _told(node: Node, label: str) -> bool:
    """Whether a branch's exit is taken by identified callers only."""
    for n, case in enumerate(node.spec["cases"], start=1):
        condition = "".join(case["when"].text.split())
        if label == f"case {n}":
            return condition == KNOWS
        if condition == KNOWS_NOT:
            return True
    return False
