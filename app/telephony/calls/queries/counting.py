"""How callers pass through a flow, for its picture: who comes to a node, how they leave it, who hangs up there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa

from app.kernel.db import session
from app.telephony.calls.models import StepCount


@dataclass(slots=True)
class NodeCount:
    """One node: times `entered`, left by which exits, `hangups` (by the caller) and `ended` (by the flow) there."""

    entered: int = 0
    hangups: int = 0
    ended: int = 0
    exits: dict[str, int] = field(default_factory=dict)

    @property
    def lost(self) -> float:
        """The share that hung up here, in percent of those who came."""
        return round(100 * self.hangups / self.entered, 1) if self.entered else 0.0


DropOff = Mapping[str, NodeCount]


def drop_off(flow: str, version: str | None, since: date, until: date) -> DropOff:
    """Counts by node of one version of a flow (None: all of them), over local days, `until` excluded."""
    conditions = [StepCount.flow == flow, StepCount.day >= since, StepCount.day < until]
    if version is not None:
        conditions.append(StepCount.version == version)
    rows = session.execute(
        sa.select(StepCount.node, StepCount.what, sa.func.sum(StepCount.n))
        .where(*conditions)
        .group_by(StepCount.node, StepCount.what)
    )
    nodes: dict[str, NodeCount] = {}
    for node, what, n in rows:
        count = nodes.setdefault(node, NodeCount())
        kind, _colon, name = what.partition(":")
        match kind:
            case "entered":
                count.entered += int(n)
            case "hangup":
                count.hangups += int(n)
            case "ended":
                count.ended += int(n)
            case _:
                count.exits[name] = count.exits.get(name, 0) + int(n)
    return nodes
