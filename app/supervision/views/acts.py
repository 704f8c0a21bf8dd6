"""What a department does to an order, as posts of the order's page."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.identity.session import acting
from app.supervision.operations.supervising import Request
from app.supervision.operations.supervising import supervise as issue
from app.supervision.operations.supervising import withdraw as take_back
from app.supervision.operations.taking import hand_back as give_back
from app.supervision.operations.taking import take_over as take
from app.supervision.views.blueprint import blueprint
from app.web.access import requires
from app.web.inputs import text


@blueprint.post("/supervision/orders/<number>/supervise")
@requires("order.supervise")
def supervise(number: str) -> ResponseReturnValue:
    """Issue a 督办."""
    row = issue(number, Request(reason=text("reason"), grade=text("grade"), text=text("text")), **acting())
    flash(_("Supervision %(number)s is issued; the head of the unit has been asked.", number=row.number), "success")
    return redirect(url_for("workorders.order", number=number))


@blueprint.post("/supervision/cases/<number>/withdraw")
@requires("order.supervise")
def withdraw(number: str) -> ResponseReturnValue:
    """Take a 督办 back."""
    take_back(number, note=text("note"), **acting())
    flash(_("Supervision %(number)s is withdrawn.", number=number), "success")
    return redirect(url_for("workorders.order", number=text("order")))


@blueprint.post("/supervision/orders/<number>/take-over")
@requires("order.supervise")
def take_over(number: str) -> ResponseReturnValue:
    """Take the order over from its unit."""
    take(number, reason=text("reason"), **acting())
    flash(_("You have taken order %(number)s over; its tasks are in your inbox.", number=number), "success")
    return redirect(url_for("workorders.order", number=number))


@blueprint.post("/supervision/orders/<number>/hand-back")
@requires("order.supervise")
def hand_back(number: str) -> ResponseReturnValue:
    """Give the order back to its unit."""
    give_back(number, note=text("note"), **acting())
    flash(_("Order %(number)s is handed back.", number=number), "success")
    return redirect(url_for("workorders.order", number=number))
