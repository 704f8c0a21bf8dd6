"""What transcripts reach: nodes, and the exits that a node states itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from app.telephony.ivr.flow import Flow, FlowSet
from app.telephony.ivr.transcripts.playing import Outcome, play
from app.telephony.ivr.verbs import VERBS


@dataclass(frozen=True, slots=True)
class Covered:
    """One flow. Names of nodes, and of exits as `node:exit`."""

    flow: str
    nodes: tuple[str, ...]
    exits: tuple[str, ...]
    missed_nodes: tuple[str, ...]
    missed_exits: tuple[str, ...]
    transcripts: int

    @property
    def percent(self) -> float:
        """Share of nodes and exits reached."""
        everything = len(self.nodes) + len(self.exits)
        missed = len(self.missed_nodes) + len(self.missed_exits)
        return 100.0 * (everything - missed) / everything if everything else 100.0

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "flow": self.flow,
            "percent": round(self.percent, 1),
            "nodes": len(self.nodes),
            "exits": len(self.exits),
            "transcripts": self.transcripts,
            "missed_nodes": list(self.missed_nodes),
            "missed_exits": list(self.missed_exits),
        }


def play_all(flows: FlowSet, names: Iterable[str] | None = None) -> list[Outcome]:
    """Every transcript of these flows (of all by default)."""
    chosen = [flow for flow in flows if names is None or flow.name in set(names)]
    return [
        play(flows, flow, transcript, flow.lines.get(("transcripts", place), 1))
        for flow in chosen
        for place, transcript in enumerate(flow.transcripts)
    ]


def covered(flows: FlowSet, flow: Flow, outcomes: Iterable[Outcome]) -> Covered:
    """What was reached of a flow, by the transcripts of all flows."""
    outcomes = list(outcomes)
    reached = {name for outcome in outcomes for name in outcome.reached}
    left = {name for outcome in outcomes for name in outcome.left}
    exits = [
        f"{node.name}:{found.label}"
        for node in flow.nodes.values()
        for found in VERBS[node.kind].exits(node, flow, flows)
        if found.own
    ]
    return Covered(
        flow=flow.name,
        nodes=tuple(flow.nodes),
        exits=tuple(exits),
        missed_nodes=tuple(name for name in flow.nodes if f"{flow.name}/{name}" not in reached),
        missed_exits=tuple(exit_ for exit_ in exits if f"{flow.name}/{exit_}" not in left),
        transcripts=sum(outcome.flow == flow.name for outcome in outcomes),
    )
