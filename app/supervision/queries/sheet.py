"""What a monthly supervision sheet says: the numbers of a line and unit, compared with the month before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.identity.queries import UnitView
from app.kernel.actor import SYSTEM
from app.kernel.clock import LOCAL
from app.supervision.models import PeriodCount
from app.supervision.queries.board import sums_by, sums_by_unit
from app.supervision.queries.cases import CaseView, cases_issued
from app.supervision.queries.lines import Line
from app.supervision.queries.lists import Listed, Wanted, listed
from app.supervision.queries.sums import Sums
from app.supervision.queries.tree import look

MOST = 50


@dataclass(frozen=True, slots=True)
class Sheet:
    """`late`, `repeated` and `returned` name at most 50 orders each, without their persons."""

    line: Line
    unit: UnitView
    month: date
    total: Sums
    before: Sums
    units: Sequence[tuple[UnitView, Sums, Sums]]
    categories: Mapping[str, Sums]
    categories_before: Mapping[str, Sums]
    days: Mapping[date, Sums]
    late: Sequence[Listed]
    repeated: Sequence[Listed]
    returned: Sequence[Listed]
    cases: Sequence[CaseView]


def sheet(line: Line, unit: UnitView, month: date, *, now: datetime) -> Sheet:
    """The month that begins on `month` (its first day), local time."""
    view = look(SYSTEM, unit.code, now=now)
    last, end = previous(month), following(month) - timedelta(days=1)
    total, by_unit = sums_by_unit(line, view, ("m", month, month))
    before, by_unit_before = sums_by_unit(line, view, ("m", last, last))

    def orders(which: str) -> Sequence[Listed]:
        wanted = Wanted(which=which, since=month, until=end)
        return listed(wanted, line, view, actor=SYSTEM, now=now, limit=MOST)[0]

    return Sheet(
        line=line,
        unit=unit,
        month=month,
        total=total,
        before=before,
        units=[(row, by_unit.get(row.code, Sums()), by_unit_before.get(row.code, Sums())) for row in view.rows],
        categories=sums_by(PeriodCount.category, line, view, ("m", month, month)),
        categories_before=sums_by(PeriodCount.category, line, view, ("m", last, last)),
        days=sums_by(PeriodCount.day, line, view, ("d", month, end)),
        late=orders("late"),
        repeated=orders("repeated"),
        returned=orders("returned"),
        cases=cases_issued(line, view, since=_begin(month), until=_begin(following(month))),
    )


def previous(month: date) -> date:
    """The first day of the month before."""
    return (month - timedelta(days=1)).replace(day=1)


def following(month: date) -> date:
    """The first day of the month after."""
    return (month + timedelta(days=32)).replace(day=1)


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=LOCAL)
