"""Storm mode: storms of an area, one storm with its counts, begin and end by hand, one estimate for an area."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.identity import authority
from app.identity import queries as people
from app.identity.session import acting, current_actor
from app.kernel import clock, db
from app.kernel.clock import LOCAL
from app.kernel.errors import Invalid
from app.kernel.i18n import localized
from app.outages import labels
from app.outages.operations import storms as operations
from app.outages.queries.playback import LONGEST
from app.outages.queries.storms import StormView, counts_of, storm_of, struck
from app.outages.queries.storms import storms as all_storms
from app.outages.rights import READ, STORM
from app.outages.views.blueprint import blueprint
from app.web.access import requires
from app.web.inputs import instant, text

MARGIN = timedelta(hours=1)
"""Played back before a storm and after it."""


@blueprint.get("/storms")
@requires("outage.storm", "outage.read")
def storms() -> ResponseReturnValue:
    """Storms of my units, and how it stands there now."""
    return _page()


@blueprint.post("/storms")
@requires("outage.storm")
def begin_storm() -> ResponseReturnValue:
    """Begin storm mode by hand."""
    try:
        number = operations.begin(text("unit"), name=text("name"), note=text("note"), **acting())
    except Invalid as refusal:
        db.session.rollback()
        return _page(errors=dict(refusal.details.get("errors") or {})), 422
    return redirect(url_for("outages.storm", number=number))


@blueprint.get("/storms/<number>")
@requires("outage.storm", "outage.read")
def storm(number: str) -> ResponseReturnValue:
    """One storm."""
    return _one(number)


@blueprint.post("/storms/<number>/<any(end, etr):act>")
@requires("outage.storm")
def storm_act(number: str, act: str) -> ResponseReturnValue:
    """End it, or set one estimate for an area."""
    try:
        if act == "end":
            operations.end(number, note=text("note"), **acting())
            flash(_("Storm mode is over."), "success")
        else:
            etr = instant("etr")
            if etr is None:
                message = _("Give a date and a time.")
                raise Invalid(message, errors={"etr": [message]})
            n = operations.mass_etr(number, text("unit"), etr, overwrite=bool(text("overwrite")), **acting())
            flash(_("%(n)s outages have a new estimate.", n=n), "success")
    except Invalid as refusal:
        db.session.rollback()
        return _one(number, errors=dict(refusal.details.get("errors") or {"etr": [refusal.message]})), 422
    return redirect(url_for("outages.storm", number=number))


def _page(errors: dict[str, object] | None = None) -> str:
    now = clock.now()
    actor = current_actor()
    paths = authority.paths(actor, READ, now=now)
    mine = authority.paths(actor, STORM, now=now)
    units = [unit for unit in people.subtree(mine, at=now) if unit.kind in {"city", "county"}] if mine else []
    return render_template(
        "outages/handling/storms.html",
        storms=all_storms(paths),
        units=[(unit.code, localized(unit.name, unit.name_en)) for unit in units],
        counts=[
            (localized(unit.name, unit.name_en), counts_of(unit.path, now=now)) for unit in units if unit.kind == "city"
        ],
        unit_name=_unit_name,
        errors=errors or {},
        values=request.form,
        labels=labels,
    )


def _one(number: str, errors: dict[str, object] | None = None) -> str:
    now = clock.now()
    found = storm_of(number) or abort(404)
    authority.require(current_actor(), READ, unit_path=found.unit_path, now=now)
    units = people.subtree([found.unit_path], at=now)
    return render_template(
        "outages/handling/storm.html",
        storm=found,
        counts=counts_of(found.unit_path, now=now),
        area=_unit_name(found),
        may=authority.may(current_actor(), STORM, unit_path=found.unit_path, now=now),
        units=[(unit.code, localized(unit.name, unit.name_en)) for unit in units],
        greeting=localized(found.greeting, found.greeting_en),
        struck=struck(found.id) if found.began_at else [],
        playback=_span(found, now),
        errors=errors or {},
        values=request.form,
        labels=labels,
    )


def _span(storm: StormView, now: datetime) -> dict[str, str]:
    """The time to play back: the storm with an hour before and after, at most what playback takes."""
    if storm.began_at is None:
        return {}
    begins = storm.began_at - MARGIN
    ends = min((storm.ended_at or now) + MARGIN, now, begins + LONGEST)
    return {name: at.astimezone(LOCAL).strftime("%Y-%m-%dT%H:%M") for name, at in (("from", begins), ("to", ends))}


def _unit_name(storm: StormView) -> str:
    unit = people.unit_by_path(storm.unit_path)
    return localized(unit.name, unit.name_en) if unit else storm.unit_code
