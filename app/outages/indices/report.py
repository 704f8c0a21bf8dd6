"""The indices of a unit and period as a reader asks for them: together, line by line, with and without major days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from app.identity.queries import UnitView
from app.kernel.clock import LOCAL
from app.outages.indices.counting import Interruption
from app.outages.indices.lines import Line, Lines
from app.outages.indices.major import Threshold, major_days, threshold
from app.outages.indices.periods import DAY
from app.outages.indices.rules import HOUSEHOLDS, Rules, rules
from app.outages.indices.serving import Served, serving
from app.outages.indices.wanted import Wanted, interruptions, minutes_by_day, still_out


@dataclass(frozen=True, slots=True)
class MajorYear:
    """The major event days of a year in the period. `saidi` is that of each, in minutes.

    `own`: nothing older is known, so that T_MED rests on the year itself.
    """

    year: int
    threshold: Threshold | None
    own: bool
    days: Sequence[date]
    saidi: Mapping[date, float]


@dataclass(frozen=True, slots=True)
class Report:
    """`total` counts everything asked for, `without_major` leaves major event days out (the same where there are none);
    `lines` follow what the reader chose of the two. `still_out` customers wait and are not counted yet."""

    wanted: Wanted
    rules: Rules
    total: Line
    without_major: Line
    lines: Sequence[Line]
    major: Sequence[MajorYear]
    still_out: int
    found: Sequence[Interruption]

    @property
    def cemi(self) -> tuple[int, bool]:
        """n, and whether customers with more than n count (else with at least n)."""
        n, more_than = self.wanted.n, self.wanted.more_than
        return n or self.rules.cemi_n, self.rules.cemi_more_than if more_than is None else more_than

    @property
    def major_days(self) -> list[date]:
        return [day for year in self.major for day in year.days]


def report(wanted: Wanted, units: Sequence[UnitView], *, now: datetime) -> Report:
    """The indices. `units` are those a reader may see, for lines by unit."""
    rules_ = rules()
    lines = Lines(wanted, rules_, serving(wanted.basis, unit_path=wanted.unit.path), now)
    major = major_years(wanted, rules_, lines.serving.of(wanted.unit.path), today=now.astimezone(LOCAL).date())
    days = frozenset(day for year in major for day in year.days)
    every = interruptions(wanted, rules_, with_members=wanted.basis == HOUSEHOLDS)
    ordinary = [one for one in every if one.day not in days]
    n_t = lines.served(wanted)
    shown = ordinary if wanted.without_major else every
    return Report(
        wanted=wanted,
        rules=rules_,
        total=lines.line("", wanted, every, n_t),
        without_major=lines.line("", replace(wanted, without_major=True), ordinary, n_t),
        lines=list(lines.of(shown, units)),
        major=major,
        still_out=still_out(wanted, rules_),
        found=shown,
    )


def major_years(wanted: Wanted, rules_: Rules, n_t: Served, *, today: date) -> list[MajorYear]:
    """T_MED and the major event days of each year that the period touches; of the unit, whatever is filtered."""
    if wanted.since >= wanted.until:
        return []
    first, last = wanted.since.year, (wanted.until - DAY).year
    minutes = minutes_by_day(wanted, rules_, date(first - rules_.years, 1, 1), date(last + 1, 1, 1))
    daily = {day: sum_ / n_t.of(day) for day, sum_ in minutes.items() if n_t.of(day)}
    return [_major_year(wanted, rules_, year, daily, today) for year in range(first, last + 1)]


def _major_year(wanted: Wanted, rules_: Rules, year: int, daily: Mapping[date, float], today: date) -> MajorYear:
    begin, end = date(year, 1, 1), date(year + 1, 1, 1)
    before = date(year - rules_.years, 1, 1)
    found = threshold(daily, since=before, until=begin, betas=rules_.betas)
    own = found is None
    if found is None:
        found = threshold(daily, since=begin, until=min(end, today + DAY), betas=rules_.betas)
    here = {day: saidi for day, saidi in daily.items() if max(begin, wanted.since) <= day < min(end, wanted.until)}
    days = major_days(here, found)
    return MajorYear(year, found, own, days, {day: here[day] for day in days})
