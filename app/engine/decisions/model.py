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
class Service:
    """A decision service: what decisions answer for given inputs and given answers of others.

    As a function its parameters are `inputs`, then `given` (ids of input data and of
    decisions that are not evaluated); one of `outputs` is the result, several make a context.
    """

    id: str
    name: str
    type_ref: str
    outputs: tuple[str, ...]
    inputs: tuple[str, ...]
    given: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """`decisions`, `inputs`, `knowledge` and `services` are by id."""

    id: str
    name: str
    decisions: dict[str, Decision]
    inputs: dict[str, InputData]
    knowledge: dict[str, Knowledge]
    services: dict[str, Service] = field(default_factory=dict)
    types: Types = field(default_factory=Types)

    def invocable(self, identity: str) -> Knowledge | Service:
        """What a knowledge requirement names."""
        return self.knowledge[identity] if identity in self.knowledge else self.services[identity]

    def service(self, reference: str) -> Service | None:
        """By id, else by name; a decision of the same id or name comes before it."""
        if any(reference in {one.id, one.name, one.variable} for one in self.decisions.values()):
            return None
        return next((one for one in self.services.values() if reference in {one.id, one.name}), None)

    def decision(self, reference: str) -> Decision:
        """By id, else by name. Raises UnknownDecision."""
        found = self.decisions.get(reference)
        if found is None:
            found = next((one for one in self.decisions.values() if reference in {one.name, one.variable}), None)
        if found is None:
            raise UnknownDecision(reference)
        return found
