"""Events of passages, and figures made of them in memory."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from app.engine.statistics import spans
from app.kernel.clock import LOCAL

STARTED, UNDONE, COMPLETED, CANCELLED = "s", "u", "c", "x"
"""`UNDONE` takes a start back: the passage goes on elsewhere (another version, another unit)."""


class Event(NamedTuple):
    """One thing that happened to a passage on a local day (ISO 8601); `duration` in milliseconds where it completed."""

    what: str
    process_key: str
    definition_id: str
    element_id: str
    day: str
    duration: int = 0


class Place(NamedTuple):
    """What a figure is of."""

    process_key: str
    definition_id: str
    element_id: str
    day: date
    unit_path: str


@dataclass(slots=True)
class Figures:
    """Counts, and the durations of completed passages in milliseconds."""

    started: int = 0
    completed: int = 0
    cancelled: int = 0
    total_ms: int = 0
    shortest_ms: int | None = None
    longest_ms: int | None = None
    spans: Counter[int] = field(default_factory=Counter)

    def add(self, what: str, duration: int) -> None:
        """Count one event."""
        if what == STARTED:
            self.started += 1
        elif what == UNDONE:
            self.started -= 1
        elif what == CANCELLED:
            self.cancelled += 1
        else:
            self.completed += 1
            self.total_ms += duration
            self.spans[spans.class_of(duration)] += 1
            self.stretch(duration, duration)

    def merge(self, more: Figures) -> None:
        """Add the figures of another place."""
        self.started += more.started
        self.completed += more.completed
        self.cancelled += more.cancelled
        self.total_ms += more.total_ms
        self.stretch(more.shortest_ms, more.longest_ms)
        self.spans.update(more.spans)

    def stretch(self, shortest_ms: int | None, longest_ms: int | None) -> None:
        """Take in the shortest and the longest duration of others, None where they have none."""
        if shortest_ms is not None:
            self.shortest_ms = shortest_ms if self.shortest_ms is None else min(self.shortest_ms, shortest_ms)
        if longest_ms is not None:
            self.longest_ms = longest_ms if self.longest_ms is None else max(self.longest_ms, longest_ms)


class Counts(defaultdict[Place, Figures]):
    """Figures by place."""

    def __init__(self) -> None:
        super().__init__(Figures)

    def count(self, event: Event, unit_path: str) -> None:
        """Add one event of a unit."""
        day = date.fromisoformat(event.day)
        place = Place(event.process_key, event.definition_id, event.element_id, day, unit_path)
        self[place].add(event.what, event.duration)

    def count_all(self, events: Iterable[Any], unit_path: str) -> None:
        """Add the events of a tally's row."""
        for event in events:
            self.count(Event(*event), unit_path)

    def by_month(self) -> Counts:
        """The same by month, each on its first day."""
        months = Counts()
        for place, figures in self.items():
            months[place._replace(day=place.day.replace(day=1))].merge(figures)
        return months


@lru_cache(maxsize=64)
def local_day(at: datetime) -> str:
    """The day people call it. Remembered, as a command asks for its one instant again and again."""
    return at.astimezone(LOCAL).date().isoformat()


def ended(what: str, where: tuple[str, str, str], started_at: datetime, ended_at: datetime) -> Event:
    """The end of a passage through `where`: process key, definition id, element id."""
    duration = spans.milliseconds(started_at, ended_at) if what == COMPLETED else 0
    return Event(what, *where, local_day(ended_at), duration)
