"""The tab of meters and use: 24 months as a chart, this year beside the last, by part of the day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _

from app.customers import page_labels as labels
from app.customers.queries.use import MonthUse, Use, use_of
from app.customers.queries.view import CustomerView
from app.customers.views.page_names import quantity
from app.kernel import clock
from app.web import charts

YEAR = 12


def use_context(view: CustomerView) -> dict[str, Any]:
    """What the tab shows, from two statements."""
    today = clock.now().astimezone(clock.LOCAL).date()
    use = use_of(view.id, until=today)
    measured = [month for month in use.months if month.days]
    return {
        "use": use,
        "picture": use_chart(use.months) if measured else None,
        "headings": [
            _("Month"),
            *(labels.label(labels.PART, part) for part in use.parts),
            _("Total (kWh)"),
            _("A year before"),
            _("Year on year"),
        ],
        "rows": use_rows(use),
        "year": _sum(use.months[-YEAR:]),
        "year_before": _sum(use.months[-2 * YEAR : -YEAR]),
    }


def use_chart(months: Sequence[MonthUse], *, width: int = 620) -> Any:
    """The last twelve months beside the twelve before, by part of the day."""
    parts = Use(months, [], []).parts
    recent, before = months[-YEAR:], months[-2 * YEAR : -YEAR]
    values = [
        {"category": _month(place.month), "group": group, "part": part, "value": float(month.parts.get(part, 0))}
        for group, row in (("before", before), ("now", recent))
        for place, month in zip(recent, row, strict=False)
        for part in parts
    ]
    return charts.stacked_columns(
        values,
        parts=[(part, labels.label(labels.PART, part)) for part in parts],
        groups=[("before", _("The year before")), ("now", _("Last 12 months"))],
        categories=[_month(month.month) for month in recent],
        unit=_("kWh"),
        width=width,
    )


def use_rows(use: Use) -> list[list[str]]:
    """The table beside the chart: newest first, with the same month a year before."""
    months = list(use.months)
    rows = []
    for place in range(len(months) - 1, YEAR - 1, -1):
        month, earlier = months[place], months[place - YEAR]
        parts = [quantity(month.parts.get(part)) for part in use.parts]
        rows.append(
            [
                f"{month.month:%Y-%m}",
                *parts,
                quantity(month.total if month.days else None),
                quantity(earlier.total if earlier.days else None),
                change(month, earlier),
            ]
        )
    return rows


def change(month: MonthUse, earlier: MonthUse) -> str:
    """By how many percent the use changed against a year before; empty where one of both is not known."""
    if not (month.days and earlier.days and earlier.total):
        return ""
    percent = (month.total / earlier.total - 1) * 100
    return f"{percent:+.1f} %"


def _sum(months: Sequence[MonthUse]) -> Decimal | None:
    known = [month.total for month in months if month.days]
    return sum(known, Decimal(0)) if known else None


def _month(month: date) -> str:
    return str(format_date(month, "LLL"))
