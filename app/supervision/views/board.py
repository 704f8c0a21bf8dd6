"""The live board of a department."""

from __future__ import annotations

from datetime import date, datetime

from flask import render_template
from flask.typing import ResponseReturnValue

from app.identity.session import current_actor
from app.kernel import clock
from app.supervision import labels
from app.supervision.queries.alerts import alerts
from app.supervision.queries.board import LIMIT_STATES, PERIODS, spans
from app.supervision.queries.board import board as counted
from app.supervision.queries.cases import cases
from app.supervision.queries.lists import Wanted, listed
from app.supervision.queries.words import bounds, words
from app.supervision.views.blueprint import blueprint
from app.supervision.views.chosen import chosen, frame
from app.web.access import requires
from app.workorders.labels import COLOUR, status_label

FEW = 10


@blueprint.get("/supervision")
@requires("order.supervise")
def board() -> ResponseReturnValue:
    """Counts of my line and units, what is past its limit, 督办 and alerts; fetched again when an order moves."""
    now = clock.now()
    picked = chosen(now)
    late, more = listed(Wanted(which="over"), picked.line, picked.view, actor=current_actor(), now=now, limit=FEW)
    return render_template(
        "supervision/board.html",
        **frame(picked),
        b=counted(picked.line, picked.view, now=now),
        late=late,
        more_late=more is not None,
        cases=cases(picked.line, picked.view, open_only=True)[:FEW],
        alerts=alerts(picked.line, picked.view, limit=FEW),
        rules=words("rule"),
        reasons=words("reason"),
        periods=PERIODS,
        spans={name: (since, until) for name, (_grain, since, until) in spans(now).items()}
        | {"month": month_span(now)},
        limit_states=LIMIT_STATES,
        ages=labels.ages(bounds()),
        labels=labels,
        status_label=status_label,
        colour=COLOUR,
        now=now,
    )


def month_span(now: datetime) -> tuple[date, date]:
    """First and last day of the present month so far."""
    _grain, _since, today = spans(now)["today"]
    return today.replace(day=1), today
