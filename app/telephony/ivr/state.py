"""Where a call stands: frozen, plain, and the same after a round trip through JSON.

The format has a version. A change of it needs a migration here and a frozen sample of the old one in
`tests/telephony/ivr/states`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

VERSION = 1


class UnknownState(ValueError):
    """A state of a version that this program does not know."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One flow under way; a subflow stands on top of the node that called it.

    `trail` are the menus passed, for the key `back`; `loops` the rounds of loops; `scratch` what the node at
    hand remembers between its commands.
    """

    flow: str
    node: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    scratch: Mapping[str, Any] = field(default_factory=dict)
    loops: Mapping[str, int] = field(default_factory=dict)
    trail: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class State:
    """A call. `pins` are the versions of the flows it uses; `pending` is the command it waits for (0: none)
    and `waits_for` that command's name; `last` is the node (`flow/node`) left last,
    `left` what the last step left, with the exit (`flow/node:exit`); `masked` names variables
    whose values no page or log may show."""

    pins: Mapping[str, str]
    call: Mapping[str, Any]
    language: str
    frames: tuple[Frame, ...]
    identified: str | None = None
    pending: int = 0
    waits_for: str = ""
    next_id: int = 1
    typed: str = ""
    last: str = ""
    left: tuple[str, ...] = ()
    masked: tuple[str, ...] = ()
    steps: int = 0
    silent: int = 0
    errors: int = 0
    gone: str = ""
    after: bool = False
    ended: bool = False

    @property
    def flow(self) -> str:
        """The flow at hand; empty once the call is over."""
        return self.frames[-1].flow if self.frames else ""

    @property
    def node(self) -> str:
        """The node at hand; empty once the call is over."""
        return self.frames[-1].node if self.frames else ""

    @property
    def variables(self) -> Mapping[str, Any]:
        """The variables of the flow at hand."""
        return self.frames[-1].variables if self.frames else {}

    def shown(self) -> dict[str, Any]:
        """The variables at hand as people may see them."""
        return {name: "****" if name in self.masked else value for name, value in self.variables.items()}

    def to_json(self) -> dict[str, Any]:
        """Plain JSON."""
        return {
            "version": VERSION,
            "pins": dict(self.pins),
            "call": dict(self.call),
            "language": self.language,
            "frames": [_frame_json(frame) for frame in self.frames],
            "identified": self.identified,
            "pending": self.pending,
            "waits_for": self.waits_for,
            "next_id": self.next_id,
            "typed": self.typed,
            "last": self.last,
            "left": list(self.left),
            "masked": list(self.masked),
            "steps": self.steps,
            "silent": self.silent,
            "errors": self.errors,
            "gone": self.gone,
            "after": self.after,
            "ended": self.ended,
        }

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> State:
        """The state that `to_json` wrote, in this version or an older one. Raises UnknownState."""
        values = dict(given)
        version = values.pop("version", None)
        while version != VERSION:
            if version not in MIGRATIONS:
                raise UnknownState(f"a state of version {version!r}")
            version, values = version + 1, MIGRATIONS[version](values)
        values["frames"] = tuple(_frame(frame) for frame in values["frames"])
        values["masked"] = tuple(values["masked"])
        values["left"] = tuple(values["left"])
        return cls(**values)


Plain = TypeVar("Plain", State, Frame)


def changed(before: Plain, **values: Any) -> Plain:
    """A copy with other values. A call changes its state a dozen times a step: `dataclasses.replace` is slow."""
    after = object.__new__(type(before))
    for name, read, write in _FIELDS[type(before)]:
        write(after, values.pop(name) if name in values else read(before))
    if values:
        raise TypeError(f"no such field: {', '.join(values)}")
    return after


_FIELDS: dict[type, list[tuple[str, Callable[[Any], Any], Callable[[Any, Any], None]]]] = {
    kind: [(one.name, getattr(kind, one.name).__get__, getattr(kind, one.name).__set__) for one in fields(kind)]
    for kind in (State, Frame)
}

MIGRATIONS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""From a version to the next."""


def _frame_json(frame: Frame) -> dict[str, Any]:
    return {
        "flow": frame.flow,
        "node": frame.node,
        "variables": dict(frame.variables),
        "scratch": dict(frame.scratch),
        "loops": dict(frame.loops),
        "trail": list(frame.trail),
    }


def _frame(given: Mapping[str, Any]) -> Frame:
    return Frame(**{**given, "trail": tuple(given["trail"])})
