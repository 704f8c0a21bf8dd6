"""Indicators by unit, category and month, each with the orders it was computed from."""

from __future__ import annotations

from datetime import date, datetime

from flask import render_template
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.clock import LOCAL
from app.supervision import labels
from app.supervision.models import PeriodCount
from app.supervision.queries.board import sums_by, sums_by_unit
from app.supervision.queries.sheet import following, previous
from app.supervision.queries.sums import INDICATORS
from app.supervision.views.blueprint import blueprint
from app.supervision.views.chosen import chosen, frame
from app.web.access import requires
from app.web.inputs import text

MONTHS = 12
ONE_DAY = date.resolution


@blueprint.get("/supervision/indicators")
@requires("order.supervise")
def indicators() -> ResponseReturnValue:
    """及时率, 退单率, 回访率, 满意率 and repeated calls of a month, and over the last twelve."""
    now = clock.now()
    picked = chosen(now)
    months = last_months(now)
    month = next((each for each in months if each.isoformat()[:7] == text("month")), months[0])
    total, by_unit = sums_by_unit(picked.line, picked.view, ("m", month, month))
    return render_template(
        "supervision/indicators.html",
        **frame(picked),
        month=month,
        months=months,
        last_day=following(month) - ONE_DAY,
        total=total,
        by_unit=[(row, by_unit[row.code]) for row in picked.view.rows if row.code in by_unit],
        by_category=sums_by(PeriodCount.category, picked.line, picked.view, ("m", month, month)),
        by_month=sums_by(PeriodCount.day, picked.line, picked.view, ("m", months[-1], months[0])),
        following=following,
        one_day=ONE_DAY,
        indicators=INDICATORS,
        labels=labels,
    )


def last_months(now: datetime) -> list[date]:
    """The first days of this month and the eleven before, newest first."""
    month = now.astimezone(LOCAL).date().replace(day=1)
    found = [month]
    while len(found) < MONTHS:
        found.append(previous(found[-1]))
    return found
