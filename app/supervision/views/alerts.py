"""Alerts: looked at, acknowledged."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.identity import queries as people
from app.identity.session import acting
from app.kernel import clock
from app.kernel.i18n import localized
from app.supervision import labels
from app.supervision.operations.alerts import acknowledge
from app.supervision.queries.alerts import alerts as listed
from app.supervision.queries.words import words
from app.supervision.views.blueprint import blueprint
from app.supervision.views.chosen import chosen, frame
from app.web.access import requires
from app.web.inputs import text


@blueprint.get("/supervision/alerts")
@requires("order.supervise")
def alerts() -> ResponseReturnValue:
    """What the rules raised in my line and units."""
    picked = chosen(clock.now())
    done = bool(text("done"))
    found = listed(picked.line, picked.view, acknowledged=done)
    names = people.users_named({row.acknowledged_by for row in found if row.acknowledged_by})
    return render_template(
        "supervision/alerts.html",
        **frame(picked),
        alerts=found,
        done=done,
        rules=words("rule"),
        people={name: localized(user.name, user.name_en) for name, user in names.items()},
        labels=labels,
    )


@blueprint.post("/supervision/alerts/<int:alert_id>")
@requires("order.supervise")
def acknowledge_alert(alert_id: int) -> ResponseReturnValue:
    """Say what is done about an alert."""
    acknowledge(alert_id, note=text("note"), **acting())
    flash(_("The alert is acknowledged."), "success")
    return redirect(url_for("supervision.alerts", line=text("line"), unit=text("unit")))
