"""A week of the roster (排班表): look, write, copy the week before."""

from __future__ import annotations

from datetime import date, timedelta

import babel.dates
from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.identity import authority
from app.identity import queries as people
from app.identity.session import current_actor
from app.kernel import clock, db
from app.kernel.clock import LOCAL
from app.kernel.errors import Conflict, Invalid
from app.kernel.i18n import current_locale, localized
from app.web.access import requires
from app.web.inputs import day as day_of
from app.web.redirects import go
from app.workorders import operations, spans
from app.workorders.operations.shifts import WEEK, Span, monday
from app.workorders.queries.crews import CrewView, crews_under
from app.workorders.queries.roster import shifts, shifts_now
from app.workorders.queries.scope import READ
from app.workorders.views.blueprint import blueprint
from app.workorders.views.inputs import acting

DAYS = 7


@blueprint.get("/crews/roster")
@requires("order.read")
def roster() -> ResponseReturnValue:
    """The shifts of a week; those who manage crews write in the cells."""
    return _page({})


@blueprint.post("/crews/roster")
@requires("crew.manage")
def write_roster() -> ResponseReturnValue:
    """Write the cells that were changed."""
    first = _week()
    written: dict[str, str] = {}
    wrong: dict[str, str] = {}
    cells: dict[tuple[int, date], list[Span]] = {}
    for crew in _crews("crew.manage"):
        for day in _days(first):
            name = cell_name(crew.id, day)
            given = request.form.get(name)
            if given is None or given.strip() == request.form.get(f"was_{name}", "").strip():
                continue
            written[name] = given
            try:
                cells[crew.id, day] = spans.read(given[:200])
            except spans.NotAShift:
                wrong[name] = _("Write a shift as 08:00-20:00.")
    if not wrong:
        try:
            changed = operations.write_roster(cells, **acting())
            flash(
                ngettext("%(num)s day of the roster changed.", "%(num)s days of the roster changed.", changed),
                "success",
            )
            return go(url_for("workorders.roster", week=first.isoformat()))
        except (Conflict, Invalid) as refused:
            db.session.rollback()
            wrong[""] = str(refused.message)
    return _page(written, wrong), 422


@blueprint.post("/crews/roster/copy")
@requires("crew.manage")
def copy_roster() -> ResponseReturnValue:
    """Fill this week's empty days with the week before."""
    first = _week()
    ids = [crew.id for crew in _crews("crew.manage")]
    copied = operations.copy_week(ids, source=first - WEEK, target=first, **acting())
    flash(ngettext("%(num)s shift copied.", "%(num)s shifts copied.", copied), "success")
    return go(url_for("workorders.roster", week=first.isoformat()))


def cell_name(crew_id: int, day: date) -> str:
    """What the field of a crew's day is called in the form."""
    return f"s_{crew_id}_{day.isoformat()}"


def _page(written: dict[str, str], wrong: dict[str, str] | None = None) -> str:
    now, first = clock.now(), _week()
    crews = _crews(READ)
    manageable = authority.paths(current_actor(), "crew.manage", now=now)
    ids = [crew.id for crew in crews]
    found = shifts(ids, first, first + WEEK)
    units = people.units_by_code({crew.unit_code for crew in crews}, at=now)
    return render_template(
        "workorders/roster.html",
        crews=crews,
        days=_days(first),
        today=now.astimezone(LOCAL).date(),
        cells={
            cell_name(crew.id, day): spans.shown((s.begins_at, s.ends_at) for s in found.get((crew.id, day), ()))
            for crew in crews
            for day in _days(first)
        },
        cell_name=cell_name,
        short={day: f"{day.month}/{day.day}" for day in _days(first)},
        weekday={day: babel.dates.format_date(day, "EEE", locale=current_locale()) for day in _days(first)},
        written=written,
        wrong=wrong or {},
        on_shift=shifts_now(ids, at=now),
        may_edit={crew.id: any(crew.unit_path.startswith(path) for path in manageable) for crew in crews},
        unit={code: localized(unit.name, unit.name_en) for code, unit in units.items()},
        week=first,
        before=first - WEEK,
        after=first + WEEK,
    )


def _week() -> date:
    return monday(day_of("week") or clock.now().astimezone(LOCAL).date())


def _days(first: date) -> list[date]:
    return [first + timedelta(days=count) for count in range(DAYS)]


def _crews(permission: str) -> list[CrewView]:
    found = crews_under(authority.paths(current_actor(), permission, now=clock.now()))
    return sorted(found, key=lambda crew: (crew.unit_code, crew.name))
