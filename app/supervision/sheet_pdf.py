"""Draw a monthly supervision sheet as a PDF, in the language in force."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask_babel import format_date
from flask_babel import gettext as _

from app.kernel.i18n import localized
from app.supervision import labels
from app.supervision.queries.sheet import Sheet
from app.supervision.queries.sums import INDICATORS
from app.supervision.queries.words import words
from app.web import charts, pdf
from app.workorders.labels import status_label
from app.workorders.queries.tree import kinds

ON_TIME, LATE, OTHER = "on_time", "late", "other"


def draw(found: Sheet) -> bytes:
    """The PDF."""
    names = {each.code: localized(each.name, each.name_en) for each in kinds()}
    html = render_template(
        "supervision/sheet.html",
        s=found,
        month=format_date(found.month, "yyyy-MM"),
        unit=localized(found.unit.name, found.unit.name_en),
        names=names,
        picture=_by_category(found, names) if found.total.orders or found.before.orders else None,
        days=_by_day(found) if found.days else None,
        indicators=INDICATORS,
        reasons=words("reason"),
        labels=labels,
        status_label=status_label,
        localized=localized,
    )
    return pdf.from_html(html)


def _by_category(found: Sheet, names: dict[str, str]) -> Any:
    """Orders by category, beside those of the month before, stacked by how their limits were kept."""
    parts = [(ON_TIME, str(_("In time"))), (LATE, str(_("Missed"))), (OTHER, str(_("Not judged yet")))]
    groups = [("before", str(_("Month before"))), ("now", str(_("This month")))]
    rows = [
        {"category": names.get(code, code), "group": group, "part": part, "value": value}
        for group, sums in (("before", found.categories_before), ("now", found.categories))
        for code, one in sums.items()
        for part, value in ((ON_TIME, one.on_time), (LATE, one.late), (OTHER, one.orders - one.due))
    ]
    categories = [names.get(code, code) for code in sorted({*found.categories, *found.categories_before})]
    return charts.stacked_columns(
        rows, parts=parts, groups=groups, categories=categories, unit=str(_("Orders counted"))
    )


def _by_day(found: Sheet) -> Any:
    rows = [{"category": str(day.day), "value": float(found.days[day].orders)} for day in sorted(found.days)]
    return charts.columns_against_line(rows, level=None, level_label="", unit=str(_("Orders counted")))
