"""The lines of a report: a unit, feeder, period, cause or nature with its sums and indices."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time

from app.identity.queries import UnitView
from app.kernel.clock import LOCAL
from app.outages.indices import figures
from app.outages.indices.counting import Counted, Interruption, count
from app.outages.indices.periods import first_day, parts
from app.outages.indices.rules import HOUSEHOLDS, Rules
from app.outages.indices.serving import Borrowed, Served, Serving
from app.outages.indices.wanted import Wanted

Key = Callable[[Interruption], str]


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `key` is a code, or the first day of a period; `wanted` asks for this line alone.

    `served` is N_T, `hours` the length of its period so far. `borrowed` says where N_T rests on the count of a later
    month, because nothing was counted yet.
    """

    key: str
    wanted: Wanted
    counted: Counted
    served: float
    hours: float
    figures: figures.Figures
    borrowed: Borrowed | None = None

    @property
    def moved(self) -> bool:
        """Whether more customers were interrupted than are served on average: CEMI counts over those interrupted."""
        return bool(self.served) and self.counted.distinct > self.served


@dataclass(frozen=True, slots=True)
class Lines:
    """Makes the lines of what is wanted."""

    wanted: Wanted
    rules: Rules
    serving: Serving
    now: datetime

    def of(self, found: Sequence[Interruption], units: Sequence[UnitView]) -> Iterator[Line]:
        """Line by line, as wanted. Lines with nobody served or out are left out."""
        n_t = self.served(self.wanted)
        match self.wanted.by:
            case "unit":
                yield from self._units(found, [unit for unit in units if unit.parent_id == self.wanted.unit.id], n_t)
            case "feeder":
                yield from self._feeders(found)
            case "cause":
                for code, own in sorted(_by(found, lambda one: one.cause).items()):
                    yield self.line(code, replace(self.wanted, cause=code), own, n_t)
            case "nature":
                for code, own in sorted(_by(found, lambda one: one.nature).items()):
                    yield self.line(code, replace(self.wanted, nature=code), own, n_t)
            case by:
                yield from self._periods(found, by, n_t)

    def served(self, wanted: Wanted) -> Served:
        """N_T by month of what is wanted."""
        return self.serving.of(wanted.unit.path, wanted.feeder)

    def line(self, key: str, wanted: Wanted, found: Sequence[Interruption], n_t: Served) -> Line:
        """One line over these interruptions."""
        counted = self._count(found)
        mean, hours = n_t.mean(wanted.since, wanted.until), hours_of(wanted, self.now)
        if wanted.basis == HOUSEHOLDS:
            values = figures.ieee(counted, served=mean, hours=hours)
        else:
            inside = self._count([one for one in found if not self.rules.external(one.cause)])
            enough = self._count([one for one in found if not self.rules.shortage(one.nature, one.cause)])
            values = figures.dlt836(counted, inside, enough, served=mean, hours=hours)
        return Line(key, wanted, counted, mean, hours, values, n_t.borrowed(wanted.since, wanted.until))

    def _count(self, found: Sequence[Interruption]) -> Counted:
        n, more_than = self.wanted.n, self.wanted.more_than
        return count(
            found,
            momentary_minutes=self.rules.momentary[self.wanted.basis],
            n=self.rules.cemi_n if n is None else n,
            more_than=self.rules.cemi_more_than if more_than is None else more_than,
        )

    def _units(self, found: Sequence[Interruption], below: Sequence[UnitView], n_t: Served) -> Iterator[Line]:
        """Each unit below with all under it, then what belongs to the unit itself."""
        for unit in below:
            own = [one for one in found if one.unit_path.startswith(unit.path)]
            mine = replace(self.wanted, unit=unit)
            yield from _unless_empty(self.line(unit.code, mine, own, self.served(mine)))
        direct = [one for one in found if one.unit_code == self.wanted.unit.code]
        if below and direct:
            yield self.line(self.wanted.unit.code, replace(self.wanted, itself=True), direct, n_t)

    def _feeders(self, found: Sequence[Interruption]) -> Iterator[Line]:
        by_feeder = _by(found, lambda one: one.feeder_code)
        for code in sorted(self.serving.feeders | by_feeder.keys()):
            mine = replace(self.wanted, feeder=code)
            yield from _unless_empty(self.line(code, mine, by_feeder.get(code, ()), self.served(mine)))

    def _periods(self, found: Sequence[Interruption], by: str, n_t: Served) -> Iterator[Line]:
        by_period = _by(found, lambda one: first_day(one.day, by).isoformat())
        for since, until in parts(self.wanted.since, self.wanted.until, by):
            key = first_day(since, by).isoformat()
            yield self.line(key, replace(self.wanted, since=since, until=until), by_period.get(key, ()), n_t)


def hours_of(wanted: Wanted, now: datetime) -> float:
    """Hours of the period that have passed (T)."""
    begin = datetime.combine(wanted.since, time(), LOCAL)
    end = min(datetime.combine(wanted.until, time(), LOCAL), now)
    return max((end - begin).total_seconds() / 3600, 0.0)


def _by(found: Sequence[Interruption], key: Key) -> Mapping[str, Sequence[Interruption]]:
    parted: dict[str, list[Interruption]] = defaultdict(list)
    for one in found:
        parted[key(one)].append(one)
    return parted


def _unless_empty(line: Line) -> Iterator[Line]:
    if line.served or line.counted.outages or line.counted.momentary:
        yield line
