"""A flow as the interpreter and the linter see it: checked, with expressions parsed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from app.telephony.ivr.expressions import Expr

DEFAULTS = "defaults"
"""The file whose keys, counters and handlers hold for every flow that states none of its own."""

RESERVED = frozenset({"repeat", "back", "hangup", "return"})
"""Targets that are no nodes."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where an exit leads: a node, another flow (without coming back), a return from a subflow, or a deed."""

    kind: Literal["node", "flow", "return", "repeat", "back", "hangup"]
    name: str = ""

    def __str__(self) -> str:
        match self.kind:
            case "node":
                return self.name
            case "flow":
                return f"flow:{self.name}"
            case "return":
                return f"return:{self.name}" if self.name != "done" else "return"
            case _:
                return self.kind


HANGUP = Target("hangup")

ExitKind = Literal["next", "choice", "no_input", "wrong_input", "error", "hangup"]


@dataclass(frozen=True, slots=True)
class Exit:
    """One way out of a node. `label` names it within the node; `title` is what the picture writes at the edge.

    `own` is false where it comes from the flow's or the defaults' words and not from the node's.
    """

    label: str
    target: Target
    kind: ExitKind = "next"
    title: str = ""
    title_en: str = ""
    own: bool = True


@dataclass(frozen=True, slots=True)
class PromptRef:
    """A recording in a node's list of what to play; `when` leaves it out. `language`: always in that one."""

    key: str
    when: Expr | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class PromptChoice:
    """A recording whose key is computed; it must be one of `one_of`."""

    key: Expr
    one_of: tuple[str, ...]
    when: Expr | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """Words for the speech engine, in both languages."""

    text: str
    text_en: str = ""
    when: Expr | None = None


@dataclass(frozen=True, slots=True)
class Say:
    """A value to be said."""

    value: Expr
    kind: str
    when: Expr | None = None


PieceSpec = PromptRef | PromptChoice | Words | Say


@dataclass(frozen=True, slots=True)
class Misses:
    """What happens without input or with a wrong one: say something, try again, and leave after `tries`."""

    tries: int
    prompt: tuple[PieceSpec, ...]
    goto: Target | None


@dataclass(frozen=True, slots=True)
class Node:
    """One step. `spec` holds what its verb's schema made of it."""

    name: str
    kind: str
    spec: Mapping[str, Any]
    line: int = 1
    title: str = ""
    title_en: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Handlers:
    """Keys that hold everywhere, counters and handlers; a flow's own go before the defaults'."""

    keys: Mapping[str, Target] = field(default_factory=dict)
    no_input: Misses | None = None
    wrong_input: Misses | None = None
    on_error: Target | None = None
    on_hangup: Target | None = None
    first_timeout: float | None = None
    digit_timeout: float | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """A flow. `version` is the hash of its file; `handlers` are its own, the defaults' are in the set."""

    name: str
    version: str
    title: str
    title_en: str
    start: str
    nodes: Mapping[str, Node]
    file: str = ""
    note: str = ""
    entry: bool = False
    language: str = "zh"
    inputs: Mapping[str, Any] = field(default_factory=dict)
    variables: Mapping[str, Any] = field(default_factory=dict)
    outputs: tuple[str, ...] = ()
    exits: tuple[str, ...] = ("done",)
    handlers: Handlers = field(default_factory=Handlers)
    transcripts: tuple[Mapping[str, Any], ...] = ()
    lines: Mapping[tuple[str | int, ...], int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FlowSet:
    """Flows that belong together: those a call may use, at fixed versions."""

    flows: Mapping[str, Flow]
    defaults: Handlers = field(default_factory=Handlers)
    defaults_version: str = ""

    @property
    def pins(self) -> dict[str, str]:
        """Version by name: what a call's state keeps."""
        pins = {name: flow.version for name, flow in sorted(self.flows.items())}
        return {**pins, DEFAULTS: self.defaults_version} if self.defaults_version else pins

    def __iter__(self) -> Iterator[Flow]:
        return iter(self.flows.values())

    def __contains__(self, name: object) -> bool:
        return name in self.flows

    def __getitem__(self, name: str) -> Flow:
        return self.flows[name]

    def keys_of(self, flow: Flow) -> dict[str, Target]:
        """The keys that hold in a flow."""
        return {**self.defaults.keys, **flow.handlers.keys}

    def on_error(self, flow: Flow) -> Target | None:
        """Where errors lead that a node does not handle."""
        return flow.handlers.on_error or self.defaults.on_error

    def on_hangup(self, flow: Flow) -> Target | None:
        """What follows when the caller hangs up."""
        return flow.handlers.on_hangup or self.defaults.on_hangup

    def first_timeout(self, flow: Flow) -> float:
        """Seconds until the first key."""
        return flow.handlers.first_timeout or self.defaults.first_timeout or 5.0

    def digit_timeout(self, flow: Flow) -> float:
        """Seconds between keys."""
        return flow.handlers.digit_timeout or self.defaults.digit_timeout or 3.0
