"""The list of 督办."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.supervision import labels
from app.supervision.queries.cases import cases as listed
from app.supervision.queries.words import words
from app.supervision.views.blueprint import blueprint
from app.supervision.views.chosen import chosen, frame
from app.web.access import requires
from app.web.inputs import text


@blueprint.get("/supervision/cases")
@requires("order.supervise")
def cases() -> ResponseReturnValue:
    """The 督办 of my line and units: under way, or closed."""
    now = clock.now()
    picked = chosen(now)
    closed = bool(text("closed"))
    return render_template(
        "supervision/cases.html",
        **frame(picked),
        cases=listed(picked.line, picked.view, open_only=not closed),
        closed=closed,
        reasons=words("reason"),
        labels=labels,
        now=now,
    )
