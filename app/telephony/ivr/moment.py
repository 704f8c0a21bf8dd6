"""What a verb sees of a call at one node, and what it may answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from app.telephony.ivr.commands import Command
from app.telephony.ivr.expressions import Expr
from app.telephony.ivr.flow import Flow, FlowSet, Node, PieceSpec, PromptChoice, PromptRef, Say, Target, Words
from app.telephony.ivr.pieces import Piece, Prompt, Spoken, Text

CommandT = TypeVar("CommandT", bound=Command)

MAX_SPOKEN = 2_000
"""Characters of one text or value that is spoken."""


class Misfit(Exception):
    """A step that cannot be taken with these values; the machine goes to the error exit. `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Go:
    """Leave the node by an exit. `sets` are variables, `emits` commands that nobody answers."""

    exit: str = "next"
    sets: Mapping[str, Any] = field(default_factory=dict)
    emits: tuple[Command, ...] = ()
    language: str = ""
    identified: str = ""
    mask: tuple[str, ...] = ()
    typed: str = ""
    loops: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """Stay at the node until the command is answered; `scratch` is what the node must remember."""

    command: Command
    scratch: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fail:
    """Leave by the error exit."""

    error: str


@dataclass(frozen=True, slots=True)
class Descend:
    """Go down into a subflow with these inputs."""

    flow: str
    inputs: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Deed:
    """A key that is no exit: `back`."""

    target: Target


@dataclass(frozen=True, slots=True)
class Over:
    """The call is over: hung up with a cause, or, without one, handed over for good."""

    cause: str | None = None


Step = Go | Wait | Fail | Descend | Deed | Over


@dataclass(slots=True)
class Moment:
    """One node at one time. Only the machine makes it; `next_id` counts commands."""

    flows: FlowSet
    flow: Flow
    node: Node
    variables: Mapping[str, Any]
    call: Mapping[str, Any]
    language: str
    identified: str | None
    scratch: Mapping[str, Any]
    loops: Mapping[str, int]
    typed: str
    now: datetime
    next_id: int

    @property
    def spec(self) -> Mapping[str, Any]:
        """What the verb's schema made of the node."""
        return self.node.spec

    def make(self, kind: type[CommandT], **values: Any) -> CommandT:
        """A command of this node with the next id."""
        command = kind(id=self.next_id, flow=self.flow.name, node=self.node.name, **values)
        self.next_id += 1
        return command

    def value(self, expr: Expr, **more: Any) -> Any:
        """The value of an expression here; `more` are names that hold only for it."""
        scope = {
            **self.variables,
            "call": self.call,
            "language": self.language,
            "identified": self.identified,
            **more,
        }
        return expr.value(scope, self.now)

    def true(self, expr: Expr | None, **more: Any) -> bool:
        """Whether a condition holds; one that is not stated does, one that cannot be told does not."""
        return expr is None or self.value(expr, **more) is True

    def values(self, exprs: Mapping[str, Expr] | None, **more: Any) -> dict[str, Any]:
        """The values of named expressions."""
        return {name: self.value(expr, **more) for name, expr in (exprs or {}).items()}

    def text(self, expr: Expr, **more: Any) -> str:
        """The value as a text. Raises Misfit where there is none."""
        value = self.value(expr, **more)
        if value is None or isinstance(value, (list, dict)) or (text := str(value).strip()) == "":
            raise Misfit("missing_value")
        return text[:MAX_SPOKEN]

    def pieces(self, specs: Iterable[PieceSpec], **more: Any) -> tuple[Piece, ...]:
        """What to play now. Raises Misfit for a value that is not there: half a sentence misleads."""
        return tuple(self._piece(spec, more) for spec in specs if self.true(spec.when, **more))

    def _piece(self, spec: PieceSpec, more: Mapping[str, Any]) -> Piece:
        match spec:
            case PromptRef(key=key, language=language):
                return Prompt(key, language)
            case PromptChoice(key=expr, one_of=keys):
                wanted = self.value(expr, **more)
                if wanted not in keys:
                    raise Misfit("unknown_prompt")
                return Prompt(wanted)
            case Words(text=text, text_en=text_en):
                return Text(text_en if self.language == "en" and text_en else text)
            case Say(value=expr, kind="text"):
                return Text(self.text(expr, **more))
            case Say(value=expr, kind=kind):
                text = self.text(expr, **more)
                value = self.value(expr, **more)
                return Spoken(kind, text if isinstance(value, (str, bool)) else value)
