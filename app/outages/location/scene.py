"""What the prediction is told of a feeder, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Report:
    """A trouble call that counts. `caller` is who called (the same caller counts once), `transformer` where from."""

    id: int
    transformer: str
    caller: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Scene:
    """All that is known of a feeder.

    `alive` says of a transformer when a meter below it last told that it has power. `taken` are transformers of
    outages that are not for the prediction to change. `opened` are switches that opened without a plan, with
    the instant; a group stands there while the switch is open, with or without a call.
    """

    reports: Sequence[Report]
    alive: Mapping[str, datetime] = field(default_factory=dict)
    taken: frozenset[str] = frozenset()
    opened: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reason:
    """One step of a decision: which `rule` put it on which `device`, by which facts."""

    rule: str
    device: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Group:
    """A predicted outage: of a `device`, of a `zone`, or (both empty) of one `caller`.

    `covers` are the transformers without supply; `real` says that it rests on a known open switch; `reasons`
    lead from the calls up to the device.
    """

    device: str
    reports: tuple[int, ...]
    covers: frozenset[str]
    started_at: datetime
    reasons: tuple[Reason, ...]
    caller: str = ""
    zone: str = ""
    real: bool = False


class Network(Protocol):
    """What the prediction asks of the grid; `app.network.grid.Grid` answers it."""

    def has(self, code: str) -> bool: ...
    def info(self, code: str) -> Any: ...
    def upstream(self, code: str) -> tuple[str, ...]: ...
    def children(self, code: str) -> tuple[str, ...]: ...
    def transformers_under(self, code: str) -> tuple[str, ...]: ...
    def customers_under(self, code: str) -> int: ...
    def open_above(self, code: str) -> str | None: ...
