"""A decision model as it is evaluated: inputs, decisions, knowledge, and what requires what."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.engine.decisions.boxed.functions import FunctionBox
from app.engine.decisions.boxed.node import Boxed
from app.engine.decisions.errors import UnknownDecision
from app.engine.decisions.typing import Types


@dataclass(frozen=True, slots=True)
class InputData:
    id: str
    name: str
    type_ref: str


@dataclass(frozen=True, slots=True)
class Requirements:
    """Ids of what an element uses."""

    inputs: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()
    knowledge: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """`name` is what FEEL and people call it, `variable` the name of its result (as a rule the same)."""

    id: str
    name: str
    name_en: str
    variable: str
    type_ref: str
    requires: Requirements
    expression: Boxed | None


@dataclass(frozen=True, slots=True)
class Knowledge:
    """A business knowledge model: a function by name."""

    id: str
    name: str
    requires: Requirements
    function: FunctionBox | None


@dataclass(frozen=True, slots=True)
class Model:
    """`decisions`, `inputs` and `knowledge` are by id."""

    id: str
    name: str
    decisions: dict[str, Decision]
    inputs: dict[str, InputData]
    knowledge: dict[str, Knowledge]
    types: Types = field(default_factory=Types)

    def decision(self, reference: str) -> Decision:
        """By id, else by name. Raises UnknownDecision."""
        found = self.decisions.get(reference)
        if found is None:
            found = next((one for one in self.decisions.values() if reference in {one.name, one.variable}), None)
        if found is None:
            raise UnknownDecision(reference)
        return found
