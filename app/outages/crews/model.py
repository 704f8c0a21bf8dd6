"""What a solver is told and what it answers. Plain values, no database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Need:
    """A `skill` or `equipment` the fault asks for; without one that is a `must` a crew comes last."""

    kind: str
    word: str
    must: bool


@dataclass(frozen=True, slots=True)
class Job:
    """The outage: where (WGS 84 degrees, None where unknown), how urgent (0 to 100), what it asks for."""

    lat: float | None
    lon: float | None
    priority: int
    needs: Sequence[Need] = ()


@dataclass(frozen=True, slots=True)
class Task:
    """What a crew is at work on, and when that is expected to end."""

    number: str
    priority: int
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A crew that may be sent. `shift_ends` is None where the roster says nothing."""

    crew_id: int
    lat: float | None
    lon: float | None
    position_at: datetime | None
    skills: frozenset[str]
    equipment: frozenset[str]
    on_duty: bool
    shift_ends: datetime | None
    tasks: Sequence[Task] = ()


@dataclass(frozen=True, slots=True)
class Terms:
    """The numbers: `minutes` by circumstance (table `crew_minutes`), travel (table `crew_travel`)."""

    road_factor: float
    speed_kmh: float
    minutes: Mapping[str, float]
    position_fresh: timedelta


@dataclass(frozen=True, slots=True)
class Reason:
    """One circumstance and the minutes it adds; `good` speaks for the crew. `params` fill the words."""

    kind: str
    minutes: float = 0.0
    params: Mapping[str, Any] = field(default_factory=dict)
    good: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """A crew with the minutes it counts (the sum of its reasons') and the kilometres by road, None where unknown."""

    crew_id: int
    minutes: float
    kilometres: float | None
    reasons: tuple[Reason, ...]


class Solver(Protocol):
    """Ranks all candidates, the best first."""

    def __call__(
        self, job: Job, candidates: Sequence[Candidate], terms: Terms, *, now: datetime
    ) -> tuple[Proposal, ...]: ...
