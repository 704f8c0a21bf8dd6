"""The orders behind a number."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from app.identity.session import current_actor
from app.kernel import clock
from app.supervision import labels
from app.supervision.queries.lists import Wanted, listed
from app.supervision.views.blueprint import blueprint
from app.supervision.views.chosen import chosen, frame
from app.web.access import requires
from app.web.inputs import day, number, same_page, text
from app.workorders.labels import COLOUR, status_label


@blueprint.get("/supervision/orders")
@requires("order.supervise")
def orders() -> ResponseReturnValue:
    """The orders of a number of the board or of an indicator, newest first."""
    now = clock.now()
    picked = chosen(now)
    which = text("which") if text("which") in labels.MEASURE else "open"
    wanted = Wanted(
        which=which,
        status=text("status"),
        age=number("age"),
        category=text("category"),
        since=day("since"),
        until=day("until"),
    )
    rows, after = listed(wanted, picked.line, picked.view, actor=current_actor(), now=now, after=number("after"))
    return render_template(
        "supervision/orders.html",
        **frame(picked),
        rows=rows,
        wanted=wanted,
        title=labels.MEASURE[which],
        next_url=same_page(after=after) if after else None,
        first_url=same_page() if text("after") else None,
        labels=labels,
        status_label=status_label,
        colour=COLOUR,
    )
