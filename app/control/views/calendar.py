"""The working calendar of a year: published holidays and make-up days, and the days declared otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.control.views.blueprint import blueprint, require_whole
from app.identity import session
from app.kernel import clock, db, settings
from app.kernel.calendar import days, operations
from app.kernel.clock import LOCAL
from app.kernel.errors import Invalid
from app.web.access import requires

YEARS = range(2000, 2100)


@dataclass(frozen=True, slots=True)
class Row:
    """A day that differs from its week; `declared` where an operator said so, `published` names the holiday."""

    date: date
    working: bool
    declared: bool
    note: str
    published: str
    published_en: str


@blueprint.get("/calendar")
@requires("calendar.manage")
def calendar() -> Any:
    """The days of a year that differ, and the form that declares one."""
    require_whole("calendar.manage")
    return _page(_year(), {})


@blueprint.post("/calendar")
@requires("calendar.manage")
def declare_day() -> Any:
    """Declare a day worked or free."""
    require_whole("calendar.manage")
    day = _day(request.form.get("date", ""))
    try:
        if day is None:
            raise Invalid(_("Choose a day."), errors={"date": [_("Choose a day.")]})
        working = request.form.get("working") == "1"
        note = request.form.get("note", "")
        operations.declare_day(day, working=working, note=note, actor=session.current_actor(), now=clock.now())
    except Invalid as refused:
        return _page(day.year if day else _year(), refused.details["errors"]), 422
    flash(_("The day is declared. Limits that run already keep their ends."), "success")
    return redirect(url_for("control.calendar", year=day.year))


@blueprint.post("/calendar/<day_text>/withdraw")
@requires("calendar.manage")
def withdraw_day(day_text: str) -> Any:
    """Return a day to the published calendar."""
    require_whole("calendar.manage")
    day = _day(day_text) or abort(404)
    operations.withdraw_day(day, actor=session.current_actor(), now=clock.now())
    flash(_("The day follows the published calendar again."), "success")
    return redirect(url_for("control.calendar", year=day.year))


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in YEARS else None


def _year() -> int:
    given = request.values.get("year", "")
    year = int(given) if given.isascii() and given.isdigit() and len(given) == 4 else 0
    return year if year in YEARS else clock.now().astimezone(LOCAL).year


def _rows(year: int) -> list[Row]:
    """Declared and published days together, by date; what is declared counts."""
    published = {special.date: special for special in days.special_days(year)}
    rows = {
        day: Row(day, special.working, False, "", special.name, special.name_en) for day, special in published.items()
    }
    for entry in operations.declared_days(year):
        known = published.get(entry.date)
        names = (known.name, known.name_en) if known else ("", "")
        rows[entry.date] = Row(entry.date, entry.working, True, entry.note, *names)
    return [rows[day] for day in sorted(rows)]


def _page(year: int, errors: Mapping[str, Any]) -> str:
    if errors:
        db.session.rollback()
    return render_template(
        "control/calendar.html",
        year=year,
        rows=_rows(year),
        is_published=days.is_published(date(year, 1, 1)),
        hours=settings.current().working_hours,
        errors=errors,
        values=request.form if errors else {},
        weekdays=[_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")],
    )
