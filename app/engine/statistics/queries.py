"""Asking for the figures: of each element, over a period, a part of the organisation and a version."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.engine.definitions.models import Definition
from app.engine.statistics import spans
from app.engine.statistics.counting import Counts, Figures, Place
from app.engine.statistics.models import ElementDay, ElementSpan, ElementTally
from app.engine.statistics.periods import Part, parts
from app.kernel.db import session

MEDIAN, NINETIETH = 0.5, 0.9


@dataclass(frozen=True, slots=True)
class ElementStatistics:
    """One element's passages. Durations are seconds of completed passages, None where there are none.

    `median` and `p90` are at most 9 % off (`spans`). `open_now` counts passages open at this
    moment, whatever the period.
    """

    element_id: str
    kind: str
    name: str
    name_en: str
    started: int
    completed: int
    cancelled: int
    open_now: int
    mean: float | None
    median: float | None
    p90: float | None
    shortest: float | None
    longest: float | None


def element_statistics(
    process_key: str,
    version: int | None = None,
    *,
    from_: date | None = None,
    to: date | None = None,
    unit_path: str | Sequence[str] | None = None,
) -> list[ElementStatistics]:
    """Every element that was passed or is open, in the diagram's order.

    `from_` and `to` are local days, `to` excluded. `unit_path` is a path prefix, or several;
    what belongs to no unit is found under "/". Called processes count under their own key.
    """
    asked = _Asked(process_key, _definition_ids(process_key, version), _prefixes(unit_path))
    inside = _sums(asked, from_, to)
    standing = _sums(asked, None, None, durations=False) if from_ or to else inside
    elements = _elements(process_key, version)
    found = sorted(standing, key=lambda one: (list(elements).index(one) if one in elements else len(elements), one))
    listed = [_view(one, elements.get(one, {}), inside.get(one, Figures()), standing[one]) for one in found]
    return [one for one in listed if one.started or one.completed or one.cancelled or one.open_now]


@dataclass(frozen=True, slots=True)
class _Asked:
    process_key: str
    definition_ids: frozenset[str] | None
    prefixes: tuple[str, ...]

    def wants(self, place: Place, from_: date | None, to: date | None) -> bool:
        """Whether an event that is not folded yet belongs to it."""
        return (
            place.process_key == self.process_key
            and (self.definition_ids is None or place.definition_id in self.definition_ids)
            and (not self.prefixes or place.unit_path.startswith(self.prefixes))
            and (from_ is None or place.day >= from_)
            and (to is None or place.day < to)
        )

    def where(self, model: type[ElementDay] | type[ElementSpan]) -> list[Any]:
        """The same of rows, but for the period."""
        wanted: list[Any] = [model.process_key == self.process_key, model.settled.is_(False)]
        if self.definition_ids is not None:
            wanted.append(model.definition_id.in_(self.definition_ids))
        if self.prefixes:
            wanted.append(sa.or_(*(model.unit_path.startswith(one, autoescape=True) for one in self.prefixes)))
        return wanted


def _sums(asked: _Asked, from_: date | None, to: date | None, *, durations: bool = True) -> dict[str, Figures]:
    """Folded figures and what is not folded yet together, by element; `durations` says whether classes are wanted."""
    found = _unfolded(asked, from_, to)
    for part in parts(from_, to):
        _add_days(found, asked, part)
        if durations:
            _add_spans(found, asked, part)
    return dict(found)


def _add_days(found: defaultdict[str, Figures], asked: _Asked, part: Part) -> None:
    row, summed = ElementDay, sa.func.sum
    query = sa.select(
        row.element_id, summed(row.started), summed(row.completed), summed(row.cancelled), summed(row.total_ms),
        sa.func.min(row.shortest_ms), sa.func.max(row.longest_ms),
    )  # fmt: skip
    for element, started, completed, cancelled, total, shortest, longest in session.execute(
        query.where(*asked.where(row), *part.where(row)).group_by(row.element_id)
    ):
        found[element].merge(Figures(int(started), int(completed), int(cancelled), int(total), shortest, longest))


def _add_spans(found: defaultdict[str, Figures], asked: _Asked, part: Part) -> None:
    columns = (ElementSpan.element_id, ElementSpan.span)
    query = sa.select(*columns, sa.func.sum(ElementSpan.count))
    for element, span, count in session.execute(
        query.where(*asked.where(ElementSpan), *part.where(ElementSpan)).group_by(*columns)
    ):
        found[element].spans[span] += int(count)


def _unfolded(asked: _Asked, from_: date | None, to: date | None) -> defaultdict[str, Figures]:
    counts = Counts()
    for unit_path, events in session.execute(sa.select(ElementTally.unit_path, ElementTally.events)):
        counts.count_all((event for event in events if event[1] == asked.process_key), unit_path)
    found: defaultdict[str, Figures] = defaultdict(Figures)
    for place, figures in counts.items():
        if asked.wants(place, from_, to):
            found[place.element_id].merge(figures)
    return found


def _view(element_id: str, element: Any, inside: Figures, standing: Figures) -> ElementStatistics:
    shortest, longest = inside.shortest_ms, inside.longest_ms

    def quantile(share: float) -> float | None:
        found = spans.quantile(inside.spans, share, shortest=shortest or 0, longest=longest or 0)
        return None if found is None else found / 1000

    return ElementStatistics(
        element_id=element_id,
        kind=element.get("kind", ""),
        name=element.get("name", ""),
        name_en=element.get("name_en", ""),
        started=inside.started,
        completed=inside.completed,
        cancelled=inside.cancelled,
        open_now=max(standing.started - standing.completed - standing.cancelled, 0),
        mean=inside.total_ms / inside.completed / 1000 if inside.completed else None,
        median=quantile(MEDIAN),
        p90=quantile(NINETIETH),
        shortest=None if shortest is None else shortest / 1000,
        longest=None if longest is None else longest / 1000,
    )


def _definition_ids(process_key: str, version: int | None) -> frozenset[str] | None:
    if version is None:
        return None
    wanted = (Definition.kind == "bpmn", Definition.key == process_key, Definition.version == version)
    return frozenset(session.scalars(sa.select(Definition.id).where(*wanted)))


def _elements(process_key: str, version: int | None) -> dict[str, Any]:
    """The elements of this version, or of the newest, by id."""
    query = sa.select(Definition.elements).where(Definition.kind == "bpmn", Definition.key == process_key)
    if version is not None:
        query = query.where(Definition.version == version)
    listed = session.scalar(query.order_by(Definition.version.desc()).limit(1)) or []
    return {entry["id"]: entry for entry in listed}


def _prefixes(unit_path: str | Sequence[str] | None) -> tuple[str, ...]:
    """None where everything is asked for, what belongs to no unit included."""
    given = (unit_path,) if isinstance(unit_path, str) else tuple(unit_path) if unit_path is not None else ("/",)
    return () if "/" in given else given or ("-",)
