"""`/track`: a customer asks where their order stands. Public, bounded by rate, tells no personal data."""

from __future__ import annotations

from flask import Response, make_response, render_template, request
from flask_babel import lazy_gettext as _l

from app.web.access import public
from app.web.security import limiter
from app.workorders.queries.tracking import NUMBER, track
from app.workorders.views.blueprint import blueprint
from app.workorders.views.inputs import text

PLAIN = {
    "NEW": _l("We have your report and are sending it to a crew."),
    "RETURNED": _l("We have your report and are sending it to a crew."),
    "TRANSFERRED": _l("We have your report and are sending it to a crew."),
    "DISPATCHED": _l("Your report is with a repair crew."),
    "ACCEPTED": _l("A repair crew has taken your report."),
    "EN_ROUTE": _l("The crew is on its way."),
    "ARRIVED": _l("The crew is on site."),
    "SURVEYED": _l("The crew has found the fault and is about to mend it."),
    "REPAIRING": _l("The crew is mending the fault."),
    "RESTORED": _l("The crew has finished. Power should be back."),
    "REPLIED": _l("The crew has finished. Power should be back."),
    "REVIEWED": _l("The crew has finished. We will call you back."),
    "CALLED_BACK": _l("We have called you back. Thank you."),
    "ARCHIVED": _l("Your order is finished. Thank you."),
    "SUSPENDED": _l("The work rests at present. We will go on as soon as we can."),
    "MERGED": _l("Your report is handled together with others of the same fault."),
    "CANCELLED": _l("The order was withdrawn."),
}
"""What a state means to the customer."""

MILESTONES = {
    "accepted": _l("Report received"),
    "dispatched": _l("Sent to a crew"),
    "left": _l("Crew on the way"),
    "arrived": _l("Crew on site"),
    "restored": _l("Work finished"),
    "archived": _l("Order finished"),
}

DONE = frozenset({"RESTORED", "REPLIED", "REVIEWED", "CALLED_BACK", "ARCHIVED", "CANCELLED"})


def _order() -> str:
    """Wrong digits are counted for the order, wherever they come from: four digits are soon tried out."""
    return "track:" + request.form.get("number", "").replace(" ", "").upper()[:NUMBER]


def _missed(response: Response) -> bool:
    return response.status_code == 404


@blueprint.get("/track")
@public
def tracking() -> str:
    """The two fields."""
    return render_template("workorders/track.html", number=text("number")[:NUMBER], found=None, missed=False)


@blueprint.post("/track")
@public
@limiter.limit("20/minute")
@limiter.limit(
    "10/hour", key_func=lambda: f"track:{request.form.get('number', '')[:NUMBER].strip().upper()}", deduct_when=_missed
)
def tracked() -> Response:
    """Where the order stands; a wrong number and wrong digits are answered alike."""
    number = text("number")
    found = track(number, text("digits"))
    page = render_template(
        "workorders/track.html",
        number=number[:NUMBER],
        found=found,
        missed=found is None,
        plain=PLAIN,
        milestones=MILESTONES,
        done=DONE,
    )
    response = make_response(page, 200 if found else 404)
    response.cache_control.no_store = True
    return response
