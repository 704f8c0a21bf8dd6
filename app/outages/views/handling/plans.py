"""Planned outages: the calendar and list of an area, and the form that asks for one after showing what it would do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.customers.page_labels import IMPORTANCE
from app.identity import authority
from app.identity.session import acting, current_actor
from app.kernel import clock, db
from app.kernel.clock import LOCAL
from app.kernel.errors import Invalid
from app.kernel.i18n import format_when
from app.network import grid
from app.outages import labels
from app.outages.operations import planning
from app.outages.operations.planning import MOST_DEVICES, PlanRequest
from app.outages.queries.handling import planned
from app.outages.queries.judging_plans import Judgement
from app.outages.rights import PLAN, READ
from app.outages.views.blueprint import blueprint
from app.outages.views.handling.choices import devices_like
from app.web.access import requires
from app.web.inputs import day, instant, text

WEEKS = 5
NATURES = ("planned", "temporary", "orderly")
STATES = (
    "drafted",
    "reviewed",
    "approved",
    "noticed",
    "switching",
    "partially_restored",
    "verifying",
    "closed",
    "cancelled",
)


@blueprint.get("/plans")
@requires("outage.plan", "outage.read")
def plans() -> ResponseReturnValue:
    """Five weeks of planned outages, as a calendar and as a list."""
    now = clock.now()
    today = now.astimezone(LOCAL).date()
    first = day("from") or today - timedelta(days=today.weekday())
    last = first + timedelta(weeks=WEEKS)
    found = planned(
        authority.paths(current_actor(), READ, now=now),
        begin=_midnight(first),
        end=_midnight(last),
        status=text("status"),
    )
    days = [first + timedelta(days=n) for n in range(7 * WEEKS)]
    on = {each: [one for one in found if _touches(one.begins_at, one.ends_at, each)] for each in days}
    return render_template(
        "outages/handling/plans.html",
        lines=found,
        weeks=[days[n : n + 7] for n in range(0, len(days), 7)],
        on=on,
        today=today,
        first=first,
        earlier=first - timedelta(weeks=WEEKS),
        later=last,
        may_plan=bool(authority.paths(current_actor(), PLAN, now=now)),
        status=text("status"),
        states=[("", _("All states"))] + [(each, labels.label(labels.STATUS, each)) for each in STATES],
        labels=labels,
    )


@blueprint.get("/plans/new")
@requires("outage.plan")
def new_plan() -> ResponseReturnValue:
    """The form; with devices and times it shows what the outage would do."""
    return _form(look=bool(text("look")))


@blueprint.post("/plans/new")
@requires("outage.plan")
def request_plan() -> ResponseReturnValue:
    """Ask for the outage."""
    try:
        number = planning.request_outage(_asked(), **acting())
    except Invalid as refusal:
        db.session.rollback()
        return _form(errors=_errors(refusal)), 422
    flash(_("Outage %(number)s is asked for: it goes to its review.", number=number), "success")
    return redirect(url_for("outages.outage", number=number))


def _form(*, look: bool = False, errors: Mapping[str, Any] | None = None) -> str:
    now = clock.now()
    found: Judgement | None = None
    errors = dict(errors or {})
    if look:
        try:
            found = planning.look(_asked(), **acting())
        except Invalid as refusal:
            errors = _errors(refusal)
    seen = grid.current(now)
    chosen = [(code, seen.called(code)) for code in _codes()]
    return render_template(
        "outages/handling/new_plan.html",
        values=request.values,
        chosen=chosen,
        offered=devices_like(text("search"), paths=authority.paths(current_actor(), PLAN, now=now), now=now),
        found=found,
        errors=errors,
        natures=[(each, labels.label(labels.NATURE, each)) for each in NATURES],
        works=[(each, str(word)) for each, word in labels.WORK.items()],
        shown=shown,
        importance=importance,
        span=labels.span_words,
        labels=labels,
    )


def _asked() -> PlanRequest:
    begins, ends = instant("begins_at"), instant("ends_at")
    missing = {
        name: [_("Give a date and a time.")]
        for name, found in (("begins_at", begins), ("ends_at", ends))
        if found is None
    }
    if begins is None or ends is None:
        raise Invalid(_("The planned outage cannot be so."), errors=missing)
    return PlanRequest(
        devices=_codes(),
        begins_at=begins,
        ends_at=ends,
        nature=text("nature") or "planned",
        work=text("work") or "maintenance",
        reason=text("reason")[:300],
    )


def _codes() -> list[str]:
    given = [one[:64] for one in request.values.getlist("devices") if one]
    return list(dict.fromkeys(given))[: MOST_DEVICES + 1]


def _errors(refusal: Invalid) -> dict[str, Any]:
    return dict(refusal.details.get("errors") or {"devices": [refusal.message]})


def shown(value: str) -> str:
    """An ISO instant as people read it."""
    return format_when(datetime.fromisoformat(value)) if value else ""


def importance(word: str) -> str:
    """A grade of importance in words."""
    return str(IMPORTANCE.get(word, word))


def _midnight(of: date) -> datetime:
    return datetime(of.year, of.month, of.day, tzinfo=LOCAL)


def _touches(begins: datetime, ends: datetime, of: date) -> bool:
    return begins < _midnight(of + timedelta(days=1)) and ends > _midnight(of)
