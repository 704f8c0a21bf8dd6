"""What follows a hang-up: nobody is there any more to hear or to press anything."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _

from app.telephony.ivr.flow import FlowSet
from app.telephony.ivr.linting.walking import finding, reachable
from app.telephony.ivr.problems import Problem
from app.telephony.ivr.verbs import VERBS


def check(flows: FlowSet) -> Iterator[Problem]:
    """Nodes that `on_hangup` leads to and nothing else does."""
    for flow in flows:
        target = flow.handlers.on_hangup
        if target is None or target.kind != "node":
            continue
        for name in sorted(reachable(flows, flow, [target.name])):
            node = flow.nodes[name]
            if VERBS[node.kind].needs_caller and node.kind != "hangup":
                message = _("comes after the caller has hung up, and needs a caller")
                yield finding(flow, node, "needs_caller", message, "warning")
