"""Which flow elements the scenarios of all files together have reached.

A node is reached where it was entered, a sequence flow where its target was entered from
its source.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa

from app.engine.definitions.elements import Element
from app.engine.definitions.models import Definition
from app.engine.scenarios.outcome import Outcome
from app.kernel.db import session

_NOT_COUNTED = frozenset({"process"})


@dataclass(slots=True)
class Covered:
    """One process: its elements by id, and what was reached."""

    process: str
    nodes: dict[str, Element] = field(default_factory=dict)
    flows: dict[str, Element] = field(default_factory=dict)
    scenarios: int = 0
    reached_nodes: set[str] = field(default_factory=set)
    reached_flows: set[str] = field(default_factory=set)

    @property
    def percent(self) -> float:
        every = len(self.nodes) + len(self.flows)
        return 100.0 * (len(self.reached_nodes) + len(self.reached_flows)) / every if every else 100.0

    @property
    def unreached(self) -> list[str]:
        return sorted((self.nodes.keys() - self.reached_nodes) | (self.flows.keys() - self.reached_flows))

    def add(self, element: str, sources: Iterable[str]) -> None:
        if element in self.nodes:
            self.reached_nodes.add(element)
        for source in sources:
            self.reached_flows |= {
                flow.id for flow in self.flows.values() if flow.source == source and flow.target == element
            }

    def to_json(self) -> Mapping[str, object]:
        return {
            "process": self.process,
            "scenarios": self.scenarios,
            "nodes": [len(self.reached_nodes), len(self.nodes)],
            "flows": [len(self.reached_flows), len(self.flows)],
            "percent": round(self.percent, 1),
            "unreached": self.unreached,
        }


class Coverage:
    """All processes that were on the stage."""

    def __init__(self) -> None:
        self.processes: dict[str, Covered] = {}

    def know_deployed(self) -> None:
        """Take in the processes that are deployed on the stage now."""
        query = sa.select(Definition.key, Definition.elements).where(Definition.kind == "bpmn")
        for key, elements in session.execute(query):
            if key not in self.processes:
                self.processes[key] = _of(key, [Element(**one) for one in elements])
        session.remove()

    def add(self, outcome: Outcome) -> None:
        if outcome.scenario.process in self.processes:
            self.processes[outcome.scenario.process].scenarios += 1
        if not outcome.passed:
            return
        for process, element, sources in outcome.reached:
            if process in self.processes:
                self.processes[process].add(element, sources)

    def sorted(self) -> list[Covered]:
        return sorted(self.processes.values(), key=lambda one: one.process)


def _of(key: str, elements: list[Element]) -> Covered:
    """A file may hold several processes: only this one's elements, its subprocesses' too."""
    scopes = {key}
    growing = True
    while growing:
        inner = {one.id for one in elements if one.process in scopes and "ubProcess" in one.kind} - scopes
        scopes |= inner
        growing = bool(inner)
    mine = [one for one in elements if one.process in scopes and one.kind not in _NOT_COUNTED]
    return Covered(
        process=key,
        nodes={one.id: one for one in mine if one.kind != "sequenceFlow"},
        flows={one.id: one for one in mine if one.kind == "sequenceFlow"},
    )
