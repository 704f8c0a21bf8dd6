"""Charts of indices: what each part of the period adds to SAIDI or AIHC-1, by nature."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from flask_babel import format_date
from markupsafe import Markup

from app.outages.indices import labels
from app.outages.indices.periods import first_day, parts
from app.outages.indices.report import Report
from app.outages.indices.rules import HOUSEHOLDS
from app.outages.labels import NATURE
from app.web import charts

DAYS, MONTHS = 62, 800
"""Periods up to so many days are shown by day, up to so many by month, longer ones by year."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing with its figures as rows of texts; `index` is what it shows."""

    drawing: Markup
    index: str
    headings: list[str]
    rows: list[list[str]]


def picture(found: Report) -> Picture | None:
    """The chart of a report; None where nothing was interrupted or nobody is served."""
    wanted, limit = found.wanted, found.rules.momentary[found.wanted.basis]
    served, hourly = found.total.served, wanted.basis != HOUSEHOLDS
    sustained = [one for one in found.found if one.minutes > limit]
    if not sustained or not served:
        return None
    by = "day" if wanted.days <= DAYS else "month" if wanted.days <= MONTHS else "year"
    sums: dict[tuple[date, str], float] = defaultdict(float)
    for one in sustained:
        sums[first_day(one.day, by), one.nature] += one.minutes * one.customers / served / (60 if hourly else 1)
    natures = [code for code in NATURE if any(nature == code for _day, nature in sums)]
    days = [first_day(since, by) for since, _until in parts(wanted.since, wanted.until, by)]
    names = {day: format_date(day, {"day": "MM-dd", "month": "yyyy-MM", "year": "yyyy"}[by]) for day in days}
    index = "aihc1" if hourly else "saidi"
    drawing = charts.stacked_columns(
        [
            {"category": names[day], "group": "all", "part": nature, "value": sums.get((day, nature), 0.0)}
            for day in days
            for nature in natures
            if sums.get((day, nature)) or nature == natures[0]  # what is nothing would be drawn as a line
        ],
        parts=[(code, labels.nature(code)) for code in natures],
        groups=[("all", "")],
        categories=list(names.values()),
        unit=f"{labels.SHORT[index]} ({labels.unit(index)})",
        width=720,
    )
    rows = [
        [names[day], *(labels.shown(index, sums.get((day, nature), 0.0)) for nature in natures)]
        for day in days
        if any(sums.get((day, nature)) for nature in natures)
    ]
    return Picture(drawing, index, ["", *(labels.nature(code) for code in natures)], rows)
