"""Calling back after restoration: everybody who is to be asked on one page, and what they said."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.identity import authority
from app.identity.session import acting
from app.kernel import clock
from app.outages import labels
from app.outages.operations import verifying
from app.outages.queries import outage_view
from app.outages.queries.handling import REVEAL, asked_counts, asked_of
from app.outages.views.blueprint import blueprint
from app.web.access import requires
from app.web.inputs import number as whole
from app.web.inputs import same_page, text

PAGE = 50


@blueprint.get("/<number>/verification")
@requires("outage.read")
def verification(number: str) -> ResponseReturnValue:
    """Who is to be asked whether supply is back, those who have not answered first."""
    found = outage_view(number, **acting())
    search, state, offset = text("search")[:100], text("state"), whole("after") or 0
    rows = asked_of(found.id, search=search, state=state, offset=offset, limit=PAGE + 1, **acting())
    return render_template(
        "outages/handling/verification.html",
        outage=found,
        asked=rows[:PAGE],
        counts=asked_counts(found.id),
        may_ask=authority.may(acting()["actor"], verifying.ASK, unit_path=found.unit_path, now=clock.now()),
        next=same_page(after=offset + PAGE) if len(rows) > PAGE else None,
        chosen={"search": search, "state": state},
        sees=bool(authority.paths(acting()["actor"], REVEAL, now=clock.now())),
        labels=labels,
    )


@blueprint.post("/<number>/verify/<int:verification>")
@requires("order.callback")
def verify(number: str, verification: int) -> ResponseReturnValue:
    """Note what a customer said."""
    said = text("said")
    nested = verifying.answer(verification, said, note=text("note"), **acting())
    if nested:
        flash(_("Outage %(number)s was made for the customer who is still out.", number=nested), "warning")
    else:
        flash(_("Noted: %(said)s.", said=labels.label(labels.VERIFICATION, said)), "success")
    if text("from") == "all":
        return redirect(url_for("outages.verification", number=number, search=text("search")[:100] or None))
    return redirect(url_for("outages.outage", number=number, _anchor="verification"))
